"""July: a proposed next class for all pupils of a school; a person names the exceptions.

Nobody loses a component because a next school is not known yet: the child goes on to the next level without a school,
and somebody has a visit to make.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.fields import draw_ids
from harapan.database.scope import atomic
from harapan.policy.reader import default_policy
from harapan.registry.bulk.facilities import SCHOOL_COMPONENTS
from harapan.registry.models import ComponentSpell, Facility, Source
from harapan.verification.models import UnplacedPupil

LAST_GRADE = {Component.PRIMARY: 6, Component.JUNIOR: 9, Component.SENIOR: 12}
NEXT_LEVEL = {Component.PRIMARY: Component.JUNIOR, Component.JUNIOR: Component.SENIOR}
_ROMAN = {
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
    "XI": 11,
    "XII": 12,
}


class Fate(StrEnum):
    """What becomes of a pupil in July."""

    UP = "up"  # naik kelas
    REPEAT = "repeat"  # tinggal kelas
    ON = "on"  # lanjut jenjang
    MOVED = "moved"  # pindah sekolah
    DROPPED = "dropped"  # putus sekolah
    DONE = "done"  # lulus, pendidikan 12 tahun selesai

    @property
    def label(self) -> Phrase:
        return LABELS[self]


LABELS = {
    Fate.UP: Phrase("naik kelas"),
    Fate.REPEAT: Phrase("tinggal kelas"),
    Fate.ON: Phrase("lanjut jenjang"),
    Fate.MOVED: Phrase("pindah sekolah"),
    Fate.DROPPED: Phrase("putus sekolah"),
    Fate.DONE: Phrase("lulus sekolah"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One pupil: the spell of the year that ends, and what is proposed. `grade` None: nobody wrote the class down."""

    spell: ComponentSpell
    grade: int | None
    fate: Fate
    next_grade: int | None

    @property
    def choices(self) -> list[Fate]:
        """What may be said of the pupil."""
        last = self.grade == LAST_GRADE[Component(self.spell.component)]
        if last and self.spell.component == Component.SENIOR:
            return [Fate.DONE, Fate.REPEAT, Fate.DROPPED]
        ways = [Fate.ON] if last else [Fate.UP]
        return [*ways, Fate.REPEAT, Fate.MOVED, Fate.DROPPED] if not last else [*ways, Fate.REPEAT, Fate.DROPPED]

    @property
    def needs_school(self) -> bool:
        return self.fate is Fate.ON


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says of a pupil. school: the next one, where `fate` is on or moved; None: not known."""

    fate: Fate
    school: Facility | None = None


def grade_number(text: str) -> int | None:
    """ "4", "Kelas 4", "IV", "kls. VII-B" -> the class, 1 to 12; None where it tells none."""
    for word in re.findall(r"\d+|[IVX]+", text.upper().replace("KELAS", " ")):
        number = int(word) if word.isdigit() else _ROMAN.get(word)
        if number and number <= 12:
            return number
    return None


def begins_on(year: int) -> date:
    """The first day of the school year that begins in a year."""
    month = int(default_policy().value("verification.school_year_month", on=date(year, 1, 1)).value)
    return date(year, month, 1)


def year_at(day: date) -> int:
    """The year whose rollover is at hand on a day: it may be prepared from the month before."""
    return day.year if day >= begins_on(day.year) - timedelta(days=30) else day.year - 1


def proposals(school: Facility, year: int) -> list[Proposal]:
    """Every pupil of the school on the last day of the old year, in the scope on. One query.

    Who began at this or another school in the new year is rolled over already and not proposed again.
    """
    since = begins_on(year)
    before = since - timedelta(days=1)
    spells = ComponentSpell.objects.filter(
        facility=school, component__in=SCHOOL_COMPONENTS, spell__contains=before,
        member__died_on__isnull=True, member__left_on__isnull=True,
    )  # fmt: skip
    rolled = ComponentSpell.objects.filter(component__in=SCHOOL_COMPONENTS, spell__startswith__gte=since)
    spells = spells.filter(spell__contains=since).exclude(member__in=rolled.values("member"))
    return [
        _proposal(spell) for spell in spells.select_related("member", "family").order_by("grade", "member__name_key")
    ]


def _proposal(spell: ComponentSpell) -> Proposal:
    grade, component = grade_number(spell.grade), Component(spell.component)
    if grade is None or grade < LAST_GRADE[component]:
        return Proposal(spell, grade, Fate.UP, None if grade is None else grade + 1)
    if component is Component.SENIOR:
        return Proposal(spell, grade, Fate.DONE, None)
    return Proposal(spell, grade, Fate.ON, grade + 1)


def roll_over(
    school: Facility, year: int, decided: Mapping[int, Decision], *, by: User, on: date
) -> dict[Fate, int]:  # fmt: skip
    """Begin the new school year for these members (member -> decision): how many of each fate.

    Whoever is not proposed (any more) is passed over, so that doing it twice does it once. Raises Refused before the
    year's first day is near, and where a decision does not fit the pupil's class.
    """
    if year != year_at(on):
        raise Refused(
            "Tahun pelajaran {year} belum waktunya, atau sudah lewat. Kenaikan kelas disiapkan mulai sebulan "
            "sebelumnya.",
            year=year,
        )
    since = begins_on(year)
    with atomic():
        rows = {each.spell.member_id: each for each in proposals(school, year)}
        chosen = [(rows[member], decision) for member, decision in decided.items() if member in rows]
        _refuse_unfit(chosen)
        ended = [each.spell for each, _decision in chosen]
        for spell in ended:
            spell.spell = DateRange(spell.spell.lower, since)
        ComponentSpell.objects.bulk_update(ended, ["spell"], batch_size=500)
        begun = [_next(each, decision, since) for each, decision in chosen if decision.fate not in _ENDS]
        ComponentSpell.objects.bulk_create(_numbered(begun), batch_size=500)
        visits = _numbered(_visits(chosen, school, year, by=by, on=on))
        UnplacedPupil.objects.bulk_create(visits, ignore_conflicts=True)
        counts = {fate: sum(decision.fate is fate for _each, decision in chosen) for fate in Fate}
        counted = {fate: number for fate, number in counts.items() if number}
        log.record(
            "school_year.begun", kind="facility", subject=school.pk,
            body={"year": year, **{fate.value: number for fate, number in counted.items()}},
        )  # fmt: skip
    return counted


def _numbered(rows: list[Any]) -> list[Any]:
    """Rows with their keys, drawn at once."""
    for row, number in zip(rows, draw_ids(type(rows[0]), len(rows)) if rows else (), strict=True):
        row.pk = number
    return rows


_ENDS = (Fate.DONE, Fate.DROPPED)


def _refuse_unfit(chosen: Sequence[tuple[Proposal, Decision]]) -> None:
    for each, decision in chosen:
        if decision.fate not in each.choices:
            raise Refused(
                "{name} kelas {grade} tidak dapat {fate}. Pilih yang lain untuk anak ini.",
                name=each.spell.member.name, grade=each.spell.grade or "?", fate=decision.fate.label,
            )  # fmt: skip


def _next(each: Proposal, decision: Decision, since: date) -> ComponentSpell:
    old, fate = each.spell, decision.fate
    grade = each.grade if fate is Fate.REPEAT else None if each.grade is None else each.grade + 1
    component = NEXT_LEVEL[Component(old.component)] if fate is Fate.ON else old.component
    return ComponentSpell(
        family_id=old.family_id, region_no=old.region_no, group_no=old.group_no, member_id=old.member_id,
        component=component, spell=DateRange(since, None), grade="" if grade is None else str(grade),
        facility_id=decision.school.pk if decision.school else old.facility_id if fate in _STAYS else None,
        student_no=old.student_no, source=Source.FIELD,
    )  # fmt: skip


_STAYS = (Fate.UP, Fate.REPEAT)


def _visits(
    chosen: Sequence[tuple[Proposal, Decision]], school: Facility, year: int, *, by: User, on: date
) -> list[UnplacedPupil]:
    """A visit for each child without a school: not known yet, or dropped out."""
    due_on = on + timedelta(days=int(default_policy().value("verification.visit_within_days", on=on).value))
    found = []
    for each, decision in chosen:
        lost = decision.fate in (Fate.ON, Fate.MOVED) and decision.school is None
        if not lost and decision.fate is not Fate.DROPPED:
            continue
        why = UnplacedPupil.Why.NO_NEXT_SCHOOL if lost else UnplacedPupil.Why.DROPPED_OUT
        old = each.spell
        found.append(
            UnplacedPupil(
                family_id=old.family_id, region_no=old.region_no, group_no=old.group_no, member_id=old.member_id,
                school_year=year, school=school, why=why, due_on=due_on, noted_by=by, noted_on=on,
            )
        )  # fmt: skip
    return found


def settle(pupil: UnplacedPupil, *, how: str, school: Facility | None, by: User, on: date) -> UnplacedPupil:
    """What the visit found; with a school, the child goes there from the beginning of the year on."""
    if not how.strip():
        raise Refused("Hasil kunjungan masih kosong. Tulis apa yang ditemukan, lalu simpan lagi.")
    with atomic():
        pupil = UnplacedPupil.objects.select_for_update(of=("self",)).get(pk=pupil.pk)
        if pupil.settled_on:
            raise Refused("Anak ini sudah diselesaikan. Muat ulang halamannya.")
        pupil.settled_on, pupil.settled_by, pupil.settled_how = on, by, how.strip()[:200]
        pupil.save(update_fields=["settled_on", "settled_by", "settled_how"])
        if school is not None:
            ComponentSpell.objects.filter(
                member_id=pupil.member_id, component__in=SCHOOL_COMPONENTS, facility__isnull=True, spell__contains=on
            ).update(facility=school)
        log.record("unplaced_pupil.settled", kind="family", subject=pupil.family_id, body={"how": pupil.settled_how})
    return pupil


def unplaced(members: Collection[int] | None = None) -> list[UnplacedPupil]:
    """Children still without a school in the scope on, the most urgent first."""
    rows = UnplacedPupil.objects.filter(settled_on__isnull=True)
    if members is not None:
        rows = rows.filter(member__in=members)
    return list(rows.select_related("member", "family", "school").order_by("due_on", "pk")[:500])


def next_schools(school: Facility, component: Component, region: tuple[int, int]) -> list[Facility]:
    """Schools of the next level in a place: where children of that component go now, and those nearest by name."""
    low, high = region
    serving = ComponentSpell.objects.filter(component=component, facility__isnull=False, spell__upper_inf=True)
    rows = Facility.objects.filter(kind=Facility.Kind.SCHOOL, region__gte=low, region__lt=high)
    return list(rows.filter(pk__in=serving.values("facility")).exclude(pk=school.pk).order_by("name_key")[:200])
