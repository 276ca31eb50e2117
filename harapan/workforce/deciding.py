"""A proposal accepted, whole or in part, becomes a decree: groups change hands, divided groups are divided."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from string import ascii_uppercase

from django.db.models import Count, Q

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.policy.reasons import demand_reason
from harapan.regions.models import Region
from harapan.registry import grouping
from harapan.registry.actions import NotYours, assign_facilitator
from harapan.registry.models import NO_GROUP, Enrolment, Family, Group
from harapan.workforce.balancing.problem import Move
from harapan.workforce.law import law_on
from harapan.workforce.models import CaseloadMove, Decree

Reason = CaseloadMove.Reason


def accept(
    moves: Sequence[Move], *, region: Region, number: str, dated: date, by: User, on: date, why: str = ""
) -> Decree:
    """Carry out moves of a proposal under a decree, all or none. The same moves under the same number change nothing.

    Whole groups go to the taker; of a divided one, neighbours go into a group of the taker in that village, or a new
    one. Raises Refused for a number used for something else, moves to nobody real, or a group that has changed since.
    """
    number = _checked(moves, number, dated, on)
    digest = _digest(moves)
    with atomic():
        groups = _locked(moves)  # whoever sends the same a second time waits here, and then finds it done
        known = Decree.objects.filter(region=region, number=number).first()
        if known is not None:
            return _same(known, digest)
        for move in moves:
            _refuse_changed(move, groups[move.group])
        decree = Decree.objects.create(
            number=number, dated=dated, region=region, why=why[:300], digest=digest, made_by=by
        )
        lines = _divide([move for move in moves if not move.whole], groups, decree, by=by, on=on)
        lines += _hand_over([move for move in moves if move.whole], groups, decree, by=by, on=on)
        CaseloadMove.objects.bulk_create(lines)
        _record("caseload.decided", decree, lines)
    return decree


def reverse(decree_id: int, *, number: str, dated: date, by: User, on: date, why: str) -> Decree:
    """Take a decree back by another one: groups return whole, families return to the group they came from.

    What has changed hands since stays where it is and is in neither decree. Raises NotYours, or Refused where the
    decree is reversed already, reverses another, or nothing of it can go back.
    """
    demand_reason(why, Phrase("Tulis alasan pengembalian SK; auditor akan membacanya."), on=on)
    number = _checked((), number, dated, on, some=True)
    with atomic():
        decree = Decree.objects.select_related("region").filter(pk=decree_id).first()
        if decree is None:
            raise NotYours(Phrase("SK"))
        _hold(decree)
        if decree.reverses_id or Decree.objects.filter(reverses=decree).exists():
            raise Refused("SK {number} sudah dikembalikan, atau merupakan pengembalian.", number=decree.number)
        if Decree.objects.filter(region=decree.region, number=number).exists():
            raise Refused("Nomor SK {number} sudah dipakai. Pakai nomor SK pengembaliannya.", number=number)
        back = Decree.objects.create(
            number=number, dated=dated, region=decree.region, reverses=decree, why=why[:300], digest="", made_by=by
        )
        lines = [line for move in decree.moves.select_related("giver", "origin").order_by("pk")
                 if (line := _back(move, back, by=by, on=on)) is not None]  # fmt: skip
        if not lines:
            raise Refused("Semua kelompok dalam SK {number} sudah berganti lagi.", number=decree.number)
        CaseloadMove.objects.bulk_create(lines)
        _record("caseload.reversed", back, lines)
    return back


def _hold(decree: Decree) -> None:
    """Lock every group of a decree in one order, so that two who take it back follow one another."""
    groups = Group.objects.filter(pk__in=decree.moves.values("group")).order_by("pk")
    list(groups.select_for_update(of=("self",)).values_list("pk"))


def _checked(moves: Sequence[Move], number: str, dated: date, on: date, *, some: bool = False) -> str:
    number = " ".join(number.split())
    if not number:
        raise Refused("Nomor SK kosong. Tulis nomornya, misalnya SK/12/PKH/2025.")
    if dated > on:
        raise Refused("Tanggal SK {dated} belum tiba. Catat SK setelah ditandatangani.", dated=format_date(dated))
    if not moves and not some:
        raise Refused("Tidak ada baris yang dipilih. Pilih paling sedikit satu pemindahan.")
    if any(move.taker <= 0 or move.group < 0 for move in moves):
        raise Refused(
            "Usulan ini memakai pengandaian. Hitung ulang tanpa tambahan pendamping atau keluarga, lalu catat."
        )
    return number


def _digest(moves: Iterable[Move]) -> str:
    keys = sorted((move.group, move.village, move.whole, move.families, move.giver or 0, move.taker) for move in moves)
    return hashlib.sha256(json.dumps(keys).encode()).hexdigest()


def _same(known: Decree, digest: str) -> Decree:
    if known.digest != digest:
        raise Refused("Nomor SK {number} sudah dipakai untuk pemindahan lain. Periksa nomornya.", number=known.number)
    return known


def _locked(moves: Iterable[Move]) -> dict[int, Group]:
    wanted = {move.group for move in moves}
    groups = {
        group.pk: group for group in Group.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    }
    if len(groups) != len(wanted):
        raise NotYours(Phrase("Kelompok"))
    return groups


def _refuse_changed(move: Move, group: Group) -> None:
    """A group that found another facilitator since is not taken from them unasked; one whose facilitator left is."""
    if group.pk != NO_GROUP and move.giver is not None and group.facilitator_id != move.giver:
        raise Refused("Pendamping {group} sudah berganti sejak usulan ini dihitung. Hitung ulang.", group=group.name)


def _hand_over(
    moves: Sequence[Move], groups: Mapping[int, Group], decree: Decree, *, by: User, on: date
) -> list[CaseloadMove]:
    takers: dict[int, list[Move]] = defaultdict(list)
    for move in moves:
        takers[move.taker].append(move)
    people = User.objects.in_bulk(takers)
    lines = []
    for taker, theirs in sorted(takers.items()):
        if taker not in people:
            raise NotYours(Phrase("Pendamping"))
        assign_facilitator([move.group for move in theirs], people[taker], by=by, on=on, why=decree.number)
        lines += [_line(decree, move, groups[move.group]) for move in theirs]
    return lines


def _line(decree: Decree, move: Move, group: Group, **rest: object) -> CaseloadMove:
    return CaseloadMove(
        decree=decree, group=group, group_name=group.name, region_no=int(group.region_id or 0),
        giver_id=move.giver, taker_id=move.taker,
        families=move.families, reason=Reason(move.reason), **rest,
    )  # fmt: skip


def _divide(
    moves: Sequence[Move], groups: Mapping[int, Group], decree: Decree, *, by: User, on: date
) -> list[CaseloadMove]:
    lines, waiting = [], _neighbours(moves, on)
    for move in moves:
        group = groups[move.group]
        there = waiting[_source(move)]
        if len(there) < move.families:
            raise Refused(
                "{group} kini punya lebih sedikit keluarga daripada saat usulan dihitung. Hitung ulang.",
                group=group.name,
            )
        going = [there.pop() for _ in range(move.families)]
        into = _into(move, group, by=by, on=on, why=decree.number)
        grouping.move_to_group(going, into.pk, by=by, on=on, why=decree.number)
        lines.append(_line(decree, move, into, origin=group, family_nos=sorted(going)))
    return lines


def _source(move: Move) -> tuple[int, int]:
    """Where the families of a part come from: a group, or of those without a group a village."""
    return (move.group, move.village if move.group == NO_GROUP else 0)


def _neighbours(moves: Sequence[Move], on: date) -> dict[tuple[int, int], list[int]]:
    """Source -> its families of the programme, those who live together beside each other. One query."""
    found: dict[tuple[int, int], list[int]] = {_source(move): [] for move in moves}
    groups = {group for group, _village in found}
    enrolled = Enrolment.objects.filter(group_no__in=groups, spell__contains=on)
    rows = Family.objects.filter(group__in=groups, pk__in=enrolled.values("family"))
    rows = rows.order_by("region", "rw", "rt", "hamlet", "name_key", "pk")
    if NO_GROUP in groups:
        loose = {village for group, village in found if group == NO_GROUP}
        rows = rows.filter(Q(group__in=groups - {NO_GROUP}) | Q(region__in=loose))
    for pk, group, village in rows.values_list("pk", "group", "region_id"):
        source = (group, village if group == NO_GROUP else 0)
        if source in found:
            found[source].append(pk)
    return found


def _into(move: Move, group: Group, *, by: User, on: date, why: str) -> Group:
    """The taker's smallest group that meets in the village and has room; else a new one, named after the divided."""
    room = law_on(on).group_families_max - move.families
    meeting = Group.objects.filter(facilitator=move.taker, region=move.village, candidates=False)
    own = meeting.annotate(number=Count("families"))
    found = own.filter(number__lte=room, number__gt=0).order_by("number", "pk").first()
    if found is not None:
        return found
    made = grouping.make_group(_name(group, move.village), move.village, by=by, on=on, why=why)
    (given,) = assign_facilitator([made.pk], User.objects.get(pk=move.taker), by=by, on=on, why=why)
    return given


