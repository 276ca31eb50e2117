"""Health posts and social care by exception, what a miss costs before it is recorded, late entries, and the dead."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.core.components import Component
from harapan.registry.models import Facility, Member
from harapan.verification.models import CareMark, Declaration, FacilityMonth, Observation, SchoolWeek, UnplacedPupil
from harapan.verification.schooldays import days_at_most
from tests.benefits.world import HIYUNG, TAPIN, World
from tests.web.signing import person, signed_in

MONTHS = (202501, 202502, 202503)


@pytest.fixture
def officer(world: World) -> Post:
    world.listed({world.family(): 225_000})  # the stage of these months is at hand
    return person("data_officer", regions=(TAPIN,))


@pytest.fixture
def posyandu(world: World) -> Facility:
    return Facility.objects.create(kind="health", name="Posyandu Melati", name_key="POSYANDU MELATI", region_id=HIYUNG)


def school(world: World) -> tuple[Facility, Member]:
    at = Facility.objects.create(
        kind="school", code="30305001", name="SDN HIYUNG 1", name_key="SDN HIYUNG 1", level="SD", region_id=HIYUNG
    )
    pupil = world.member(world.family(name="SITI RAHMAH"), (Component.PRIMARY, {"facility": at}))
    return at, pupil


def send(post: Post, name: str, facility: Facility, *members: Member, months: Any = MONTHS, **typed: str) -> Any:
    sent = {"month": months, "member": [member.pk for member in members], "stage": "2025-2",
            "late_because": "Buku posyandu baru datang", **{f"days-{month}": "20" for month in MONTHS}}  # fmt: skip
    return signed_in(post).post(reverse(name, args=[facility.pk]), {**sent, **typed})


def test_a_post_marks_each_obligation_and_the_month_follows(world: World, officer: Post, posyandu: Facility) -> None:
    toddler = world.member(world.family(), (Component.TODDLER, {"facility": posyandu}))
    elderly = world.member(world.family(), (Component.ELDERLY, {"facility": posyandu}))
    typed = {
        f"o-{toddler.pk}-202502-toddler.vitamin_a": "missed",
        f"d-{elderly.pk}-202503-elderly.health_check": "2025-03-12",
    }
    assert send(officer, "facility_declare", posyandu, toddler, elderly, **typed).status_code == 303
    marks = CareMark.objects.values_list("item", "month", "outcome", "done_on")
    assert set(marks) == {
        ("toddler.vitamin_a", 202502, CareMark.Outcome.MISSED, None),
        ("toddler.weighing", 202502, CareMark.Outcome.DONE, None),  # beside a miss, each speaks for itself
        ("elderly.health_check", 202503, CareMark.Outcome.DONE, date(2025, 3, 12)),
    }
    assert Observation.objects.values_list("member_id", "month", "outcome").get() == (
        toddler.pk, 202502, Observation.Outcome.MISSED,
    )  # fmt: skip
    assert FacilityMonth.objects.count() == 3
    shown = signed_in(officer).get(reverse("facility_obligations", args=[posyandu.pk])).content.decode()
    assert "Vitamin A" in shown
    assert "terlewat" in shown
    send(officer, "facility_declare", posyandu, toddler, elderly)
    assert not CareMark.objects.exists()
    assert not Observation.objects.exists()


def test_what_ends_unmarked_stays_unverified_and_is_never_a_miss(
    world: World, officer: Post, posyandu: Facility
) -> None:
    born = date(2024, 3, 10)  # the first year ends in March 2025
    baby = world.member(world.family(), (Component.TODDLER, {"facility": posyandu, "born_on": born}))
    send(officer, "facility_declare", posyandu, baby)
    assert Observation.objects.values_list("month", "outcome").get() == (202503, Observation.Outcome.UNKNOWN)
    send(officer, "facility_declare", posyandu, baby, **{f"o-{baby.pk}-202503-toddler.immunisation": "done"})
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("d", "2025-02-12", "tidak di dalam"), ("d", "kemarin", "bukan tanggal"), ("n", "banyak", "bukan berapa kali")],
)
def test_days_that_cannot_be_are_refused_in_their_month(
    world: World, officer: Post, posyandu: Facility, field: str, value: str, words: str
) -> None:
    baby = world.member(world.family(), (Component.TODDLER, {"facility": posyandu, "born_on": date(2025, 1, 2)}))
    answer = send(officer, "facility_declare", posyandu, baby, **{f"{field}-{baby.pk}-202501-toddler.neonatal": value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not FacilityMonth.objects.filter(month=202501).exists()
    assert not CareMark.objects.filter(month=202501).exists()


def test_a_miss_says_its_price_before_it_is_recorded(world: World, officer: Post) -> None:
    at, pupil = school(world)
    world.listed({pupil.family: 225_000})
    answer = send(officer, "facility_foresee", at, pupil, **{f"a-{pupil.pk}-202501": "5"})
    shown = answer.content.decode()
    assert "SITI RAHMAH" in shown
    assert "22.500" in shown  # ten percent of 225,000 for one month
    assert "Belum ada yang tersimpan" in shown
    assert not FacilityMonth.objects.exists()
    spared = send(officer, "facility_foresee", at, pupil, **{f"s-{pupil.pk}-202501": "5"}).content.decode()
    assert "tidak memotong bantuan keluarga mana pun" in spared


def test_a_late_month_is_taken_with_its_reason(world: World, officer: Post) -> None:
    at, pupil = school(world)
    answer = send(officer, "facility_declare", at, pupil, late_because=" ", **{f"a-{pupil.pk}-202501": "7"})
    assert answer.status_code == 422
    assert "Tulis mengapa baru sekarang" in answer.content.decode()
    assert 'value="7"' in answer.content.decode()  # what was typed stays
    short = send(officer, "facility_declare", at, pupil, late_because="lupa").content.decode()
    assert "Alasan “lupa” hanya 4 huruf" in short
    assert 'value="lupa"' in short
    assert not FacilityMonth.objects.exists()
    send(officer, "facility_declare", at, pupil)
    assert set(Declaration.objects.values_list("late_because", flat=True)) == {"Buku posyandu baru datang"}
    assert "Terlambat karena" in signed_in(officer).get(reverse("facility", args=[at.pk])).content.decode()


@pytest.mark.parametrize("how", ["died_on", "left_on"])
def test_the_dead_and_the_departed_are_refused_in_words_and_the_rest_kept(
    world: World, officer: Post, how: str
) -> None:
    at, pupil = school(world)
    other = world.member(world.family(), (Component.PRIMARY, {"facility": at}))
    Member.objects.filter(pk=pupil.pk).update(**{how: date(2025, 2, 3)})
    client = signed_in(officer)
    answer = send(officer, "facility_declare", at, pupil, other, **{f"a-{pupil.pk}-{month}": "2" for month in MONTHS})
    assert answer.status_code == 303
    marks = set(Observation.objects.values_list("member_id", "month"))
    assert marks == {(pupil.pk, 202501), (pupil.pk, 202502)}
    assert FacilityMonth.objects.count() == 3
    shown = client.get(reverse("facility", args=[at.pk]), {"stage": "2025-2"}).content.decode()
    assert "Maret 2025 tidak dapat diverifikasi" in shown


def test_a_school_of_six_days_proposes_more_days(world: World, officer: Post) -> None:
    at, _pupil = school(world)
    client = signed_in(officer)
    five, six = (days_at_most("2025-02", week) for week in (5, 6))
    assert (five, six) == (20, 24)
    assert f'name="days-202502" value="{five}"' in client.get(reverse("facility", args=[at.pk])).content.decode()
    client.post(reverse("facility_week", args=[at.pk]), {"days": "6"})
    assert SchoolWeek.objects.get().days == 6
    assert f'name="days-202502" value="{six}"' in client.get(reverse("facility", args=[at.pk])).content.decode()
    assert client.post(reverse("facility_week", args=[at.pk]), {"days": "7"}).status_code == 422


def test_members_without_a_place_get_a_posyandu_without_a_code(world: World, officer: Post) -> None:
    toddler = world.member(world.family(), Component.TODDLER)
    client = signed_in(officer)
    assert "1 anggota tanpa tempat layanan" in client.get(reverse("obligations")).content.decode()
    given = {"kind": "health", "name": "Posyandu Anggrek", "member": [toddler.pk]}
    elsewhere = client.post(reverse("place_assign"), {**given, "kind": "welfare"})
    assert elsewhere.status_code == 422
    assert "tidak dilayani di Layanan kesejahteraan sosial" in elsewhere.content.decode()
    assert f'value="{toddler.pk}" checked' in elsewhere.content.decode()
    assert not Facility.objects.exists()
    assert client.post(reverse("place_assign"), given).status_code == 303
    found = Facility.objects.get(name="Posyandu Anggrek")
    assert (found.code, found.region_id) == ("", HIYUNG)
    assert "Posyandu Anggrek" in client.get(reverse("obligations")).content.decode()
    refused = client.post(reverse("place_assign"), {**given, "kind": "school", "name": "SD X", "code": "12"})
    assert refused.status_code == 422


@pytest.mark.parametrize("code", ["30305001", "P9970001", "111263050001"])
def test_npsn_pkbm_and_nsm_are_codes_of_schools(world: World, officer: Post, code: str) -> None:
    pupil = world.member(world.family(), Component.PRIMARY)
    given = {"kind": "school", "name": "Sekolah", "code": code, "member": [pupil.pk]}
    assert signed_in(officer).post(reverse("place_assign"), given).status_code == 303
    assert Facility.objects.get().code == code


def test_forms_are_papers_and_files(world: World, officer: Post, posyandu: Facility) -> None:
    at, _pupil = school(world)
    world.member(world.family(), (Component.TODDLER, {"facility": posyandu}))
    facilitator = person("facilitator", groups=(world.groups[HIYUNG].pk,))
    for facility, words in ((at, "KOMITMEN PENDIDIKAN"), (posyandu, "KOMITMEN KESEHATAN")):
        paper = signed_in(facilitator).get(reverse("facility_form", args=[facility.pk]))
        assert paper.content.startswith(b"%PDF")
        written = signed_in(officer).get(reverse("facility_file", args=[facility.pk, "csv"]))
        assert words in written.content.decode("utf-8-sig")
        assert signed_in(facilitator).get(reverse("facility_file", args=[facility.pk, "csv"])).status_code == 404


def test_july_goes_by_exceptions_and_leaves_a_visit(world: World, officer: Post, monkeypatch: Any) -> None:
    at, pupil = school(world)
    last = world.member(world.family(), (Component.PRIMARY, {"facility": at}))
    last.component_spells.update(grade="6")
    pupil.component_spells.update(grade="3")
    monkeypatch.setattr("harapan.database.day.today", lambda: date(2025, 7, 18))
    client = signed_in(officer)
    shown = client.get(reverse("rollover", args=[at.pk])).content.decode()
    assert "2 siswa" in shown
    sent = {"year": "2025", f"f-{pupil.pk}": "up", f"f-{last.pk}": "on", f"s-{last.pk}": ""}
    assert client.post(reverse("rollover_begin", args=[at.pk]), sent).status_code == 303
    facilitator = person("facilitator", groups=(world.groups[HIYUNG].pk,))
    listed = signed_in(facilitator).get(reverse("unplaced")).content.decode()
    assert "1 anak" in listed
    visit = UnplacedPupil.objects.get()
    answer = signed_in(facilitator).post(reverse("unplaced_settle", args=[visit.pk]), {"how": "Sudah di MTs"})
    assert answer.status_code == 303
    assert signed_in(facilitator).post(reverse("rollover_begin", args=[at.pk]), sent).status_code == 404
