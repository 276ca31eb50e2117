"""Pages of candidates, visits and balanced groups: who may, whose region, what is said, statements that do not grow."""

from __future__ import annotations

import io
from datetime import date, time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.core.components import Component
from harapan.database import day
from harapan.fieldwork.candidates import give_village, set_quota
from harapan.fieldwork.models import Candidacy, EndProposal, FirstMeeting, HomeVisit, VillageQuota, VisitPhotograph
from harapan.fieldwork.visiting import Counted, VisitFacts, record_visit
from harapan.registry.models import Enrolment, Facility, Family, Group, Member
from tests.benefits.world import CEMPAKA, HIYUNG, HSS, TAPIN, World
from tests.fieldwork.conftest import Candidates, agree, candidates, meet, village
from tests.p2k2.test_photographs import picture
from tests.web.signing import person, signed_in
from tests.web.stage_ground import queries, words

__all__ = ["candidates", "village"]  # fixtures

TODAY = date(2025, 5, 20)
People = dict[str, Post]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)


@pytest.fixture
def people(world: World, village: Group) -> People:
    found = {
        "facilitator": person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,)),
        "colleague": person("facilitator", regions=(6305020000,), groups=(world.groups[CEMPAKA].pk,)),
        "coordinator": person("regency_coordinator", regions=(TAPIN,)),
        "office": person("regency_office", regions=(TAPIN,)),
        "stranger": person("regency_coordinator", regions=(HSS,)),
        "treasurer": person("treasurer"),
    }
    give_village(HIYUNG, found["facilitator"].user, by=world.user, on=TODAY, why="pembagian calon")
    found["facilitator"].refresh_from_db()
    return found


def see(by: Post, page: str, *args: Any, **query: Any) -> Any:
    return signed_in(by).get(reverse(page, args=args), query)


def validated(world: World, *rows: Candidacy) -> None:
    """Agreed at a first meeting, then visited and found eligible."""
    meeting = meet(world, rows[0].family.group)
    agree(world, meeting, *(row.family_id for row in rows))
    for row in rows:
        manager = Member.objects.get(family=row.family, manager=True)
        facts = VisitFacts(
            date(2025, 4, 2), time(9), time(10), found=True, eligible=True,
            components=(Counted(manager.pk, Component.PREGNANT),),
        )  # fmt: skip
        record_visit(row.family_id, facts, by=world.user, on=TODAY)


def validated_later(world: World, *rows: Candidacy) -> None:
    for row in rows:
        facts = VisitFacts(TODAY, time(9), time(10), found=False, reason="away")
        record_visit(row.family_id, facts, by=world.user, on=TODAY)


def test_the_list_says_where_each_stands_and_who_is_late(
    world: World, village: Group, candidates: Candidates, people: People
) -> None:
    made = candidates(4)
    validated(world, made[0])
    page = words(see(people["facilitator"], "road"))
    assert "4 dari 4" not in page
    assert "<mark>3 dari 3 calon</mark> menunggu lebih lama" in page
    assert "Cadangan 1" in page
    narrowed = words(see(people["coordinator"], "road", step="0"))
    assert "CALON 4" in narrowed
    assert "CALON 1<" not in narrowed
    late = words(see(people["coordinator"], "road", waited="late"))
    assert "CALON 2" in late
    assert "CALON 4" not in late
    assert "CALON 2" in words(see(people["coordinator"], "road", facilitator=people["facilitator"].user_id))
    assert "CALON 2" not in words(see(people["coordinator"], "road", region="6305020000"))


def test_everybody_sees_only_the_own_place(candidates: Candidates, people: People) -> None:
    (one,) = candidates()
    seen = {
        name: see(people[name], "candidate", one.family_id).status_code
        for name in ("facilitator", "colleague", "coordinator", "office", "stranger", "treasurer")
    }
    assert seen == {
        "facilitator": 200, "colleague": 404, "coordinator": 200, "office": 200, "stranger": 404, "treasurer": 404,
    }  # fmt: skip
    assert "CALON 1" not in words(see(people["stranger"], "road"))
    assert Entry.objects.filter(verb="family.looked", subject=one.family_id).count() == 5


def test_a_page_takes_the_same_statements_for_few_and_many(
    world: World, village: Group, candidates: Candidates, people: People
) -> None:
    validated(world, *candidates(1))
    client = signed_in(people["coordinator"])
    addresses = [reverse(name) for name in ("road", "quotas", "visits")]
    few = [queries(client, address) for address in addresses]
    set_quota(HIYUNG, 9, source="Surat 2", from_on=TODAY, by=world.user, on=TODAY)
    validated_later(world, *candidates(12, on=TODAY)[:5])
    assert [queries(client, address) for address in addresses] == few


