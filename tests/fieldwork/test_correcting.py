"""Visits and first meetings put right: within the days, with a reason, and what they had moved is moved anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from harapan.accounts.models import User
from harapan.audit.models import Entry
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.fieldwork.correcting import correct_meeting, correct_visit
from harapan.fieldwork.decreeing import decide_end, decree
from harapan.fieldwork.first_meetings import Answered, note_answers
from harapan.fieldwork.models import Candidacy, EndProposal, FirstMeeting, FoundComponent, HomeVisit, Invitation
from harapan.fieldwork.visiting import Counted, VisitFacts, record_visit
from harapan.registry.actions import NotYours
from harapan.registry.models import Family, Group, Member
from harapan.workforce.models import Difficulty, Terrain
from tests.benefits.world import HIYUNG, World
from tests.fieldwork.conftest import TODAY, Candidates, agree, meet
from tests.fieldwork.test_visits import VISIT
from tests.web.signing import person

WHY = "jam dan hasil tertukar dengan keluarga sebelah"
SOON = date(2025, 3, 20)
INELIGIBLE = {"eligible": False, "reason": "well_off", "components": ()}
Come, Agree = Invitation.Came, Invitation.Consent


@pytest.fixture
def made(world: World) -> Callable[..., HomeVisit]:
    def record(family: Family, **told: Any) -> HomeVisit:
        return record_visit(family.pk, facts_for(family, **told), by=world.user, on=TODAY).visit

    return record


def facts_for(family: Family, **told: Any) -> VisitFacts:
    facts = replace(VISIT, **told)
    if facts.eligible and not facts.components:
        manager = Member.objects.get(family=family, manager=True)
        facts = replace(facts, components=(Counted(manager.pk, Component.PREGNANT),))
    return facts


def correct(world: World, visit: HomeVisit, *, by: User | None = None, on: date = TODAY, **told: Any) -> HomeVisit:
    facts = facts_for(visit.family, **told)
    return correct_visit(visit.pk, facts, because=WHY, by=by or world.user, on=on)


def changed(verb: str) -> Any:
    entry = Entry.objects.filter(verb=verb).latest("id")
    assert entry.why == WHY
    return json.loads(entry.body or "{}")["changed"]


def test_what_stood_before_is_kept_in_the_log(world: World, candidates: Candidates, made: Any) -> None:
    visit = made(candidates()[0].family)
    correct(world, visit, ends=time(10, 15), note="rumah di ujung gang")
    assert changed("visit.corrected") == {
        "ends": ["09:40:00", "10:15:00"], "note": ["", "rumah di ujung gang"],
    }  # fmt: skip
    correct(world, visit, ends=time(10, 15), note="rumah di ujung gang")
    assert Entry.objects.filter(verb="visit.corrected").count() == 1
    assert HomeVisit.objects.get().ends == time(10, 15)


def test_a_candidacy_wrongly_ended_is_opened_again_and_the_other_way_round(
    world: World, candidates: Candidates, made: Any
) -> None:
    (one,) = candidates()
    visit = made(one.family, **INELIGIBLE)
    one.refresh_from_db()
    assert one.closed_because == "well_off"
    correct(world, visit)
    one.refresh_from_db()
    assert (one.closed_on, one.validated_on, one.placed_on is not None) == (None, VISIT.visited_on, True)
    assert FoundComponent.objects.filter(visit=visit).count() == 1
    correct(world, visit, **INELIGIBLE)
    one.refresh_from_db()
    assert (one.closed_because, one.validated_on) == ("well_off", None)
    assert not FoundComponent.objects.exists()


def test_a_place_given_away_meanwhile_stays_given(world: World, candidates: Candidates, made: Any) -> None:
    one, *_others, waiting = candidates(4)
    visit = made(one.family, **INELIGIBLE)
    waiting.refresh_from_db()
    assert waiting.placed_on == TODAY  # moved up into the free place
    correct(world, visit)
    one.refresh_from_db()
    assert (one.closed_on, one.placed_on) == (None, None)


def test_an_end_that_was_proposed_wrongly_is_taken_back_until_it_is_decided(world: World, made: Any) -> None:
    family = world.family()
    visit = made(family, eligible=False, reason="well_off")
    correct(world, visit)
    assert not EndProposal.objects.exists()
    correct(world, visit, eligible=False, reason="well_off")
    lead = person("regency_coordinator", regions=(6305000000,))
    decide_end(
        EndProposal.objects.get().pk, ends=False, why="keluarga masih layak", ends_on=None,
        post=lead, by=lead.user, on=TODAY,
    )  # fmt: skip
    with pytest.raises(Refused, match="sudah diputuskan"):
        correct(world, visit)


def test_what_has_been_built_upon_is_not_put_right(
    world: World, village: Group, candidates: Candidates, made: Any
) -> None:
    one, two, three = candidates(3)
    agree(world, meet(world, village), one.family_id)
    visit = made(one.family)
    decree([one.pk], number="SK 1", decreed_on=TODAY, starts_on=date(2025, 6, 1), by=world.user, on=TODAY)
    with pytest.raises(Refused, match="sudah ditetapkan"):
        correct(world, visit, ends=time(11))
    early = made(two.family)
    made(two.family, visited_on=date(2025, 4, 9))
    with pytest.raises(Refused, match="dicatat kemudian"):
        correct(world, early, ends=time(11))
    other = made(three.family)
    with pytest.raises(Refused, match="Hanya yang berkunjung"):
        correct(world, other, by=User.objects.create(username="lain", name="Orang Lain"), ends=time(11))
    late = timezone.localdate(other.recorded_at) + timedelta(days=32)
    with pytest.raises(Refused, match="dalam 31 hari"):
        correct(world, other, on=late, ends=time(11))
    with pytest.raises(Refused, match="tidak sesudah"):
        correct(world, other, ends=time(8))
    with pytest.raises(Refused, match="Tulis alasan"):
        correct_visit(other.pk, facts_for(three.family), because=" ", by=world.user, on=TODAY)
    facts = facts_for(three.family, ends=time(11))
    with put_on(Scope.of_ranges(((6306000000, 6307000000),), actor=world.user.pk)), pytest.raises(NotYours):
        correct_visit(other.pk, facts, because=WHY, by=world.user, on=TODAY)


def test_a_meeting_is_moved_and_its_invitations_follow(world: World, village: Group, candidates: Candidates) -> None:
    candidates(2)
    meeting = meet(world, village)
    agree(world, meeting, Invitation.objects.earliest("pk").family_id)
    move: dict[str, Any] = {"begins": time(9), "place": "Rumah Pak RT", "because": WHY, "by": world.user, "on": SOON}
    for _twice in range(2):
        correct_meeting(meeting.pk, held_on=date(2025, 3, 11), **move)
    assert set(Invitation.objects.values_list("held_on", flat=True)) == {date(2025, 3, 11)}
    assert Invitation.objects.earliest("pk").consent_on == date(2025, 3, 11)
    assert changed("first_meeting.corrected") == {
        "held_on": ["2025-03-10", "2025-03-11"], "place": ["Balai desa", "Rumah Pak RT"],
    }  # fmt: skip
    assert Entry.objects.filter(verb="first_meeting.corrected").count() == 1
    with pytest.raises(Refused, match="tidak mungkin"):  # rights were read out already
        correct_meeting(meeting.pk, held_on=date(2025, 3, 28), **move)
    other = meet(world, village, held_on=date(2025, 3, 17))
    with pytest.raises(Refused, match="sudah dicatat untuk desa ini"):
        correct_meeting(other.pk, held_on=date(2025, 3, 11), **move)
    with pytest.raises(Refused, match="dalam 31 hari"):
        correct_meeting(other.pk, held_on=date(2025, 3, 12), **(move | {"on": TODAY}))
    assert FirstMeeting.objects.get(pk=other.pk).held_on == date(2025, 3, 17)


def test_an_answer_is_put_right_with_a_reason_and_a_refusal_undone(
    world: World, village: Group, candidates: Candidates
) -> None:
    one = candidates(1)[0]
    meeting = meet(world, village)
    agree(world, meeting, one.family_id, consent=Agree.REFUSED)
    row = Invitation.objects.get()
    signed = {row.pk: Answered(Come.PRESENT, Agree.SIGNED, paper="map desa 1")}
    told = {"by": world.user, "on": SOON}
    assert "Tulis alasan" in str(note_answers(meeting.pk, signed, **told).refused[row.pk])
    assert Candidacy.objects.get().closed_because == "refused"
    assert note_answers(meeting.pk, signed, **told, because=WHY).done == 1
    assert (Candidacy.objects.get().closed_on, Invitation.objects.get().consent) == (None, Agree.SIGNED)
    entry = Entry.objects.filter(verb="candidate.answered").latest("id")
    assert json.loads(entry.body or "{}")["before"]["consent"] == int(Agree.REFUSED)
    late = note_answers(meeting.pk, {row.pk: Answered(Come.ABSENT)}, by=world.user, on=TODAY, because=WHY)
    assert "dalam 31 hari" in str(late.refused[row.pk])


def test_the_terrain_of_a_village_is_what_most_validation_visits_say(
    world: World, candidates: Candidates, made: Any
) -> None:
    one, two, three = candidates(3)

    def standing() -> list[tuple[int, str]]:
        return list(Terrain.objects.filter(region=HIYUNG).values_list("difficulty", "source"))

    made(world.family(), terrain="hard")  # a member's house: no validation
    assert standing() == []
    made(one.family, terrain="hard")
    assert standing() == [(Difficulty.HARD, "kunjungan validasi")]
    made(two.family, terrain="easy")
    made(three.family, terrain="easy")
    assert standing() == [(Difficulty.EASY, "kunjungan validasi")]
    Terrain.objects.update(source="ketua tim", difficulty=Difficulty.MEDIUM)
    made(three.family, terrain="hard", begins=time(13), ends=time(14))
    assert standing() == [(Difficulty.MEDIUM, "ketua tim")]  # who answers for the place is not overruled
