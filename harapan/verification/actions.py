"""What was said about a facility's months, and what proves it. Every mark starts as not verified: no row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from django.utils import timezone

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.files.models import StoredFile
from harapan.registry.models import Facility
from harapan.verification import observing
from harapan.verification.errors import MonthProven, NothingDeclared
from harapan.verification.models import Evidence, FacilityMonth, Observation
from harapan.verification.observing import Mark


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
    facility: Facility, effective_days: Mapping[int, int], marks: Sequence[PupilMark], *, by: User
) -> dict[int, Word]:
    """Take over a school's form for some months (yyyymm -> effective days): what each line became.

    A month nobody marked is not declared. Where others are marked and a pupil's mark is blank, that pupil's month stays
    not verified, unless something stands of it already. The form alone proves nothing (`prove` does); a proven month is
    not changed. A line is new where one of its months is heard of for the first time. Six statements.
    """
    marked = {pupil.mark.month for pupil in marks if not pupil.mark.blank}
    with atomic():
        before = _months(facility, marked)
        proven = {number for number, month in before.items() if month.proven}
        marks = [pupil for pupil in marks if not pupil.mark.blank or pupil.mark.month in marked - proven]
        words = observing.compare(facility, [pupil.mark for pupil in marks], heard=set(before))
        said = [(pupil.mark, word) for pupil, word in zip(marks, words, strict=True)]
        kept = [mark for mark, word in said if mark.blank and word == Word.SAME]
        writable = [mark for mark, _word in said if mark.month not in proven and mark not in kept]
        for number in sorted(marked - proven):
            _declare(facility, number, before, FacilityMonth.Manner.FILE, by, effective_days.get(number))
        observing.write(facility, writable)
        log.record("school_form.received", kind="facility", subject=facility.pk, body={"months": sorted(marked)})
    return _by_line(marks, words, proven)


def _by_line(marks: Sequence[PupilMark], words: Sequence[str], proven: set[int]) -> dict[int, Word]:
    order = list(Word)
    of_line: dict[int, Word] = {}
    for pupil, said in zip(marks, words, strict=True):
        word = Word(said)
        if pupil.mark.month in proven:
            word = Word.SAME if word is Word.SAME else Word.PROVEN
        earlier = of_line.get(pupil.line, Word.SAME)
        of_line[pupil.line] = Word.PROVEN if Word.PROVEN in (word, earlier) else min(word, earlier, key=order.index)
    return of_line


def declare_all_present_except(
    facility: Facility, month: int, exceptions: Iterable[Mark], *, by: User, effective_days: int | None = None
) -> FacilityMonth:
    """ "Semua hadir kecuali …": stored as declared by whom and when; without evidence it stays a declaration.

    Marks given before for members of this facility and month are replaced. Raises MonthProven.
    """
    marks = list(exceptions)
    if any(mark.month != month for mark in marks):
        raise Refused("Pengecualian harus untuk bulan yang dinyatakan. Periksa bulannya.")
    with atomic():
        before = _months(facility, {month})
        if month in before and before[month].proven:
            raise MonthProven(facility.name, month, before[month].get_evidence_display())
        declared = _declare(facility, month, before, FacilityMonth.Manner.ALL_BUT, by, effective_days)
        kept = [mark.member_id for mark in marks]
        Observation.objects.filter(facility=facility, month=month).exclude(member_id__in=kept).delete()
        observing.write(facility, marks)
        log.record(
            "month.declared", kind="facility", subject=facility.pk, body={"month": month, "exceptions": len(marks)}
        )
    return declared


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
        declared.proven_by, declared.proven_at = by, timezone.now()
        declared.save()
        log.record("month.proven", kind="facility", subject=facility.pk, body={"month": month, "evidence": evidence})
    return declared


def _months(facility: Facility, months: set[int]) -> dict[int, FacilityMonth]:
    found = FacilityMonth.objects.select_for_update(of=("self",)).filter(facility=facility, month__in=months)
    return {each.month: each for each in found}


def _declare(
    facility: Facility, month: int, before: Mapping[int, FacilityMonth], manner: str, by: User, days: int | None
) -> FacilityMonth:
    """The month with who says it now. Said again in the same way, it keeps who said it first."""
    known = before.get(month)
    if known is not None and (known.manner, known.effective_days) == (manner, days or known.effective_days):
        return known
    row = known or FacilityMonth(facility=facility, month=month)
    row.manner, row.effective_days = manner, days or row.effective_days
    row.declared_by, row.declared_at = by, timezone.now()
    row.save()
    return row
