"""The coordinator's overview: who may, whose region, the figures, statements that do not grow, files, reminders."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.audit.log import traces_of
from harapan.core.components import Component
from harapan.database import day
from harapan.fieldwork.candidates import PutForward, give_village, put_forward
from harapan.fieldwork.models import TaskAnswer
from harapan.fieldwork.overview import Figure, facility_months, meetings
from harapan.registry.models import Facility, Family, Group
from harapan.verification.models import Declaration, FacilityMonth
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG
from tests.fieldwork.conftest import TODAY, Field, a_family, field, village, world  # noqa: F401
from tests.fieldwork.test_reports import session
from tests.web.signing import person, signed_in
from tests.web.stage_ground import queries, words
from tests.web.test_english import english, leftovers

VIEWS = ("pendamping", "kelompok", "tempat", "desa")
DISTRICT = 6305030000
MARCH = "2025-03"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)


def school(field: Field, code: str = "301", village: int = HIYUNG) -> Facility:  # noqa: F811
    """A school with one pupil of that village's group."""
    made = Facility.objects.create(
        kind="school", code=code, name=f"SDN {code}", name_key=f"SDN {code}", region_id=village
    )
    field.world.family((Component.PRIMARY, {"facility": made}), village=village, name=f"KELUARGA MURID {code}")
    return made


def declare(field: Field, facility: Facility, month: int = 202503) -> None:  # noqa: F811
    Declaration.objects.create(
        facility=facility, month=month, group_no=field.group.pk, district_no=DISTRICT,
        manner=FacilityMonth.Manner.ALL_BUT, declared_by=field.facilitator.user,
        declared_at=datetime(2025, 4, 1, tzinfo=UTC),
    )  # fmt: skip


def by(view: str) -> str:
    return reverse("overview_by", args=[view])


def reminders(field: Field) -> int:  # noqa: F811
    """How often the log says that one was prepared for the facilitator."""
    return sum(trace.verb == "reminder.prepared" for trace in traces_of("user", field.facilitator.user_id))


def rows(page: Client, view: str, **query: str) -> dict[str, list[str]]:
    """Name -> the rest of its line in the csv of the view."""
    answer: Any = page.get(reverse("overview_file", args=[view, "csv"]), query)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return {line[0]: line[1:] for line in list(csv.reader(io.StringIO(text), delimiter=";"))[1:]}


@pytest.mark.parametrize("role", ["facilitator", "treasurer", "list_operator", "auditor"])
def test_only_who_leads_or_looks_after_a_region_reads_it(field: Field, role: str) -> None:  # noqa: F811
    page = signed_in(person(role, regions=(DISTRICT,), groups=(field.group.pk,)))
    for address in (
        reverse("overview"), by("kelompok"), reverse("overview_file", args=["desa", "csv"]),
        reverse("overview_remind", args=[field.facilitator.user_id]),
    ):  # fmt: skip
        assert page.get(address).status_code == 404


@pytest.mark.parametrize(
    "role", ["district_lead", "regency_coordinator", "data_officer", "regency_office"]
)  # fmt: skip
def test_a_reader_sees_the_own_region_alone(field: Field, role: str) -> None:  # noqa: F811
    school(field)
    school(field, "309", BAMBAN)
    page = signed_in(person(role, regions=(DISTRICT if role == "district_lead" else 6305000000,)))
    assert "SITI RAHMAH" in words(page.get(reverse("overview")))
    for view, ours, foreign in (
        ("pendamping", "SITI RAHMAH", "Pendamping 3"), ("kelompok", field.group.name, "Kelompok 3"),
        ("tempat", "SDN 301", "SDN 309"),
    ):  # fmt: skip
        shown = words(page.get(by(view)))
        assert ours in shown
        assert foreign not in shown
    assert page.get(by("wilayah")).status_code == 404
    stranger = Group.objects.get(region=BAMBAN).facilitator
    assert stranger is not None
    assert page.get(reverse("overview_remind", args=[stranger.pk])).status_code == 404


