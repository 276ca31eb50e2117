"""Families on pages: seen in one's own scope only, numbers masked, the answer line by line, looks in the log."""

from __future__ import annotations

from datetime import date
from typing import Any

import fastexcel
import pytest
from django.test import Client
from django.urls import reverse

from harapan.accounts.models import Acting
from harapan.audit.models import Entry
from harapan.benefits.actions import stage_named
from harapan.benefits.computing import compute_beside
from harapan.core.components import Component
from harapan.database.scope import Scope, put_on
from harapan.jobs.models import Work
from harapan.registry.models import Enrolment, Family, Group, Member, Question, Source
from harapan.web.families import exporting, tasks
from harapan.web.families import forms as family_forms
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG, STAGE, TAPIN, World
from tests.web.signing import person, signed_in

KK, NIK, OTHER_NIK = "6305021608156220", "6305026602731932", "6305024107863549"


@pytest.fixture
def officer(world: World) -> Client:
    return signed_in(person("data_officer", regions=(TAPIN,)))


@pytest.fixture
def facilitator(world: World) -> Client:
    return signed_in(person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,)))


@pytest.fixture
def families(world: World) -> dict[str, Family]:
    return {
        "hiyung": world.family(Component.PRIMARY, Component.TODDLER, name="NORHAYATI AMINAH", kk=KK),
        "cempaka": world.family(Component.ELDERLY, village=CEMPAKA, name="SITI MILA"),
        "bamban": world.family(Component.SENIOR, village=BAMBAN, name="SITI RAUDAH"),
    }


def names(client: Client, address: str) -> set[str]:
    return {family.name for family, *_rest in client.get(address).context["rows"]}


def seen_of(family: Family) -> list[str]:
    with put_on(Scope.nation()):
        entries = Entry.objects.filter(subject_kind="family", subject=family.pk)
        return list(entries.order_by("id").values_list("verb", flat=True))


def test_each_reader_lists_the_own_families(officer: Client, facilitator: Client, families: dict[str, Family]) -> None:
    assert names(officer, "/keluarga/") == {"NORHAYATI AMINAH", "SITI MILA"}
    assert names(facilitator, "/keluarga/") == {"NORHAYATI AMINAH"}
    counted = "hanya menghitung"  # what a list of families has beyond the load that caseload counts
    assert counted in facilitator.get("/keluarga/").content.decode()
    assert counted not in officer.get("/keluarga/").content.decode()


def test_a_family_elsewhere_looks_like_no_family(officer: Client, families: dict[str, Family]) -> None:
    elsewhere = officer.get(f"/keluarga/{families['bamban'].pk}/")
    nowhere = officer.get("/keluarga/999999/")
    assert elsewhere.status_code == nowhere.status_code == 404
    assert elsewhere.content.count(b"RAUDAH") == 0


def test_the_trace_names_both_where_somebody_acts(families: dict[str, Family]) -> None:
    lead = person("regency_coordinator", regions=(TAPIN,), name="KATIM TAPIN")
    yuni = person("data_officer", regions=(TAPIN,), name="YUNI")
    since, until = date(2024, 1, 1), date(2099, 1, 1)
    Acting.objects.create(post=lead, substitute=yuni.user, form="plt", since=since, until=until, letter="ST/1")
    client = signed_in(yuni)
    session = client.session
    session["post"] = lead.pk
    session.save()
    client.get(f"/keluarga/{families['hiyung'].pk}/")
    assert "YUNI, untuk KATIM TAPIN" in client.get(f"/keluarga/{families['hiyung'].pk}/jejak/").content.decode()


def test_a_full_number_finds_a_family_and_is_shown_masked(officer: Client, families: dict[str, Family]) -> None:
    assert names(officer, f"/keluarga/?q={KK}") == {"NORHAYATI AMINAH"}
    page = officer.get(f"/keluarga/{families['hiyung'].pk}/").content.decode()
    assert KK not in page
    assert "6305 •••• •••• 6220" in page


