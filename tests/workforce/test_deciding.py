"""A proposal becomes a decree: all or nothing, once, and back again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.core.errors import Refused
from harapan.database.scope import put_on
from harapan.registry.actions import assign_facilitator
from harapan.registry.grouping import move_to_group
from harapan.registry.models import NO_GROUP, Family, Group
from harapan.workforce.balancing.problem import Move, Reason
from harapan.workforce.deciding import accept, reverse
from harapan.workforce.holdings import read_caseload
from harapan.workforce.models import CaseloadMove, Decree
from harapan.workforce.proposing import Wishes, propose
from harapan.workforce.queries import families_of
from tests.benefits.world import HIYUNG
from tests.workforce.conftest import TODAY, Team

EVEN = Wishes(split_groups=True)
NUMBER = "SK/12/PKH/2025"


def moves_of(team: Team) -> Sequence[Move]:
    return propose(team.coordinator, team.place, EVEN, on=TODAY).moves


def decided(team: Team, moves: Sequence[Move] | None = None, *, number: str = NUMBER) -> Decree:
    chosen = moves_of(team) if moves is None else moves
    return accept(
        chosen, region=team.place, number=number, dated=TODAY, by=team.coordinator.user, on=TODAY, why="pembagian 2025"
    )


def back(team: Team, decree: Decree, number: str = "SK/13") -> Decree:
    return reverse(decree.pk, number=number, dated=TODAY, by=team.coordinator.user, on=TODAY, why="nama keliru")


def test_what_was_proposed_is_what_then_stands(uneven: Team) -> None:
    proposal = propose(uneven.coordinator, uneven.place, EVEN, on=TODAY)
    decree = decided(uneven, proposal.moves)
    assert uneven.loads() == {name: proposal.loads.get(post.user_id, 5) for name, post in uneven.posts.items()}
    assert Family.objects.count() == 54
    assert decree.moves.count() == len(proposal.moves)
    assert sum(decree.moves.values_list("families", flat=True)) == proposal.families_moved
    assert not moves_of(uneven)  # fair now


def test_the_decree_names_both_and_the_log_knows(uneven: Team) -> None:
    decree = decided(uneven)
    givers = set(decree.moves.values_list("giver__name", flat=True))
    assert givers == {"ANI", None}
    assert set(decree.moves.values_list("taker__name", flat=True)) <= {"CICI", "DEDI"}
    entry = Entry.objects.get(verb="caseload.decided")
    assert entry.subject == decree.pk
    assert entry.why == "pembagian 2025"
    assert Entry.objects.filter(verb="groups.assigned", why=NUMBER).exists()
    assert Entry.objects.filter(verb="family.moved", why=NUMBER).exists()


def test_a_divided_group_becomes_two_with_neighbours_together(uneven: Team) -> None:
    (first, *_rest) = [move for move in moves_of(uneven) if move.giver == uneven.user("ANI").pk]
    decree = decided(uneven, [replace(first, taker=uneven.user("DEDI").pk, families=5, whole=False)])
    part = decree.moves.get()
    assert (part.origin.name, part.group.name) == ("Melati 1", "Melati 1 B")
    assert part.group.region_id == part.origin.region_id
    assert part.group.facilitator_id == part.taker_id
    moved = Family.objects.filter(pk__in=part.family_nos)
    assert set(moved.values_list("group", flat=True)) == {part.group_id}
    stayed = Family.objects.filter(group=part.origin)
    assert max(stayed.values_list("rt", flat=True)) <= min(moved.values_list("rt", flat=True))


def test_a_part_joins_a_group_of_the_taker_that_has_room(uneven: Team) -> None:
    """CICI has three families in the village: what comes to her joins them, as long as thirty are not exceeded."""
    (first, *_rest) = [move for move in moves_of(uneven) if move.giver == uneven.user("ANI").pk]
    part = replace(first, taker=uneven.user("CICI").pk, families=5, whole=False)
    decree = decided(uneven, [part])
    assert decree.moves.get().group == uneven.groups["Kenanga 1"]
    assert uneven.loads()["CICI"] == 8


def test_some_lines_alone(uneven: Team) -> None:
    lost = [move for move in moves_of(uneven) if move.giver is None]
    decided(uneven, lost)
    assert sum(uneven.loads().values()) == 54
    assert uneven.loads()["ANI"] == 30


def test_twice_is_once_and_another_under_the_same_number_is_refused(uneven: Team) -> None:
    moves = moves_of(uneven)
    first = decided(uneven, moves)
    entries = Entry.objects.count()
    assert decided(uneven, moves) == first
    assert Entry.objects.count() == entries
    with pytest.raises(Refused, match="sudah dipakai untuk pemindahan lain"):
        decided(uneven, moves[:1])


def test_all_or_nothing(uneven: Team) -> None:
    """The last line cannot be carried out, so none is."""
    moves = list(moves_of(uneven))
    Group.objects.filter(pk=moves[-1].group).update(facilitator=uneven.user("EKA"))
    before = uneven.groups["Melati 1"].families.count()
    with pytest.raises(Refused):
        decided(uneven, [*moves[:-1], replace(moves[-1], giver=uneven.user("BUDI").pk)])
    assert uneven.groups["Melati 1"].families.count() == before
    assert not Decree.objects.exists()


def test_what_changed_since_is_not_taken_unasked(uneven: Team) -> None:
    moves = [move for move in moves_of(uneven) if move.giver == uneven.user("ANI").pk]
    for name in ("Melati 1", "Melati 2"):
        assign_facilitator([uneven.groups[name].pk], uneven.user("EKA"), by=uneven.world.user, on=TODAY)
    with pytest.raises(Refused, match="sudah berganti"):
        decided(uneven, moves)
    Family.objects.filter(group=uneven.groups["Anggrek"]).update(group=NO_GROUP)


def test_a_supposed_person_a_day_to_come_and_no_number_are_refused(uneven: Team) -> None:
    moves = propose(uneven.coordinator, uneven.place, Wishes(split_groups=True, add=1), on=TODAY).moves
    with pytest.raises(Refused, match="pengandaian"):
        decided(uneven, moves)
    real = moves_of(uneven)
    with pytest.raises(Refused, match="Nomor SK kosong"):
        decided(uneven, real, number="  ")
    with pytest.raises(Refused, match="Tidak ada baris"):
        decided(uneven, [])
    with pytest.raises(Refused, match="belum tiba"):
        accept(
            real, region=uneven.place, number=NUMBER, dated=TODAY + timedelta(days=1), by=uneven.world.user, on=TODAY
        )


def test_another_decree_takes_it_back(uneven: Team) -> None:
    before = uneven.loads()
    names = {family.pk: family.group_id for family in Family.objects.all()}
    held = [move for move in moves_of(uneven) if move.giver is not None]
    decree = decided(uneven, held)
    again = back(uneven, decree)
    assert uneven.loads() == before
    assert {family.pk: family.group_id for family in Family.objects.all()} == names
    assert again.reverses == decree
    assert {move.reason for move in again.moves.all()} == {CaseloadMove.Reason.BACK}
    with pytest.raises(Refused, match="sudah dikembalikan"):
        back(uneven, decree, number="SK/14")


def test_what_has_gone_on_stays(uneven: Team) -> None:
    """One group went on to a third person meanwhile: it stays there; the rest returns."""
    held = [move for move in moves_of(uneven) if move.giver is not None]
    decree = decided(uneven, held)
    onward = decree.moves.first()
    assign_facilitator([onward.group_id], uneven.user("EKA"), by=uneven.world.user, on=TODAY)
    again = back(uneven, decree)
    assert onward.group_id not in again.moves.values_list("group", flat=True)
    onward.group.refresh_from_db()
    assert onward.group.facilitator == uneven.user("EKA")


def test_both_see_their_lines_and_strangers_none(uneven: Team) -> None:
    decided(uneven)
    seen = {}
    for name, post in uneven.posts.items():
        fresh = Post.objects.get(pk=post.pk)
        with put_on(fresh.scope(actor=fresh.user_id)):
            seen[name] = CaseloadMove.objects.count()
    assert seen["ANI"] > 0
    assert seen["DEDI"] > 0
    assert seen["BUDI"] == seen["EKA"] == 0


def test_the_list_to_hand_over_names_every_family(uneven: Team) -> None:
    decree = decided(uneven)
    moved = families_of(decree, on=TODAY)
    assert [move.families for move, _ in moved] == [len(families) for _, families in moved]


@pytest.fixture
def candidates(uneven: Team) -> Group:
    """DEDI looks after the candidates of Hiyung: five of them, and one who belongs to the programme by now."""
    group = Group.objects.create(name="Calon Hiyung", region_id=HIYUNG, candidates=True)
    assign_facilitator([group.pk], uneven.user("DEDI"), by=uneven.world.user, on=TODAY)
    for number in range(6):
        family = uneven.world.family(enrolled=number == 0, bank="", name=f"CALON {number}")
        move_to_group([family.pk], group.pk, by=uneven.world.user, on=TODAY, why="calon baru")
    return group


def test_candidates_go_with_their_group_and_weigh_nothing(uneven: Team, candidates: Group) -> None:
    assert read_caseload(uneven.coordinator, uneven.place, on=TODAY).facilitators[uneven.user("DEDI").pk].load == 1
    whole = Move(candidates.pk, HIYUNG, 1, True, uneven.user("DEDI").pk, uneven.user("CICI").pk, Reason.EVEN)
    ((move, families),) = families_of(decided(uneven, [whole]), on=TODAY)
    assert (move.families, len(families)) == (1, 6)
    assert [each.name for each in families if each.enrolled] == ["CALON 0"]  # type: ignore[attr-defined]


def test_a_group_is_divided_among_members_and_never_into_one_of_candidates(uneven: Team, candidates: Group) -> None:
    waiting = uneven.world.family(enrolled=False, bank="", name="A PALING DEPAN", rt="000")
    melati = uneven.groups["Melati 1"]
    move_to_group([waiting.pk], melati.pk, by=uneven.world.user, on=TODAY, why="calon baru")
    part = Move(melati.pk, HIYUNG, 18, False, uneven.user("ANI").pk, uneven.user("DEDI").pk, Reason.EVEN)
    ((move, families),) = families_of(decided(uneven, [part]), on=TODAY)
    assert waiting.pk not in move.family_nos
    assert len(families) == 18
    assert move.group_id != candidates.pk