def test_a_province_reads_by_regency_and_opens_one(field: Field) -> None:  # noqa: F811
    declared = school(field)
    school(field, "309", BAMBAN)
    FacilityMonth.objects.create(
        facility=declared, month=202503, manner=FacilityMonth.Manner.ALL_BUT, declared_by=field.facilitator.user,
        declared_at=datetime(2025, 4, 1, tzinfo=UTC),
    )  # fmt: skip
    page = signed_in(person("province_coordinator", regions=(6300000000,)))
    found = rows(page, "wilayah", month=MARCH)
    ours = next(line for name, line in found.items() if "Tapin" in name)
    other = next(line for name, line in found.items() if "Tapin" not in name)
    assert ours[1:] == ["2", "0", "2", "2", "1", "1", "0", "0"]
    assert other[1:] == ["1", "0", "1", "1", "1", "0", "1", "1"]
    shown = words(page.get(reverse("overview")))
    assert f"{by('pendamping')}?region=6305000000" in shown
    assert "Pendamping 3" not in words(page.get(by("pendamping"), {"region": "6305000000"}))


def test_a_month_is_done_missing_or_late(field: Field) -> None:  # noqa: F811
    """March is over for both; May is running; of April the schools still have time."""
    declare(field, school(field, "301"))
    school(field, "302")
    session(field)
    group = field.group.pk
    assert meetings([group], "2025-05", on=TODAY) == {group: Figure(1, 1, 0)}
    assert meetings([group], MARCH, on=TODAY) == {group: Figure(1, 0, 1)}
    assert facility_months([group], MARCH, on=TODAY) == {group: Figure(2, 1, 1)}
    assert facility_months([group], "2025-04", on=date(2025, 5, 14)) == {group: Figure(2, 0, 0)}
    assert facility_months([group], "2025-04", on=date(2025, 5, 15)) == {group: Figure(2, 0, 2)}
    field.group.since = date(2025, 4, 1)
    field.group.save()
    assert meetings([group], MARCH, on=TODAY) == {}


def test_the_views_say_the_same_of_the_same_records(field: Field) -> None:  # noqa: F811
    declare(field, school(field, "301"))
    school(field, "302")
    session(field)
    page = signed_in(field.lead)
    verified = ["2", "1", "1", "1"]
    assert rows(page, "pendamping", month=MARCH)["SITI RAHMAH"] == ["", "1", "0", "1", "1", *verified]
    assert rows(page, "kelompok", month=MARCH)[field.group.name][1:] == ["1", "0", "1", "1", *verified]
    assert rows(page, "desa", month=MARCH, region=str(HIYUNG)).popitem()[1][1:] == ["1", "0", "1", "1", *verified]
    facilities = rows(page, "tempat", month=MARCH)
    assert facilities["SDN 301"][1:] == ["1", "1", "0", "0"]
    assert facilities["SDN 302"][1:] == ["1", "0", "1", "1"]
    now = rows(page, "pendamping")["SITI RAHMAH"]
    assert now[1:5] == ["1", "1", "0", "0"]
    assert int(now[9]) >= int(now[10])
    assert rows(page, "tempat", facilitator=str(field.colleague.user_id)) == {}


def test_open_tasks_are_those_of_the_kind_chosen(field: Field) -> None:  # noqa: F811
    page = signed_in(field.lead)
    of_kind = rows(page, "pendamping", kind="behaviours")["SITI RAHMAH"]
    assert of_kind[9:] == ["4", "0"]
    assert int(rows(page, "pendamping")["SITI RAHMAH"][9]) > 4
    assert f"?petugas={field.facilitator.user_id}&amp;kind=behaviours" in words(
        page.get(by("pendamping"), {"kind": "behaviours"})
    )


def test_every_figure_leads_to_what_it_counts(field: Field) -> None:  # noqa: F811
    school(field)
    page = signed_in(field.lead)
    for view in VIEWS:
        for query in ({}, {"month": MARCH}, {"facilitator": str(field.facilitator.user_id)}):
            for line in page.get(by(view), query).context["lines"]:
                links = {line.url, line.meetings_url, line.missing_url, line.months_url, line.load_url}
                links |= {line.late_url, line.remind_url}
                for link in links - {""}:
                    assert page.get(link).status_code == 200, (view, link)


def test_the_statements_do_not_grow(field: Field) -> None:  # noqa: F811
    school(field)
    page, wide = signed_in(field.lead), signed_in(person("province_coordinator", regions=(6300000000,)))
    addresses = [(page, by(view)) for view in VIEWS] + [(wide, by("wilayah"))]
    before = [queries(client, address) for client, address in addresses]
    for number in range(5):
        someone = person("facilitator", regions=(DISTRICT,), name=f"LAIN {number}").user
        Group.objects.create(name=f"Kelompok lain {number}", region_id=CEMPAKA, facilitator=someone)
        school(field, f"31{number}")
    assert [queries(client, address) for client, address in addresses] == before