def test_the_file_holds_the_rows_on_the_screen(candidates: Candidates, people: People) -> None:
    candidates(4)
    answer = see(people["coordinator"], "road_file", "csv", step="0")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert [line.split(";")[0] for line in text.splitlines()] == ["Nama", "CALON 4"]
    assert see(people["facilitator"], "road_file", "csv").status_code == 404


def test_a_quota_is_set_only_inside_the_own_place_by_who_manages(people: People) -> None:
    told = {"village": str(HIYUNG), "places": "7", "from_on": "2025-05-01", "source": "Surat pusat 40"}
    client = signed_in(people["coordinator"])
    assert client.post(reverse("quota_set"), told).status_code == 303
    assert VillageQuota.objects.latest("pk").places == 7
    assert "7" in words(see(people["coordinator"], "quotas"))
    for by, wrong in (("stranger", {}), ("coordinator", {"places": "-2"}), ("coordinator", {"source": ""})):
        assert signed_in(people[by]).post(reverse("quota_set"), {**told, **wrong}).status_code == 422
    assert signed_in(people["facilitator"]).post(reverse("quota_set"), told).status_code == 404


def test_the_papers_name_the_candidates_and_no_number(
    world: World, village: Group, candidates: Candidates, people: People
) -> None:
    candidates(3)
    meeting = meet(world, village)
    pages = {}
    for name in ("first_meeting_invitations", "first_meeting_sheet"):
        answer = see(people["facilitator"], name, meeting.pk)
        pages[name] = PdfReader(io.BytesIO(answer.content)).pages
    text = " ".join(page.extract_text() for page in pages["first_meeting_invitations"])
    assert len(pages["first_meeting_invitations"]) == 2
    assert all(word in text for word in ("UNDANGAN", "CALON 1", "CALON 3", "10 Maret 2025", "Balai desa"))
    sheet = " ".join(page.extract_text() for page in pages["first_meeting_sheet"])
    assert all(word in sheet for word in ("85 %", "CALON 2", "Naskah 2018", "cap jempol"))
    assert see(people["colleague"], "first_meeting_sheet", meeting.pk).status_code == 404


def test_a_village_tells_places_of_the_quota_in_force_from_those_of_the_one_before(
    world: World, village: Group, candidates: Candidates, people: People
) -> None:
    candidates(2)
    set_quota(HIYUNG, 4, source="Surat pusat 20/2025", from_on=TODAY, by=world.user, on=TODAY)
    shown = words(see(people["coordinator"], "candidates_village", village.pk))
    assert "<mark>0 dari 4 tempat</mark> kuota sejak 20 Mei 2025 terisi" in shown
    assert "2 calon mendapat tempat menurut kuota sebelumnya" in shown
    assert "2 dari kuota sebelumnya" in words(see(people["coordinator"], "quotas"))


def test_answers_refused_stand_in_their_row_and_the_rest_is_kept(
    world: World, village: Group, candidates: Candidates, people: People
) -> None:
    candidates(2)
    meeting = meet(world, village)
    one, two = meeting.invitations.order_by("pk")
    sent = {f"{one.pk}-came": "1", f"{one.pk}-consent": "1", f"{two.pk}-came": "1", f"{two.pk}-consent": "3"}
    answer = signed_in(people["facilitator"]).post(reverse("first_meeting", args=[meeting.pk]), sent)
    assert answer.status_code == 422
    assert "belum ada buktinya" in words(answer)
    bad = {**sent, f"{one.pk}-given_on": "2025-02-30"}
    assert "Masukkan tanggal" in words(
        signed_in(people["facilitator"]).post(reverse("first_meeting", args=[meeting.pk]), bad)
    )
    two.refresh_from_db()
    assert two.consent == 3
    assert "Keluarga menolak" in words(see(people["facilitator"], "candidate", two.family_id))
    assert signed_in(people["office"]).post(reverse("first_meeting", args=[meeting.pk]), sent).status_code >= 400


def test_a_consent_photograph_opens_only_inside_the_scope(
    world: World, village: Group, candidates: Candidates, people: People
) -> None:
    candidates(1)
    meeting = meet(world, village)
    row = meeting.invitations.get()
    file = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    sent = {f"{row.pk}-came": "1", f"{row.pk}-consent": "2", f"{row.pk}-photograph": file}
    signed_in(people["facilitator"]).post(reverse("first_meeting", args=[meeting.pk]), sent)
    shown = see(people["facilitator"], "consent_proof", meeting.pk, row.pk)
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    assert see(people["colleague"], "consent_proof", meeting.pk, row.pk).status_code == 404