def _name(group: Group, village: int) -> str:
    """ "Melati 1 B" where "Melati 1" is divided; the first letter that is free in the village."""
    stem = "Kelompok" if group.pk == NO_GROUP else group.name[: grouping.NAME_MAX - 3]
    taken = set(Group.objects.filter(region=village).values_list("name", flat=True))
    return next(name for letter in _letters() if (name := f"{stem} {letter}") not in taken)


def _letters() -> Iterator[str]:
    """B to Z, then B2 and so on."""
    for round_no in count(1):
        yield from (f"{letter}{round_no if round_no > 1 else ''}" for letter in ascii_uppercase[1:])


def _back(move: CaseloadMove, decree: Decree, *, by: User, on: date) -> CaseloadMove | None:
    """The line that takes a move back, carried out; None where others have decided since, or nobody was there."""
    group = Group.objects.select_for_update(of=("self",)).get(pk=move.group_id)
    if move.giver is None or group.facilitator_id != move.taker_id:
        return None
    said = {"decree": decree, "giver_id": move.taker_id, "taker_id": move.giver_id, "reason": Reason.BACK}
    if move.origin is None:
        assign_facilitator([group.pk], move.giver, by=by, on=on, why=decree.number)
        return CaseloadMove(
            group=group, group_name=group.name, region_no=move.region_no, families=move.families, **said
        )
    still = list(Family.objects.filter(pk__in=move.family_nos, group=group).values_list("pk", flat=True))
    if not still or move.origin.facilitator_id != move.giver_id:
        return None
    grouping.move_to_group(still, move.origin.pk, by=by, on=on, why=decree.number)
    return CaseloadMove(
        group=move.origin, group_name=move.origin.name, region_no=int(move.origin.region_id or 0), origin=group,
        families=len(still), family_nos=sorted(still), **said,
    )  # fmt: skip


def _record(verb: str, decree: Decree, lines: Sequence[CaseloadMove]) -> None:
    body = {
        "number": decree.number, "dated": decree.dated, "moves": len(lines),
        "families": sum(line.families for line in lines),
        "people": sorted({person for line in lines for person in (line.giver_id, line.taker_id) if person}),
    }  # fmt: skip
    log.record(verb, kind="decree", subject=decree.pk, why=decree.why, body=body)