def test_the_list_asks_as_many_queries_for_many_as_for_few(
    officer: Client, families: dict[str, Family], world: World, django_assert_max_num_queries: Any
) -> None:
    officer.get("/keluarga/")
    for number in range(30):
        world.family(Component.PRIMARY, name=f"BANYAK {number}")
    with django_assert_max_num_queries(30):
        assert len(officer.get("/keluarga/").context["rows"]) == 32


def test_a_look_is_in_the_log_before_the_page(officer: Client, families: dict[str, Family]) -> None:
    officer.get(f"/keluarga/{families['hiyung'].pk}/")
    assert seen_of(families["hiyung"])[-1] == "family.looked"
    traces = officer.get(f"/keluarga/{families['hiyung'].pk}/jejak/").content.decode()
    assert "Membuka halaman keluarga" in traces


def test_the_answer_names_each_member_and_the_amount(
    officer: Client, families: dict[str, Family], world: World
) -> None:
    world.listed({families["hiyung"]: 975_000})
    compute_beside(stage_named(STAGE))
    page = officer.get(f"/keluarga/{families['hiyung'].pk}/").content.decode()
    assert "Rp975.000" in page
    assert "ANAK TODDLER" in page
    assert "Rp750.000" in page
    assert "ANAK PRIMARY" in page
    assert "Rp225.000" in page


def test_the_sheet_is_a_pdf_and_the_text_holds_no_number(
    facilitator: Client, families: dict[str, Family], world: World
) -> None:
    world.listed({families["hiyung"]: 975_000})
    compute_beside(stage_named(STAGE))
    sheet = facilitator.get(f"/keluarga/{families['hiyung'].pk}/lembar/")
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet.content.startswith(b"%PDF")
    whole_group = facilitator.get(f"/kelompok/{world.groups[HIYUNG].pk}/lembar/")
    assert whole_group.content.startswith(b"%PDF")
    words = facilitator.get(f"/keluarga/{families['hiyung'].pk}/teks/").context["words"]
    assert "Rp975.000" in words
    assert "Yang perlu dilakukan" in words
    assert KK not in words


def test_a_number_opens_only_for_a_reason(officer: Client, facilitator: Client, families: dict[str, Family]) -> None:
    address = f"/keluarga/{families['hiyung'].pk}/buka/"
    assert officer.post(address, {"number": "kk", "why": ""}).status_code == 422
    opened = officer.post(address, {"number": "kk", "why": "mencocokkan KTP di bank"})
    assert KK in opened.content.decode()
    assert "number.opened" in seen_of(families["hiyung"])
    assert facilitator.get(address).status_code == 404


def test_two_sources_are_shown_and_a_person_decides(officer: Client, families: dict[str, Family]) -> None:
    family = families["hiyung"]
    manager = Member.objects.get(family=family, manager=True)
    manager.nik = NIK
    manager.save()
    asked = Question.objects.create(
        family=family, member=manager, field="nik", ours=NIK, theirs=OTHER_NIK, source=Source.LIST
    )
    assert "Bandingkan dan putuskan" in officer.get(f"/keluarga/{family.pk}/").content.decode()
    address = f"/keluarga/{family.pk}/pertanyaan/{asked.pk}/"
    masked = officer.get(address).content.decode()
    assert NIK not in masked
    assert OTHER_NIK not in masked
    opened = officer.post(address, {"deed": "open", "why": "dicocokkan dengan KTP"}).content.decode()
    assert NIK in opened
    assert OTHER_NIK in opened
    officer.post(address, {"deed": "take", "why": "dicocokkan dengan KTP"})
    asked.refresh_from_db()
    assert asked.taken is True
    assert Member.objects.get(pk=manager.pk).nik.open() == OTHER_NIK


def test_no_families_says_what_to_do(officer: Client) -> None:
    page = officer.get("/keluarga/").content.decode()
    assert "Belum ada keluarga di sini" in page


