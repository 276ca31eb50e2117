"""The education form of one school and quarter: pupils recognised, their months handed to verification."""

from __future__ import annotations

from collections import Counter
from typing import Any

from harapan.accounts.permission import allows
from harapan.core.names import name_key
from harapan.core.periods import format_month, month_days
from harapan.core.phrases import Phrase
from harapan.database.sealing import index
from harapan.exchange.verification_school.codec import Mark as FormMark
from harapan.exchange.verification_school.codec import marks
from harapan.intake.errand import Errand
from harapan.intake.models import Verdict
from harapan.registry.bulk.facilities import Pupil, school, serve
from harapan.registry.bulk.members import KnownMember, members_by_student_no, members_of
from harapan.registry.models import Family
from harapan.verification.actions import PupilMark, Word, receive_school_form
from harapan.verification.models import Observation
from harapan.verification.observing import Mark
from harapan.verification.standing import gone

UNKNOWN = Phrase(
    "Siswa ini tidak tercatat pada keluarga PKH di wilayah kerja Anda. Bawa masuk daftar "
    "komponen lebih dahulu, atau cocokkan NIK dan NISN-nya."
)
PROVEN = Phrase(
    "Bulan ini sudah dibuktikan dan isinya berbeda; tidak ditimpa. Bila memang keliru, catat bukti yang baru."
)
VERDICTS = {Word.NEW: Verdict.ACCEPTED, Word.CHANGED: Verdict.CHANGED, Word.SAME: Verdict.UNCHANGED}

Row = dict[str, Any]


def take(errand: Errand) -> None:
    """Answer every pupil. The marks are declared by whoever brings the form; only evidence proves them."""
    rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    errand.advance(1, 3, Phrase("Mencari siswa"))
    pupils = _recognise(errand, rows)
    if not pupils:
        return
    head = errand.sheet.head
    errand.advance(2, 3, Phrase("Mencatat sekolah"))
    families = dict(Family.objects.filter(pk__in={m.family_id for m in pupils.values()}).values_list("pk", "region_id"))
    usual = Counter(families[member.family_id] for member in pupils.values()).most_common(1)[0][0]
    levels = Counter(rows[line]["school_kind"].upper() for line in pupils)
    facility = school(head.npsn, name=head.school, level=levels.most_common(1)[0][0], region_no=usual)
    noted, uncounted = serve(
        facility,
        [Pupil(member.id, rows[line]["nisn"] or "", rows[line]["grade"][:10]) for line, member in pupils.items()],
        first=month_days(head.months[0])[0],
        after=month_days(head.months[-1])[1],
    )
    errand.advance(3, 3, Phrase("Mencatat kehadiran"))
    days = {_number(month): count for month, count in zip(head.months, head.effective_days, strict=True)}
    completes = allows(errand.post, "verification.confirm")
    marked = _living(errand, _marks(errand, pupils))
    said = receive_school_form(facility, days, marked, by=errand.by, completes=completes)
    for line, member in pupils.items():
        _answer(errand, line, member, said.get(line, Word.SAME), families[member.family_id])
        if member.id in noted:
            errand.answers.settle(line, Verdict.CHANGED)
        if member.id in uncounted:
            errand.answers.warn(line, Phrase("Siswa ini belum tercatat sebagai komponen pendidikan pada triwulan ini."))


def _answer(errand: Errand, line: int, member: KnownMember, word: Word, region_no: int) -> None:
    if word is Word.PROVEN:
        errand.answers.refuse(line, PROVEN)
    else:
        errand.answers.settle(line, VERDICTS[word], family_id=member.family_id, region_no=region_no)


def _recognise(errand: Errand, rows: dict[int, Row]) -> dict[int, KnownMember]:
    """Line -> member by NIK, else by NISN, else by name in the family of the pengurus. Twice in one form: refused."""
    managers = {index("nik", row["pengurus_nik"]) for row in rows.values() if row["pengurus_nik"]}
    niks = {index("nik", row["nik"]) for row in rows.values() if row["nik"]}
    borne = {member.nik_ix: member for member in members_of((), niks | managers)}
    households = {member.family_id for member in borne.values() if member.manager}
    named = {(member.family_id, member.name_key): member for member in members_of(households, ())}
    numbered = members_by_student_no({row["nisn"] for row in rows.values() if row["nisn"]})
    found: dict[int, KnownMember] = {}
    for line, row in rows.items():
        member = borne.get(index("nik", row["nik"])) if row["nik"] else None
        member = member or numbered.get(row["nisn"])
        manager = borne.get(index("nik", row["pengurus_nik"])) if row["pengurus_nik"] else None
        member = member or (named.get((manager.family_id, name_key(row["name"]))) if manager else None)
        if member is None:
            errand.answers.refuse(line, UNKNOWN)
        else:
            found[line] = member
    times = Counter(member.id for member in found.values())
    for line, member in found.items():
        if times[member.id] > 1:
            errand.answers.refuse(
                line, Phrase("Siswa ini ada lebih dari sekali di formulir ini. Hapus salah satu barisnya.")
            )
    return {line: member for line, member in found.items() if errand.answers.open(line)}


def _marks(errand: Errand, pupils: dict[int, KnownMember]) -> list[PupilMark]:
    """One mark per pupil and month; what nobody filled in is blank, stays not verified, and the answer says so."""
    found = []
    for mark in marks(errand.sheet):
        if mark.line not in pupils:
            continue
        made = _mark(mark, pupils[mark.line].id)
        if made.blank:
            errand.answers.warn(
                mark.line,
                Phrase("{month} belum diisi, jadi tidak menyatakan siswa ini hadir.", month=format_month(mark.month)),
            )
        found.append(PupilMark(mark.line, made))
    return found


def _living(errand: Errand, marked: list[PupilMark]) -> list[PupilMark]:
    """Without the months before which a pupil had died or left: refused in words, the other months are kept."""
    departed = gone({pupil.mark.member_id for pupil in marked}, {pupil.mark.month for pupil in marked})
    kept = []
    for pupil in marked:
        why = departed.get((pupil.mark.member_id, pupil.mark.month))
        if why is None:
            kept.append(pupil)
        elif not pupil.mark.blank:
            errand.answers.warn(pupil.line, why)
    left = {pupil.line for pupil in kept}
    for line, why in {p.line: departed[p.mark.member_id, p.mark.month] for p in marked if p.line not in left}.items():
        errand.answers.refuse(line, why)
    return kept


def _mark(mark: FormMark, member_id: int) -> Mark:
    away = (mark.absent or 0, mark.excused or 0, mark.sick or 0)
    present = mark.present
    if (present, mark.absent, mark.excused, mark.sick) == (None,) * 4:
        return Mark(member_id, _number(mark.month), outcome=Observation.Outcome.UNKNOWN)
    absent = away[0]
    if present is not None and mark.effective_days:
        # days that nobody explains are absences
        absent = max(absent, mark.effective_days - present - away[1] - away[2])
    return Mark(member_id, _number(mark.month), absent, away[1], away[2], present)


def _number(month: str) -> int:
    return int(month.replace("-", ""))
