"""Everything that a month's reports rest on, gathered for many people at once: the number of queries is constant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Sum

from harapan.core.periods import month_days
from harapan.fieldwork.evidence import ALL, Deed
from harapan.fieldwork.evidence.meetings import PICTURES_A_SESSION, Picture, pictures_of
from harapan.fieldwork.results import MEETINGS
from harapan.fieldwork.targets import Counted, Progress, counted, progress_in
from harapan.fieldwork.workers import Worker, facilitators_under
from harapan.p2k2.models import Session
from harapan.p2k2.papers import report as p2k2_report
from harapan.p2k2.queries import Tally, tallies_of
from harapan.payments.models import SettlementLine
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.registry.models import Family, Group
from harapan.registry.narrowing import enrolled
from harapan.workforce import duties
from harapan.workforce.models import ExtraDuty

PLACES = {codes.Level.DISTRICT: "district", codes.Level.REGENCY: "regency", codes.Level.PROVINCE: "province"}


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of the month, for the table of the report and its own official pages."""

    session: Session
    tally: Tally
    pictures: tuple[Picture, ...]

    def official(self, place: Mapping[str, str]) -> dict[str, Any]:
        """The official report's contents."""
        return p2k2_report.contents(self.session, self.session.group, self.tally, place=place)


@dataclass(slots=True)
class Records:
    """A month of these people. `under`: lead -> the facilitators they answer for."""

    month: str
    workers: Sequence[Worker]
    under: dict[int, list[Worker]] = field(default_factory=dict)
    deeds: dict[tuple[int, int], list[Deed]] = field(default_factory=lambda: defaultdict(list))
    counted: Counted | None = None
    progress: dict[int, dict[int, Progress]] = field(default_factory=dict)
    groups: dict[int, list[Group]] = field(default_factory=lambda: defaultdict(list))
    holders: dict[int, int] = field(default_factory=dict)  # group -> who meets it, also those where candidates wait
    families: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    meetings: dict[int, list[Meeting]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[int, list[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(list))
    duties: dict[int, list[ExtraDuty]] = field(default_factory=lambda: defaultdict(list))
    places: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def days(self) -> tuple[date, date]:
        return month_days(self.month)

    def place(self, worker: Worker) -> dict[str, str]:
        """Names of `district`, `regency` and `province`, as far down as the post reaches."""
        return self.places.get(worker.region_no, {})

    def place_of(self, session: Session) -> dict[str, str]:
        """The same of where a meeting's group lives."""
        return self.places.get(codes.ancestor(session.region_no, codes.Level.DISTRICT), {})

    def districts(self, worker: Worker) -> list[str]:
        """Names of the kecamatan where the own groups live; of a lead, and without groups, that of the post."""
        own = () if worker.lead else self.groups.get(worker.pk, ())
        names = [self.places.get(_district(group), {}).get("district", "") for group in own]
        return [name for name in dict.fromkeys(names) if name] or [
            name for name in (self.place(worker).get("district"),) if name
        ]

    def units(self, user: int, evidence: str) -> int:
        year, month = map(int, self.month.split("-"))
        return self.counted.by_evidence.get((user, year * 100 + month, evidence), 0) if self.counted else 0


def gather(workers: Sequence[Worker], month: str, *, among: Sequence[Worker] = ()) -> Records:
    """`among`: everybody in reach, of whom leads report the facilitators below them (default: the workers themselves).

    Reads under the scope that is on.
    """
    everybody = list({each.pk: each for each in (*workers, *among)}.values())
    found = Records(month, workers)
    first, after = found.days
    found.under = {each.pk: facilitators_under(each, everybody) for each in workers if each.lead}
    users = [each.pk for each in workers]
    told = {*users, *(each.pk for rows in found.under.values() for each in rows)}
    people = [each for each in everybody if each.pk in told]
    found.counted = counted(people, first, after)
    found.progress = progress_in(people, [month], found.counted)
    for evidence in ALL:
        for deed in evidence.tell(users, first, after):
            found.deeds[deed.user, evidence.rhk].append(deed)
    found.duties = duties.in_force({each.pk: each.region_no for each in workers}, first, after)
    _groups(found, [each.pk for each in people])
    _meetings(found)
    _answers(found)
    met = {_district(group) for each in workers for group in found.groups.get(each.pk, ())}
    found.places = _places({each.region_no for each in workers} | met)
    return found


def _groups(found: Records, users: Sequence[int]) -> None:
    """Two queries."""
    holders = found.holders
    for group in (
        Group.objects.filter(facilitator__in=users).select_related("region").order_by("region_id", "name", "pk")
    ):
        if not group.candidates:  # where candidates wait nobody meets
            found.groups[group.facilitator_id or 0].append(group)
        holders[group.pk] = group.facilitator_id or 0
    members = enrolled(Family.objects.filter(group_id__in=list(holders)), on=found.days[1])
    for group_no, number in members.order_by().values_list("group_id").annotate(Count("pk")):
        found.families[holders[group_no]] += number


def _meetings(found: Records) -> None:
    """Four queries."""
    users = [each.pk for each in found.workers if not each.lead]
    first, after = found.days
    rows = Session.objects.filter(group__facilitator__in=users, held_on__gte=first, held_on__lt=after)
    held = list(rows.select_related("group__facilitator", "recorded_by").order_by("held_on", "begins", "pk"))
    tallies, pictures = tallies_of(held), pictures_of(session.pk for session in held)
    for session in held:
        shown = tuple(pictures.get(session.pk, ())[:PICTURES_A_SESSION])
        found.meetings[session.group.facilitator_id or 0].append(Meeting(session, tallies[session.pk], shown))


def _answers(found: Records) -> None:
    """(outcome, families, rupiah) of the answers of bank and post dated in this month, by who meets the family."""
    holders = found.holders
    first, after = found.days
    lines = SettlementLine.objects.filter(group_no__in=list(holders), on__gte=first, on__lt=after).order_by()
    summed = lines.values_list("group_no", "outcome").annotate(Count("family", distinct=True), Sum("amount_idr"))
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for group_no, outcome, families, idr in summed:
        place = sums[holders[group_no], outcome]
        place[0] += families
        place[1] += int(idr)
    for (user, outcome), (families, idr) in sorted(sums.items()):
        found.answers[user].append((outcome, families, idr))


def _district(group: Group) -> int:
    return codes.ancestor(group.region_id or 0, codes.Level.DISTRICT)


def _places(numbers: set[int]) -> dict[int, dict[str, str]]:
    """Region number -> level word -> name. One query."""
    lineages = {no: codes.lineage(no) for no in numbers}
    rows = Region.objects.filter(no__in={each for line in lineages.values() for each in line}).in_bulk()
    return {
        no: {
            PLACES[codes.Level(rows[each].level)]: rows[each].display_name
            for each in line if each in rows and rows[each].level in PLACES
        }
        for no, line in lineages.items()
    }  # fmt: skip


def official_meetings(found: Records, worker: Worker, rhk: int) -> list[Meeting]:
    """The meetings whose official report goes with the report of this result."""
    return found.meetings[worker.pk] if rhk == MEETINGS and not worker.lead else []
