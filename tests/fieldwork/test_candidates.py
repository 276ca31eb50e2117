"""Quotas, reserve, first meetings: who is moved up, who is refused and what is kept."""

from __future__ import annotations

from datetime import date, time

import pytest

from harapan.audit.models import Entry
from harapan.core.errors import Refused
from harapan.fieldwork.candidates import give_village, set_quota
from harapan.fieldwork.first_meetings import Answered, note_answers, note_reading, plan_meeting
from harapan.fieldwork.models import Candidacy, FirstMeeting, Invitation, VillageQuota
from harapan.registry.actions import NotYours
from harapan.registry.models import Group
from tests.benefits.world import HIYUNG, TAPIN, World
from tests.fieldwork.conftest import TODAY, Candidates, agree, meet
from tests.p2k2.test_photographs import picture
from tests.web.signing import person


def reserve() -> list[str]:
    return list(Candidacy.objects.filter(placed_on__isnull=True).order_by("pk").values_list("family__name", flat=True))


def test_beyond_the_quota_candidates_wait_in_reserve_by_rank(candidates: Candidates) -> None:
    candidates(5)
    assert reserve() == ["CALON 4", "CALON 5"]


def test_a_larger_quota_moves_the_reserve_up_and_says_so(world: World, candidates: Candidates) -> None:
    candidates(5)
    set_quota(HIYUNG, 4, source="Surat pusat 15/2025", from_on=date(2025, 3, 1), by=world.user, on=TODAY)
    assert reserve() == ["CALON 5"]
    assert VillageQuota.objects.count() == 1  # the same day again corrects
    assert Entry.objects.filter(verb="candidate.placed").count() == 4


def test_a_new_round_counts_from_its_own_day(world: World, candidates: Candidates) -> None:
    candidates(4)
    set_quota(HIYUNG, 2, source="Surat pusat 30/2025", from_on=date(2025, 5, 1), by=world.user, on=TODAY)
    assert reserve() == []  # one of the new two places
    candidates(3, on=TODAY)
    assert len(reserve()) == 1 + 1  # one place was left, for the better rank


def test_without_a_quota_everybody_waits(world: World, candidates: Candidates) -> None:
    VillageQuota.objects.all().delete()
    candidates(2)
    assert len(reserve()) == 2


@pytest.mark.parametrize(
    ("village", "places", "source", "said"),
    [(TAPIN, 3, "Surat 1", "bukan desa"), (HIYUNG, -1, "Surat 1", "tidak masuk akal"), (HIYUNG, 3, " ", "sumber")],
)
def test_a_quota_that_cannot_be_is_refused(world: World, village: int, places: int, source: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        set_quota(village, places, source=source, from_on=TODAY, by=world.user, on=TODAY)


def test_a_first_meeting_invites_those_with_a_place_once(world: World, village: Group, candidates: Candidates) -> None:
    candidates(5)
    meeting = meet(world, village)
    assert meeting.invitations.count() == 3
    again = meet(world, village, held_on=date(2025, 3, 17))
    assert again.invitations.count() == 0
    missed = meeting.invitations.order_by("pk").first()
    note_answers(meeting.pk, {missed.pk: Answered(Invitation.Came.ABSENT)}, by=world.user, on=TODAY)
    third = meet(world, village, held_on=date(2025, 3, 24))
    assert [row.family_id for row in third.invitations.all()] == [missed.family_id]


def test_a_refusal_is_an_outcome_and_its_place_goes_to_the_reserve(
    world: World, village: Group, candidates: Candidates
) -> None:
    first, *_rest = candidates(4)
    meeting = meet(world, village)
    assert agree(world, meeting, first.family_id, consent=Invitation.Consent.REFUSED).done == 1
    first.refresh_from_db()
    assert (first.closed_because, first.closed_on) == ("refused", date(2025, 3, 12))
    assert reserve() == []


def test_what_is_wrong_with_one_leaves_the_others_kept(world: World, village: Group, candidates: Candidates) -> None:
    candidates(3)
    meeting = meet(world, village)
    one, two, three = meeting.invitations.order_by("pk")
    came, signed = Invitation.Came.PRESENT, Invitation.Consent.SIGNED
    noted = note_answers(
        meeting.pk,
        {
            one.pk: Answered(came, signed),  # without proof
            two.pk: Answered(came, signed, photograph=("a.txt", b"not a picture")),
            three.pk: Answered(came, Invitation.Consent.THUMB, photograph=("a.jpg", picture())),
        },
        by=world.user, on=TODAY,
    )  # fmt: skip
    assert noted.done == 1
    assert "belum ada buktinya" in str(noted.refused[one.pk])
    assert "bukan foto" in str(noted.refused[two.pk])
    three.refresh_from_db()
    assert three.photograph_id is not None
    assert three.consent_on == meeting.held_on  # agreed there, written down in May
    late = Answered(came, signed, paper="map 1", given_on=date(2025, 3, 14))
    early = Answered(came, signed, paper="map 1", given_on=date(2025, 3, 9))
    noted = note_answers(meeting.pk, {one.pk: late, two.pk: early}, by=world.user, on=TODAY)
    assert "di luar masa sejak pertemuan" in str(noted.refused[two.pk])
    one.refresh_from_db()
    assert one.consent_on == date(2025, 3, 14)


def test_agreeing_needs_to_have_heard(world: World, village: Group, candidates: Candidates) -> None:
    candidates(1)
    meeting = plan_meeting(
        village.pk, kind=FirstMeeting.Kind.FIRST, held_on=TODAY, begins=time(9), place="Balai desa", by=world.user,
        on=TODAY,
    )  # fmt: skip

    row = meeting.invitations.get()
    answer = Answered(Invitation.Came.PRESENT, Invitation.Consent.SIGNED, paper="map 1")
    noted = note_answers(meeting.pk, {row.pk: answer}, by=world.user, on=TODAY)
    assert "dibacakan" in str(noted.refused[row.pk])
    note_reading(meeting.pk, read_by="Pendamping 1", by=world.user, on=TODAY)
    assert FirstMeeting.objects.get().rights == "2018"
    assert note_answers(meeting.pk, {row.pk: answer}, by=world.user, on=TODAY).done == 1
    assert note_answers(meeting.pk, {row.pk: answer}, by=world.user, on=TODAY).done == 0  # again: nothing


def test_a_meeting_to_come_has_no_attendance(world: World, village: Group, candidates: Candidates) -> None:
    candidates(1)
    meeting = meet(world, village, held_on=date(2025, 6, 1))
    with pytest.raises(Refused, match="belum terjadi"):
        note_reading(meeting.pk, read_by="Siti", by=world.user, on=TODAY)
    with pytest.raises(Refused, match="belum terjadi"):
        note_answers(meeting.pk, {}, by=world.user, on=TODAY)


def test_a_group_that_meets_holds_no_first_meeting(world: World) -> None:
    with pytest.raises(NotYours):
        plan_meeting(
            world.groups[HIYUNG].pk, kind=FirstMeeting.Kind.FIRST, held_on=TODAY, begins=time(9), place="Balai",
            by=world.user, on=TODAY,
        )  # fmt: skip


def test_whoever_is_given_a_village_sees_its_candidates(world: World, village: Group, candidates: Candidates) -> None:
    candidates(2)
    post = person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,))
    assert Candidacy.objects.visible_to(post).count() == 0
    give_village(HIYUNG, post.user, by=world.user, on=TODAY, why="pembagian calon Mei")
    post.refresh_from_db()
    assert village.pk in post.groups
    assert Candidacy.objects.visible_to(post).count() == 2