def test_the_file_holds_what_the_list_shows_and_no_number(
    officer: Client, families: dict[str, Family], world: World
) -> None:
    world.listed({families["hiyung"]: 975_000})
    answer = officer.get(reverse("families_file", args=["xlsx"]), {"region": str(HIYUNG)})
    raw = b"".join(answer.streaming_content)
    (row,) = fastexcel.read_excel(raw).load_sheet(0).to_arrow().to_pylist()
    assert row["Nama pengurus"] == "NORHAYATI AMINAH"
    assert (row[f"Tahap {STAGE} (Rp)"], row["Peserta aktif"]) == (975_000, "ya")
    assert row["Komponen"] == "Anak usia dini, SD sederajat"
    assert KK not in str(row)
    csv = b"".join(officer.get(reverse("families_file", args=["csv"])).streaming_content).decode("utf-8-sig")
    assert [line.split(";")[0] for line in csv.splitlines()[1:]] == ["NORHAYATI AMINAH", "SITI MILA"]
    assert officer.get(reverse("families_file", args=["pdf"])).status_code == 404


def test_a_list_too_long_to_wait_for_is_made_in_the_background(
    officer: Client, families: dict[str, Family], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harapan.web.families.views.AT_ONCE_MAX", 1)
    monkeypatch.setattr(exporting, "STEP", 1)
    address = reverse("families_file", args=["csv"]) + "?state=enrolled"
    assert "disiapkan di belakang layar" in officer.get(address).content.decode()
    assert Work.objects.count() == 0
    assert officer.post(address).status_code == 303
    work = Work.objects.get()
    assert "sedang disiapkan" in officer.get(reverse("family_exports")).content.decode()
    tasks.write_families(work_id=work.pk, query="state=enrolled", form="csv")
    work.refresh_from_db()
    assert (work.state, work.total) == (Work.State.DONE, 2)
    assert reverse("family_export", args=[work.pk]) in officer.get(reverse("family_exports")).content.decode()
    told = b"".join(officer.get(reverse("family_export", args=[work.pk])).streaming_content).decode("utf-8-sig")
    assert [line.split(";")[0] for line in told.splitlines()[1:]] == ["NORHAYATI AMINAH", "SITI MILA"]
    stranger = signed_in(person("data_officer", regions=(TAPIN,)))
    assert stranger.get(reverse("family_export", args=[work.pk])).status_code == 404
    assert "Belum ada berkas" in stranger.get(reverse("family_exports")).content.decode()


def test_a_name_of_many_is_shown_in_part_and_says_so(
    officer: Client, families: dict[str, Family], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "hanya sebagian" not in officer.get("/keluarga/?q=ibu").content.decode()
    monkeypatch.setattr(family_forms, "NAMED_MAX", 1)
    assert "hanya sebagian" in officer.get("/keluarga/?q=ibu").content.decode()
    refused = officer.get(reverse("families_file", args=["xlsx"]), {"q": "ibu"})
    assert refused.status_code == 422
    assert "Tulis nama lebih lengkap" in refused.content.decode()


@pytest.mark.parametrize("odd", ["²", "9" * 30, "1" * 5000, "-1", "abc", "0"])
def test_a_number_in_the_address_that_is_none_narrows_nothing(
    officer: Client, families: dict[str, Family], odd: str
) -> None:
    for name in ("families", "lists", "groups", "verification", "imports"):
        assert officer.get(reverse(name), {"region": odd, "facilitator": odd, "after": odd}).status_code == 200, name


def test_a_candidate_is_not_said_to_have_left(officer: Client, world: World) -> None:
    village = Group.objects.create(name="Calon Hiyung", region_id=HIYUNG, candidates=True)
    family = world.family(name="CALON SATU")
    Enrolment.objects.filter(family=family).delete()
    Family.objects.filter(pk=family.pk).update(group=village)
    for address in ("/keluarga/", f"/keluarga/{family.pk}/"):
        page = officer.get(address).content.decode()
        assert "Calon peserta" in page
        assert "erakhir</span>" not in page.replace("\n", "")
