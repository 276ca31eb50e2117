"""What was said about a facility's months, and what proves it. Every mark starts as not verified: no row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.day import moment, today
from harapan.database.scope import atomic
from harapan.files.models import StoredFile
from harapan.registry.models import Facility
from harapan.verification import observing
from harapan.verification.declaring import Unit, declared_for, keep, served_in, units_of
from harapan.verification.errors import MonthProven, NothingDeclared
from harapan.verification.models import Evidence, FacilityMonth, Observation, SchoolWeek
from harapan.verification.observing import Mark
from harapan.verification.standing import gone


class Word(StrEnum):
    """What became of a mark."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    PROVEN = "proven"  # refused: the month rests on evidence already and says otherwise


class PupilMark(NamedTuple):
    """A pupil's month as a form states it: which line, and the mark."""

    line: int
    mark: Mark


def receive_school_form(
    facility: Facility, effective_days: Mapping[int, int], marks: Sequence[PupilMark], *, by: User,
    completes: bool = False,
) -> dict[int, Word]:  # fmt: skip
    """Take over a school's form for some months (yyyymm -> effective days): what each line became.

    A month nobody marked is not declared. Where others are marked and a pupil's mark is blank, that pupil's month stays
    not verified, unless something stands of it already; so does that of group mates whom the form does not name. The
    form alone proves nothing (`prove` does); a proven month is not changed, but who may prove (`completes`) adds those
    for whom it was not declared. A line is new where one of its months is heard of for the first time. A constant
    number of statements.
    """
    marked = {pupil.mark.month for pupil in marks if not pupil.mark.blank}
    with atomic():
        before = _months(facility, marked)
        units = units_of({pupil.mark.member_id for pupil in marks})
        declared = declared_for([facility], marked)
        pairs = {pupil: (pupil.mark.month, units[pupil.mark.member_id]) for pupil in marks}
        heard = {pupil for pupil, (month, unit) in pairs.items() if unit in declared.get((facility.pk, month), {})}
        proven = {month for month, row in before.items() if row.proven}
        closed = {pupil for pupil in marks if pupil.mark.month in proven and (pupil in heard or not completes)}
        marks = [pupil for pupil in marks if not pupil.mark.blank or pupil.mark.month in marked - proven]
        words = observing.compare([pupil.mark for pupil in marks], heard={pupil.mark for pupil in heard})
        said = list(zip(marks, map(Word, words), strict=True))
        writable = [(pupil, word) for pupil, word in said if pupil not in closed]
        for number in sorted({pupil.mark.month for pupil, _word in writable}):
            _declare(facility, number, before, FacilityMonth.Manner.FILE, by, effective_days.get(number))
        new = {pairs[pupil] for pupil, _word in writable if not pupil.mark.blank and pupil not in heard}
        keep(facility, new, manner=FacilityMonth.Manner.FILE, by=by)
        observing.write(
            facility, [pupil.mark for pupil, word in writable if not (pupil.mark.blank and word is Word.SAME)]
        )
        _leave_out(facility, new, named={(pupil.mark.member_id, pupil.mark.month) for pupil in marks})
        log.record("school_form.received", kind="facility", subject=facility.pk, body={"months": sorted(marked)})
    return _by_line(said, closed)


def _leave_out(facility: Facility, new: Collection[tuple[int, Unit]], *, named: Collection[tuple[int, int]]) -> None:
    """Members of units that are declared for the first time, and who were not named: nobody has spoken of them."""
    left = [pair for pair in served_in(facility, new) if pair not in named]
    departed = gone({member for member, _month in left}, {month for _member, month in left}) if left else {}
    left = [pair for pair in left if pair not in departed]
    marks = [Mark(member, month, outcome=Observation.Outcome.UNKNOWN) for member, month in left]
    words = observing.compare(marks, heard=set(marks))
    observing.write(facility, [mark for mark, word in zip(marks, words, strict=True) if word != Word.SAME])


def _by_line(said: Sequence[tuple[PupilMark, Word]], closed: set[PupilMark]) -> dict[int, Word]:
    order = list(Word)
    of_line: dict[int, Word] = {}
    for pupil, word in said:
        if pupil in closed:
            word = Word.SAME if word is Word.SAME else Word.PROVEN
        earlier = of_line.get(pupil.line, Word.SAME)
        of_line[pupil.line] = Word.PROVEN if Word.PROVEN in (word, earlier) else min(word, earlier, key=order.index)
    return of_line