def test_a_list_goes_on_by_key(field: Field) -> None:  # noqa: F811
    for number in range(21):
        Group.objects.create(name=f"Kelompok lanjut {number:02d}", region_id=HIYUNG)
    page = signed_in(field.lead)
    first = page.get(by("kelompok"))
    second = page.get(f"{by('kelompok')}?{first.context['page'].next_query}")
    names = [line.name for shown in (first, second) for line in shown.context["lines"]]
    assert len(names) == len(set(names)) == 23
    assert len(rows(page, "kelompok")) == 23


def test_a_spreadsheet_is_made_and_an_unknown_form_is_not(field: Field) -> None:  # noqa: F811
    page = signed_in(field.lead)
    answer: Any = page.get(reverse("overview_file", args=["desa", "xlsx"]))
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert page.get(reverse("overview_file", args=["desa", "exe"])).status_code == 404
    assert page.get(by("provinsi")).status_code == 404


def test_a_reminder_counts_what_is_late_and_names_no_family(field: Field) -> None:  # noqa: F811
    school(field)
    page = signed_in(field.lead)
    address = f"{reverse('overview_remind', args=[field.facilitator.user_id])}?month={MARCH}"
    looked = words(page.get(address))
    assert "wa.me" not in looked
    assert reminders(field) == 0
    prepared = page.post(address)
    text = prepared.context["text"]
    assert "SITI RAHMAH" in text
    assert "Maret 2025" in text
    assert "Kelompok belum bertemu (P2K2): 1" in text
    assert "Sekolah atau faskes belum dinyatakan: 1" in text
    assert not [name for name in Family.objects.values_list("name", flat=True) if name in words(prepared)]
    assert unquote(prepared.context["encoded"]) == text
    assert f"https://wa.me/?text={prepared.context['encoded']}" in words(prepared)
    assert reminders(field) == 1


def test_a_reminder_of_this_month_tells_late_tasks(field: Field) -> None:  # noqa: F811
    school(field)  # March is among the months that wait
    address = reverse("overview_remind", args=[field.facilitator.user_id])
    late = signed_in(field.lead).post(address).context["late"]
    assert late
    assert all(each.number > 0 for each in late)
    assert TaskAnswer.objects.count() == 0


def test_nobody_is_reminded_of_nothing(field: Field) -> None:  # noqa: F811
    session(field)
    field.group.since = TODAY
    field.group.save()
    page = signed_in(field.lead)
    address = f"{reverse('overview_remind', args=[field.facilitator.user_id])}?month={MARCH}"
    assert "Tidak ada yang lewat waktu" in words(page.get(address))
    assert page.post(address).status_code == 422
    assert reminders(field) == 0


def test_an_empty_region_and_english_readers(field: Field) -> None:  # noqa: F811
    empty: Post = person("regency_coordinator", regions=(6301000000,))
    assert "Belum ada yang dapat dipantau" in words(signed_in(empty).get(reverse("overview")))
    school(field)
    page = english(field.lead)
    remind = reverse("overview_remind", args=[field.facilitator.user_id])
    for address in (*map(by, VIEWS), f"{remind}?month={MARCH}"):
        shown = page.get(address)
        assert shown.status_code == 200
        assert leftovers(shown) == []


def test_open_tasks_are_those_of_the_page_they_open_candidates_among_them(
    field: Field,  # noqa: F811
    village: Group,  # noqa: F811
) -> None:
    school(field)
    by_whom = field.world.user
    give_village(HIYUNG, field.facilitator.user, by=by_whom, on=TODAY, why="Desanya sendiri")
    put_forward([PutForward(a_family(village, "CALON LAMA").pk, rank=1)], by=by_whom, on=date(2025, 3, 2))
    page = signed_in(person("regency_coordinator", regions=(6305000000,)))
    total, late = rows(page, "pendamping")["SITI RAHMAH"][-2:]
    opened = words(page.get(reverse("work"), {"petugas": field.facilitator.user_id}))
    assert f"{late} dari {total} tugas" in opened
    assert "CALON LAMA" in opened
    assert rows(page, "desa")["Desa Hiyung"][-2:] == [total, late]