VISIT: dict[str, Any] = {
    "visited_on": "2025-05-19", "begins": "09:00", "ends": "09:40", "result": "ineligible", "reason": "well_off",
    "latitude": "-3.05", "longitude": "115.1", "accuracy_m": "400", "note": "", "terrain": "easy", "floor": "tile",
}  # fmt: skip


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"visited_on": "2025-05-21"}, "belum terjadi"),
        ({"latitude": "115", "longitude": "-3"}, "tertukar"),
        ({"ends": "08:00"}, "tidak sesudah"),
        ({"reason": ""}, "Pilih alasan"),
        ({"begins": "pagi"}, "hal perlu diperbaiki"),
    ],
)
def test_a_visit_that_cannot_be_is_told_at_the_form(
    world: World, people: People, told: dict[str, str], said: str
) -> None:
    family = world.family()
    answer = signed_in(people["facilitator"]).post(reverse("visit_new", args=[family.pk]), {**VISIT, **told})
    assert answer.status_code == 422
    assert said in words(answer)
    assert HomeVisit.objects.count() == 0


def test_a_visit_begins_with_what_is_recorded_of_each_member(world: World, people: People) -> None:
    """Also a school of another kecamatan than the family's."""
    school = Facility.objects.create(kind="school", code="301", name="SDN JAUH", name_key="SDN JAUH", region_id=CEMPAKA)
    family = world.family((Component.PRIMARY, {"facility": school}), Component.TODDLER)
    pupil, small = Member.objects.filter(family=family, manager=False).order_by("born_on")
    form = see(people["facilitator"], "visit_new", family.pk).context["form"]
    begun = {name: form[name].value() for name in form.fields if name.startswith(("component-", "school-"))}
    manager = Member.objects.get(family=family, manager=True)
    assert begun == {
        f"component-{manager.pk}": None, f"school-{manager.pk}": None,
        f"component-{pupil.pk}": Component.PRIMARY, f"school-{pupil.pk}": school.pk,
        f"component-{small.pk}": Component.TODDLER, f"school-{small.pk}": None,
    }  # fmt: skip
    assert (str(school.pk), "SDN JAUH") in form.fields[f"school-{pupil.pk}"].choices


def test_a_visit_keeps_its_good_photographs_and_tells_the_bad(world: World, people: People) -> None:
    family = world.family(name="NORLIANI")
    sent = {
        **VISIT,
        "photo-house": [SimpleUploadedFile("a.jpg", picture()), SimpleUploadedFile("b.jpg", b"no")],
        "photo-inside": SimpleUploadedFile("c.jpg", picture(colour=9)),
    }
    answer = signed_in(people["facilitator"]).post(reverse("visit_new", args=[family.pk]), sent, follow=True)
    assert "b.jpg bukan foto" in words(answer)
    assert "NORLIANI" in words(answer)
    assert "kasar" in words(answer)  # 400 m
    assert sorted(VisitPhotograph.objects.values_list("kind", flat=True)) == ["house", "inside"]
    photo = VisitPhotograph.objects.latest("pk")
    shown = see(people["coordinator"], "visit_photograph", photo.visit_id, photo.pk)
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    assert see(people["stranger"], "visit_photograph", photo.visit_id, photo.pk).status_code == 404
    assert see(people["colleague"], "visit", photo.visit_id).status_code == 404


def test_a_visit_is_put_right_by_who_made_it(world: World, people: People) -> None:
    family = world.family(name="NORLIANI")
    client = signed_in(people["facilitator"])
    client.post(reverse("visit_new", args=[family.pk]), VISIT)
    visit = HomeVisit.objects.get()
    page = reverse("visit_correct", args=[visit.pk])
    assert page in words(see(people["facilitator"], "visit", visit.pk))
    assert page not in words(see(people["coordinator"], "visit", visit.pk))
    assert "Perbaiki kunjungan" in words(client.get(page))
    assert 'value="400"' in words(client.get(page))  # as it stands
    right = {**VISIT, "result": "eligible", "reason": "", "because": "hasil tertukar dengan tetangga"}
    assert client.post(page, {**right, "because": ""}).status_code == 422
    assert "Hanya yang berkunjung" in words(signed_in(people["coordinator"]).post(page, right))
    assert signed_in(people["colleague"]).post(page, right).status_code == 404
    assert client.post(page, right).status_code == 303
    assert HomeVisit.objects.get().eligible
    assert not EndProposal.objects.exists()


