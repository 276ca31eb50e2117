"""P2K2 pages: recorded once and everything follows; the own groups only; statements that do not grow."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.database import day
from harapan.p2k2.behaviours import Answer, answer_behaviours
from harapan.p2k2.committing import answer_commitment, make_commitment
from harapan.p2k2.models import Attendance, BehaviourAnswer, Commitment, Mark, Photograph, PlannedSession, Session
from harapan.registry.models import Family, Group, Member
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG, HSS, TAPIN, World
from tests.p2k2.test_photographs import picture
from tests.web.signing import person, signed_in
from tests.web.stage_ground import queries, words
from tests.web.test_english import english, leftovers

TODAY = date(2025, 5, 20)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)


@dataclass
class Field:
    """A group of the facilitator's with five families, and those who look on."""

    group: Group
    families: list[Family]
    facilitator: Post
    colleague: Post
    coordinator: Post
    stranger: Post


@pytest.fixture
def field(world: World) -> Field:
    group = world.groups[HIYUNG]
    facilitator = person("facilitator", regions=(6305030000,), groups=(group.pk,), name="SITI RAHMAH")
    group.facilitator = facilitator.user
    group.save()
    return Field(
        group,
        [world.family(name=f"KELUARGA {number}") for number in range(5)],
        facilitator,
        colleague=person("facilitator", regions=(6305020000,), groups=(world.groups[CEMPAKA].pk,)),
        coordinator=person("regency_coordinator", regions=(TAPIN,)),
        stranger=person("regency_coordinator", regions=(HSS,)),
    )


TOLD = {
    "held_on": "2025-05-19", "begins": "14:00", "ends": "16:00", "lesson": "klasik-2.1", "place": "Rumah Bu Aminah",
    "speaker": "Siti Rahmah", "speaker_post": "Pendamping PKH", "materials": "", "minutes": "", "late_because": "",
}  # fmt: skip


def record(field: Field, by: Post | None = None, **told: str) -> Any:
    address = reverse("session_new", args=[field.group.pk])
    return signed_in(by or field.facilitator).post(address, {**TOLD, **told})


def held(field: Field, **told: str) -> Session:
    assert record(field, **told).status_code == 303
    return Session.objects.latest("pk")


def mark(session: Session, by: Post, **sent: Any) -> Any:
    return signed_in(by).post(reverse("session_mark", args=[session.pk]), sent, follow=True)


def test_the_form_comes_filled_from_the_plan_and_the_last_meeting(field: Field) -> None:
    held(field, place="Balai desa Hiyung")
    signed_in(field.facilitator).post(reverse("plan_propose", args=[field.group.pk]), {"year": "2025"})
    asked = words(signed_in(field.facilitator).get(reverse("session_new", args=[field.group.pk])))
    assert 'value="2025-05-20"' in asked
    assert 'value="Balai desa Hiyung"' in asked
    assert '<option value="klasik-1.1" selected>' in asked
    assert PlannedSession.objects.count() == 8


def test_a_sheet_of_twenty_five_takes_few_interactions(world: World, field: Field) -> None:
    """Four exceptions with a name, one press for the rest: six presses and one name, besides saving the meeting."""
    for _ in range(20):
        world.family()
    session = held(field)
    away = dict(zip(field.families, (Mark.SICK, Mark.ABSENT, Mark.EXCUSED, Mark.REPRESENTED), strict=False))
    sent = {f"m-{family.pk}": str(int(said)) for family, said in away.items()}
    sent[f"by-{field.families[3].pk}"] = "Rahmah"
    shown = mark(session, field.facilitator, rest="1", **sent)
    assert "Kehadiran 25 keluarga disimpan." in words(shown)
    assert Attendance.objects.filter(mark=Mark.PRESENT, manner=Attendance.Manner.REST).count() == 21
    assert "22 dari 25 keluarga</mark> hadir atau diwakili" in words(shown)