def declare_all_present_except(
    facility: Facility, month: int, exceptions: Iterable[Mark], *, members: Collection[int], by: User,
    effective_days: int | None = None, completes: bool = False, late_because: str = "",
    manner: str = FacilityMonth.Manner.ALL_BUT,
) -> tuple[FacilityMonth, set[int]]:  # fmt: skip
    """ "Semua hadir kecuali …", said for these members: who said it and when; without evidence it stays a declaration.

    Marks given before for them are replaced; nobody else's month is touched. completes: the caller may prove months
    (`verification.confirm`) and so may speak for those whom a proven month was not declared for. Who had died or left
    before the month is passed over (`standing.gone` has the words). The month, and for whom it was said. Raises
    MonthProven where nobody of them is left to be declared.
    """
    marks = list(exceptions)
    if any(mark.month != month or mark.member_id not in members for mark in marks):
        raise Refused("Pengecualian harus untuk bulan dan anggota yang dinyatakan. Periksa bulannya.")
    with atomic():
        before = _months(facility, {month})
        passed = gone(members, {month})
        units = {member: unit for member, unit in units_of(members).items() if (member, month) not in passed}
        declared = declared_for([facility], {month}).get((facility.pk, month), {})
        if month in before and before[month].proven:
            units = {member: unit for member, unit in units.items() if completes and unit not in declared}
            if not units:
                raise MonthProven(facility.name, month, before[month].get_evidence_display())
        marks = [mark for mark in marks if mark.member_id in units]
        stated = _declare(facility, month, before, manner, by, effective_days)
        new = {(month, unit) for unit in units.values() if unit not in declared}
        keep(facility, new, manner=manner, by=by, late_because=late_because)
        full = set(units) - {mark.member_id for mark in marks}
        Observation.objects.filter(month=month, member_id__in=full).delete()
        observing.write(facility, marks)
        _leave_out(facility, new, named={(member, month) for member in units})
        log.record(
            "month.declared", kind="facility", subject=facility.pk, body={"month": month, "exceptions": len(marks)}
        )
    return stated, set(units)


def prove(
    facility: Facility, month: int, *, evidence: Evidence, note: str = "", file: StoredFile | None = None, by: User
) -> FacilityMonth:
    """Say on what a declared month rests: a signed form, the facility's confirmation, or a visit.

    Later evidence replaces earlier. Raises NothingDeclared, and Refused without any note or file.
    """
    if evidence == Evidence.NONE or not (note.strip() or file):
        raise Refused("Sebutkan buktinya: pilih jenisnya dan lampirkan berkas atau tulis keterangannya.")
    with atomic():
        declared = _months(facility, {month}).get(month)
        if declared is None:
            raise NothingDeclared(facility.name, month)
        declared.evidence, declared.evidence_note = evidence, note.strip()[:200]
        declared.evidence_file = file or declared.evidence_file
        declared.proven_by, declared.proven_at = by, moment(today())
        declared.save()
        log.record("month.proven", kind="facility", subject=facility.pk, body={"month": month, "evidence": evidence})
    return declared


def say_week(facility: Facility, days: str, *, by: User, on: date) -> SchoolWeek:
    """Note that a school teaches five or six days a week. Raises Refused for any other number."""
    if days not in ("5", "6"):
        raise Refused("Hari sekolah seminggu “{days}” bukan 5 atau 6. Pilih salah satu.", days=days)
    with atomic():
        said, _ = SchoolWeek.objects.update_or_create(
            facility=facility, defaults={"days": int(days), "by": by, "on": on}
        )
        log.record("school_week.said", kind="facility", subject=facility.pk, body={"days": int(days)})
    return said


def _months(facility: Facility, months: set[int]) -> dict[int, FacilityMonth]:
    found = FacilityMonth.objects.select_for_update(of=("self",)).filter(facility=facility, month__in=months)
    return {each.month: each for each in found}


def _declare(
    facility: Facility, month: int, before: Mapping[int, FacilityMonth], manner: str, by: User, days: int | None
) -> FacilityMonth:
    """The month with who says it now. Proven, or said again in the same way, it keeps who said it first."""
    known = before.get(month)
    if known is not None and known.proven:
        return known
    if known is not None and (known.manner, known.effective_days) == (manner, days or known.effective_days):
        return known
    row = known or FacilityMonth(facility=facility, month=month)
    row.manner, row.effective_days = manner, days or row.effective_days
    row.declared_by, row.declared_at = by, moment(today())
    row.save()
    return row