def test_a_first_meeting_is_moved_with_a_reason(
    world: World, village: Group, candidates: Candidates, people: People
) -> None:
    candidates(2)
    meeting = meet(world, village, held_on=date(2025, 5, 12))
    client, page = signed_in(people["facilitator"]), reverse("first_meeting", args=[meeting.pk])
    move = reverse("first_meeting_move", args=[meeting.pk])
    told = {"held_on": "2025-05-13", "begins": "10:00", "place": "Balai desa", "because": "tanggal salah ketik"}
    assert "Ubah dengan alasan" in words(client.get(page))
    assert "hanya 4 huruf; paling sedikit 5" in words(client.post(move, {**told, "because": "ubah"}))
    assert signed_in(people["colleague"]).post(move, told).status_code == 404
    assert client.post(move, told).status_code == 303
    one, _two = meeting.invitations.order_by("pk")
    assert one.held_on == date(2025, 5, 13)
    answer = {f"{one.pk}-came": "1", f"{one.pk}-consent": "3"}
    assert client.post(page, answer).status_code == 303
    assert "Tulis alasan" in words(client.post(page, {**answer, f"{one.pk}-consent": "0"}))
    again = {**answer, f"{one.pk}-consent": "0", "because": "penolakan milik tetangga"}
    assert client.post(page, again).status_code == 303
    assert Candidacy.objects.get(family=one.family_id).closed_on is None
    old = meet(world, village, held_on=date(2025, 4, 1))
    assert "Ubah dengan alasan" not in words(client.get(reverse("first_meeting", args=[old.pk])))
    assert "dalam 31 hari" in words(client.post(reverse("first_meeting_move", args=[old.pk]), told))


def test_an_end_is_decided_by_the_level_of_policy(world: World, people: People) -> None:
    family = world.family()
    signed_in(people["facilitator"]).post(reverse("visit_new", args=[family.pk]), VISIT)
    proposal = EndProposal.objects.get()
    assert "<mark>1 usulan</mark>" in words(see(people["office"], "visits"))
    assert "Putuskan" not in words(see(people["facilitator"], "visit", proposal.visit_id))
    told = {"ends": "1", "ends_on": "2025-06-01", "why": "sudah dicek bersama desa"}
    address = reverse("end_decide", args=[proposal.pk])
    assert signed_in(people["facilitator"]).post(address, told).status_code == 404
    assert signed_in(people["stranger"]).post(address, told).status_code == 404
    assert "Putuskan" in words(see(people["office"], "visit", proposal.visit_id))
    assert signed_in(people["office"]).post(address, told).status_code == 303
    assert Enrolment.objects.get(family=family).spell.upper == date(2025, 6, 1)


def test_a_decree_is_for_those_who_may_and_says_who_is_not_ready(
    world: World, village: Group, candidates: Candidates, people: People
) -> None:
    one, two = candidates(2)
    validated(world, one)
    told: dict[str, Any] = {"number": "SK 9/2025", "decreed_on": "2025-05-19", "starts_on": "2025-06-01"}
    page = words(see(people["office"], "decree"))
    assert "CALON 1" in page
    assert "CALON 2" not in page
    assert see(people["coordinator"], "decree").status_code == 404
    client = signed_in(people["office"])
    refused = client.post(reverse("decree"), {**told, "candidate": [one.pk, two.pk]})
    assert refused.status_code == 422
    assert "CALON 2 belum dinyatakan layak" in words(refused)
    assert "checked" in words(refused)
    assert client.post(reverse("decree"), {**told, "candidate": [one.pk]}).status_code == 303
    assert Enrolment.objects.filter(family=one.family).count() == 1


def test_groups_are_balanced_in_part_and_a_stale_proposal_is_refused(world: World, people: People) -> None:
    for _ in range(44):
        world.family()
    page = see(people["coordinator"], "groups_balance", region="6305030000")
    assert "<mark>22 perpindahan</mark>" in words(page)
    assert "Hiyung 1" in words(page)
    first = next(line for line in page.context["lines"] if line.moves).moves[0]
    key = f"{first.home.family}:{first.to.key}"
    client = signed_in(people["coordinator"])
    told = {"region": "6305030000", "move": [key], "why": "pembagian kelompok Mei"}
    assert client.post(reverse("groups_balance"), told).status_code == 303
    assert Family.objects.filter(group__name="Hiyung 1").count() == 1
    again = client.post(reverse("groups_balance"), {**told, "move": ["999:g1"]})
    assert again.status_code == 422
    assert "tidak diusulkan lagi" in words(again)
    assert see(people["facilitator"], "groups_balance").status_code == 404
    other = see(people["stranger"], "groups_balance", region="6305030000")
    assert "Hiyung" not in words(other)


def test_the_group_that_holds_candidates_is_no_group_of_the_lists(candidates: Candidates, people: People) -> None:
    candidates(1)
    for name in ("groups", "p2k2_groups"):
        assert "Calon Hiyung" not in words(see(people["coordinator"], name))
    assert FirstMeeting.objects.count() == 0


def test_agreeing_shows_on_the_candidate_s_page(
    world: World, village: Group, candidates: Candidates, people: People
) -> None:
    (one,) = candidates()
    agree(world, meet(world, village), one.family_id)
    page = words(see(people["facilitator"], "candidate", one.family_id))
    assert "Menunggu validasi" in page
    assert "map desa 1" in page