def test_nobody_is_shown_present_before_someone_says_so(field: Field) -> None:
    session = held(field)
    page = signed_in(field.facilitator)
    shown = words(page.get(reverse("session", args=[session.pk])))
    assert "5 dari 5 keluarga</mark> belum dicatat" in shown
    assert " checked" not in shown
    mark(session, field.facilitator, **{f"m-{field.families[0].pk}": "1"})
    rest = words(page.get(reverse("session", args=[session.pk]), {"belum": "1"}))
    assert "KELUARGA 0" not in rest
    assert "KELUARGA 4" in rest


def test_what_cannot_be_is_said_and_the_rest_is_kept(world: World, field: Field) -> None:
    dead = field.families[0]
    Member.objects.filter(family=dead).update(died_on=date(2025, 3, 9))
    session = held(field)
    shown = words(mark(session, field.facilitator, **{f"m-{family.pk}": "1" for family in field.families}))
    assert "KELUARGA 0 meninggal 9 Maret 2025" in shown
    assert "Kehadiran 4 keluarga disimpan." in shown
    assert "Belum ada yang ditandai" in words(mark(session, field.facilitator))
    assert Attendance.objects.count() == 4


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"held_on": "2025-05-21"}, "belum terjadi"),
        ({"ends": "13:00"}, "Jam selesai 13.00"),
        ({"held_on": "2025-05-02"}, "perlu alasan"),
        ({"held_on": "2025-03-02"}, "ditutup sejak 2 Mei 2025"),
        ({"held_on": "kemarin"}, "tanggal"),
        ({"lesson": "x"}, "pilihan"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_and_what_was_typed_stays(
    field: Field, told: dict[str, str], said: str
) -> None:
    refused = record(field, **{**told, "place": "Balai desa"})
    assert refused.status_code == 422
    assert said in words(refused).lower() or said in words(refused)
    assert 'value="Balai desa"' in words(refused)
    assert not Session.objects.exists()


def test_a_closed_month_is_written_by_the_coordinator_with_a_reason(field: Field) -> None:
    told = {"held_on": "2025-03-02", "late_because": "formulir tertinggal"}
    assert record(field, **told).status_code == 422
    assert record(field, field.coordinator, **told).status_code == 303
    session = Session.objects.get()
    shown = words(signed_in(field.facilitator).get(reverse("session", args=[session.pk])))
    assert "Pencatatan bulan ini ditutup sejak 2 Mei 2025" in shown
    assert "sisanya hadir" not in shown


def test_only_who_meets_the_group_and_who_looks_after_it(field: Field) -> None:
    session, family = held(field), field.families[0]
    reading = [
        reverse("p2k2_group", args=[field.group.pk]), reverse("session", args=[session.pk]),
        reverse("session_sheet", args=[session.pk]), reverse("session_report", args=[session.pk]),
        reverse("p2k2_sheet", args=[field.group.pk]), reverse("p2k2_family", args=[family.pk]),
    ]  # fmt: skip
    writing = [
        (reverse("session_mark", args=[session.pk]), {"rest": "1"}),
        (reverse("session_new", args=[field.group.pk]), TOLD),
        (reverse("session_change", args=[session.pk]), TOLD),
        (reverse("session_remove", args=[session.pk]), {"why": "tercatat keliru"}),
        (reverse("plan_propose", args=[field.group.pk]), {"year": "2025"}),
        (reverse("plan_month", args=[field.group.pk, 202506]), {"lessons": "klasik-1.1"}),
        (reverse("session_photograph", args=[session.pk]), {"photographs": SimpleUploadedFile("a.jpg", picture())}),
        (
            reverse("commitment_new", args=[family.pk]),
            {"k-text": "Menabung", "k-made_on": "2025-05-20", "k-due_on": "2025-06-20"},
        ),
        (reverse("behaviours", args=[family.pk]), {"p-asked_on": "2025-05-20", "p-saving": "1"}),
    ]
    for post, expected in (
        (field.facilitator, 200),
        (field.coordinator, 200),
        (field.colleague, 404),
        (field.stranger, 404),
    ):
        page = signed_in(post)
        assert {page.get(address).status_code for address in reading} == {expected}, post.role_code
        if expected == 404:
            assert {page.post(address, sent).status_code for address, sent in writing} == {404}
    onlooker = signed_in(person("regency_office", regions=(TAPIN,)))
    assert {onlooker.get(address).status_code for address in reading} == {200}
    assert {onlooker.post(address, sent).status_code for address, sent in writing} == {404}
    assert Session.objects.count() == 1
    assert not Attendance.objects.exists()


def test_a_meeting_is_changed_and_taken_back_with_a_reason(field: Field) -> None:
    session = held(field)
    page = signed_in(field.facilitator)
    assert page.post(reverse("session_change", args=[session.pk]), {**TOLD, "place": "Posyandu"}).status_code == 303
    session.refresh_from_db()
    assert session.place == "Posyandu"
    assert page.post(reverse("session_remove", args=[session.pk]), {"why": "x"}).status_code == 422
    assert page.post(reverse("session_remove", args=[session.pk]), {"why": "tercatat keliru"}).status_code == 303
    assert not Session.objects.exists()
    assert Entry.objects.filter(verb="session.removed", why="tercatat keliru").exists()


def test_photographs_are_kept_shown_and_refused(field: Field) -> None:
    session = held(field)
    page = signed_in(field.facilitator)
    files = [SimpleUploadedFile("a.jpg", picture()), SimpleUploadedFile("surat.jpg", b"%PDF-1.7")]
    shown = words(page.post(reverse("session_photograph", args=[session.pk]), {"photographs": files}, follow=True))
    assert "1 foto disimpan." in shown
    assert "surat.jpg bukan foto" in shown
    assert "-3.0533, 115.1600" in shown
    kept = Photograph.objects.get()
    answer = page.get(reverse("photograph", args=[session.pk, kept.pk]))
    raw = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert raw.startswith(b"\xff\xd8")
    assert b"Exif" not in raw
    assert Entry.objects.filter(verb="file.opened", actor=field.facilitator.user_id).exists()
    stranger = signed_in(field.colleague)
    assert stranger.get(reverse("photograph", args=[session.pk, kept.pk])).status_code == 404
    other = held(field, held_on="2025-05-20")
    assert page.get(reverse("photograph", args=[other.pk, kept.pk])).status_code == 404
    away = reverse("photograph_away", args=[session.pk, kept.pk])
    assert stranger.post(away, {"why": "bukan foto kelompok ini"}).status_code == 404
    assert "Foto dihapus" in words(page.post(away, {"why": "foto kelompok lain"}, follow=True))
    assert page.get(reverse("photograph", args=[session.pk, kept.pk])).status_code == 404


def test_the_report_is_named_as_the_field_names_it(field: Field) -> None:
    session = held(field)
    mark(session, field.facilitator, rest="1")
    answer = signed_in(field.facilitator).get(reverse("session_report", args=[session.pk]))
    name = f"20250519%20-%2014.00%20-%20RHK-2%20-%20P2K2%20{field.group.name.replace(' ', '%20')}"
    assert name in answer["Content-Disposition"]
    told = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "Tapin Tengah" in told
    assert "SITI RAHMAH" in told


def test_a_family_s_page_holds_what_it_heard_promised_and_does(field: Field) -> None:
    family = field.families[0]
    page = signed_in(field.facilitator)
    empty = words(page.get(reverse("p2k2_family", args=[family.pk])))
    assert "Tidak dicatat bukan berarti tidak hadir" in empty
    mark(held(field), field.facilitator, **{f"m-{family.pk}": "5", f"by-{family.pk}": "Rahmah"})
    sent = {"k-text": "Menyisihkan uang", "k-made_on": "2025-05-19", "k-due_on": "2025-06-19"}
    assert page.post(reverse("commitment_new", args=[family.pk]), sent).status_code == 303
    refused = page.post(reverse("commitment_new", args=[family.pk]), {**sent, "k-due_on": "2025-05-01"})
    assert refused.status_code == 422
    assert "lebih dahulu" in words(refused)
    promised = Commitment.objects.get()
    answer = reverse("commitment_answer", args=[family.pk, promised.pk])
    assert page.post(answer, {"done": "0"}).status_code == 422
    assert page.post(answer, {"done": "0", "why": "uang belum cukup"}).status_code == 303
    later = page.post(reverse("behaviours", args=[family.pk]), {"p-asked_on": "2030-01-01", "p-saving": "2"})
    assert later.status_code == 422
    assert "belum tiba" in words(later)
    asked = page.post(
        reverse("behaviours", args=[family.pk]), {"p-asked_on": "2025-05-19", "p-saving": "2", "p-latrine": "1"}
    )
    assert asked.status_code == 303
    shown = words(page.get(reverse("p2k2_family", args=[family.pk])))
    for said in ("1 dari 29 sesi", "Diwakili</b> oleh Rahmah", "belum, uang belum cukup", "Menyisihkan uang"):
        assert said in shown
    assert BehaviourAnswer.objects.filter(asked_on=date(2025, 5, 19)).count() == 2
    assert reverse("p2k2_family", args=[family.pk]) in words(page.get(reverse("family", args=[family.pk])))


def test_a_role_without_p2k2_is_not_led_to_it(field: Field) -> None:
    officer = signed_in(person("commitment_officer"))
    assert officer.get(reverse("p2k2")).status_code == 404
    shown = words(officer.get(reverse("family", args=[field.families[0].pk])))
    assert "/p2k2/" not in shown


def test_a_facilitator_sees_what_is_next_and_a_coordinator_who_is_behind(world: World, field: Field) -> None:
    own = signed_in(field.facilitator)
    assert "1 dari 1 kelompok</mark> belum bertemu di bulan Mei 2025" in words(own.get(reverse("p2k2")))
    held(field)
    assert "Semua 1 kelompok</mark> sudah bertemu" in words(own.get(reverse("p2k2_groups")))
    shown = words(signed_in(field.coordinator).get(reverse("p2k2")))
    assert "1 dari 2 kelompok</mark> belum bertemu di bulan Mei 2025" in shown
    assert "SITI RAHMAH" in shown
    assert "Pendamping 3" not in shown  # of another kabupaten
    behind = words(signed_in(field.coordinator).get(reverse("p2k2_groups"), {"met": "now"}))
    assert world.groups[CEMPAKA].name in behind
    assert field.group.name not in behind
    of_one = {"facilitator": str(field.facilitator.user_id)}
    assert field.group.name in words(signed_in(field.coordinator).get(reverse("p2k2_groups"), of_one))


def test_the_overview_counts_due_done_late_and_missing(world: World, field: Field) -> None:
    for month, lesson in ((202504, "klasik-2.1"), (202503, "klasik-2.2"), (202505, "klasik-2.3")):
        PlannedSession.objects.create(
            group=field.group, region_no=HIYUNG, month=month, lesson=lesson, planned_by=field.facilitator.user
        )
    held(field)
    answer = signed_in(field.coordinator).get(reverse("p2k2_file", args=["csv"]))
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    told = next(row for row in rows if row.startswith("SITI RAHMAH"))
    assert ",3,1,1," in told.replace(";", ",").replace('"', "")
    assert "Januari 2025, Februari 2025, Maret 2025, April 2025" in told
    assert not any("Pendamping 3" in row for row in rows)


def test_the_overview_looks_back_at_a_month_as_it_ended(world: World, field: Field) -> None:
    held(field, held_on="2025-04-10", late_because="daftar baru kembali dari desa")
    held(field)
    page = signed_in(field.coordinator)
    now = words(page.get(reverse("p2k2")))
    assert "di bulan Mei 2025" in now
    april = words(page.get(reverse("p2k2"), {"month": "2025-04"}))
    march = words(page.get(reverse("p2k2"), {"month": "2025-03"}))
    assert "<mark>1 dari 2 kelompok" in april
    assert "tidak bertemu di bulan April 2025" in april
    assert "<mark>2 dari 2 kelompok" in march
    assert "Bertemu pada bulan itu" in march
    assert page.get(reverse("p2k2"), {"month": "2025-13"}).status_code == 200  # narrows nothing
    rows = page.get(reverse("p2k2_file", args=["csv"]), {"month": "2025-03"})
    assert "2025-04-10" not in b"".join(rows.streaming_content).decode("utf-8-sig")


def test_empty_places_say_what_to_do(world: World) -> None:
    nobody = person("facilitator", regions=(6305030000,))
    assert "Belum ada kelompok" in words(signed_in(nobody).get(reverse("p2k2_groups")))
    shown = words(
        signed_in(person("facilitator", regions=(6306040000,), groups=(world.groups[BAMBAN].pk,))).get(
            reverse("p2k2_group", args=[world.groups[BAMBAN].pk])
        )
    )
    assert "Belum ada pertemuan tercatat" in shown
    assert "Belum ada keluarga di kelompok ini" in shown


def test_statements_do_not_grow_with_families_groups_or_meetings(world: World, field: Field) -> None:
    session = held(field)
    mark(session, field.facilitator, rest="1")
    own, over = signed_in(field.facilitator), signed_in(field.coordinator)
    addresses = [
        (own, reverse("p2k2_groups")), (own, reverse("p2k2_group", args=[field.group.pk])),
        (own, reverse("session", args=[session.pk])), (over, reverse("p2k2")), (over, reverse("p2k2_groups")),
        (own, reverse("p2k2_family", args=[field.families[0].pk])),
    ]  # fmt: skip
    before = [queries(page, address) for page, address in addresses]
    for number in range(6):
        world.family(name=f"BARU {number}")
        facilitator = person("facilitator", regions=(6305030000,), name=f"LAIN {number}").user
        Group.objects.create(name=f"Kelompok lain {number}", region_id=HIYUNG, facilitator=facilitator)
        day_of = (date(2025, 5, 13) + timedelta(days=number)).isoformat()
        later = held(field, held_on=day_of, begins="08:00", ends="09:00")
        mark(later, field.facilitator, rest="1")
    mark(session, field.facilitator, rest="1")
    assert [queries(page, address) for page, address in addresses] == before


def test_a_reader_of_english_finds_no_word_of_ours_indonesian(field: Field) -> None:
    family, told = field.families[0], {"by": field.facilitator.user, "on": TODAY}
    session = held(field, minutes="-", place="Hiyung", speaker_post="-")
    mark(session, field.facilitator, **{f"m-{family.pk}": "3"})
    signed_in(field.facilitator).post(reverse("plan_propose", args=[field.group.pk]), {"year": "2025"})
    promised = make_commitment(family.pk, "Menimbang", due_on=TODAY, made_on=date(2025, 5, 1), **told)
    answer_commitment(promised.pk, done=False, why="-- -", asked_on=date(2025, 5, 2), **told)
    for asked in (date(2024, 5, 1), date(2025, 5, 1)):
        answer_behaviours(family.pk, {"saving": Answer.NO}, asked=asked, **told)
    signed_in(field.facilitator).post(
        reverse("session_photograph", args=[session.pk]), {"photographs": SimpleUploadedFile("a.jpg", picture())}
    )
    addresses = [
        reverse("p2k2"), reverse("p2k2_groups"), reverse("p2k2_group", args=[field.group.pk]),
        reverse("session", args=[session.pk]), reverse("session_new", args=[field.group.pk]),
        reverse("session_change", args=[session.pk]), reverse("plan_month", args=[field.group.pk, 202506]),
        reverse("p2k2_family", args=[family.pk]),
    ]  # fmt: skip
    for post in (field.facilitator, field.coordinator):
        page = english(post)
        for address in addresses:
            response = page.get(address)
            assert response.status_code == 200
            assert leftovers(response) == [], f"{post.role_code} {address}"
        refused = page.post(reverse("session_new", args=[field.group.pk]), {**TOLD, "held_on": "2025-05-21"})
        assert "has not happened yet; today is 20 May 2025" in words(refused)
