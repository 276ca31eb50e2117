"""The health and social forms of one facility and quarter: members recognised, their obligations declared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from harapan.accounts.permission import allows
from harapan.core.names import name_key
from harapan.core.periods import format_month
from harapan.core.phrases import Phrase
from harapan.database.sealing import index
from harapan.exchange.verification_care.codec import CareHead
from harapan.exchange.verification_care.marks import DONE, EXCUSED, MISSED, UNKNOWN, Said, said
from harapan.intake.errand import Errand
from harapan.intake.models import Verdict
from harapan.registry.bulk.members import KnownMember, members_of
from harapan.registry.models import Facility, Family
from harapan.verification.caring import Entry, declare_care, entry_of
from harapan.verification.declaring import declared_for, units_of
from harapan.verification.errors import MonthProven
from harapan.verification.filing import letter_of
from harapan.verification.models import CareMark
from harapan.verification.obligations import Owed, owed
from harapan.verification.placing import note_facility, place
from harapan.verification.standing import gone

NOBODY = Phrase(
    "Anggota ini tidak tercatat pada keluarga PKH di wilayah kerja Anda. Cocokkan NIK-nya, atau NIK pengurus dan "
    "namanya."
)
NOT_OWED = Phrase(
    "{item} bukan kewajiban anggota ini pada triwulan ini menurut umur dan komponennya. Periksa datanya, "
    "atau hapus baris."
)
TWICE = Phrase("Kewajiban ini ada lebih dari sekali untuk anggota ini di formulir. Hapus salah satu barisnya.")
PROVEN = Phrase("{month} sudah terbukti, jadi tidak ditimpa. Bila keliru, catat bukti yang baru.")
OUTCOMES = {
    DONE: CareMark.Outcome.DONE, MISSED: CareMark.Outcome.MISSED, EXCUSED: CareMark.Outcome.EXCUSED,
    UNKNOWN: CareMark.Outcome.UNKNOWN,
}  # fmt: skip

Row = dict[str, Any]
Due = tuple[Owed, Said | None]


def taking(kind: Facility.Kind) -> Callable[[Errand], None]:
    """The handler of the form of that kind of facility."""

    def take(errand: Errand) -> None:
        _take(errand, kind)

    return take


def _take(errand: Errand, kind: Facility.Kind) -> None:
    """Answer every line. What stands there is declared by whoever brings the form; only evidence proves it."""
    rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    errand.advance(1, 3, Phrase("Mencari anggota"))
    people = _recognise(errand, rows)
    if not people:
        return
    head: CareHead = errand.sheet.head
    errand.advance(2, 3, Phrase("Mencatat tempat layanan"))
    facility = _facility(kind, head, people)
    members = {member.id for member in people.values()}
    place(facility, members)
    errand.advance(3, 3, Phrase("Mencatat kewajiban"))
    dues = _dues(errand, facility, rows, people)
    before = _answered(errand, facility, dues, people)
    for month in head.months:
        _declare(errand, facility, int(month.replace("-", "")), dues, people)
    families = dict(Family.objects.filter(pk__in={m.family_id for m in people.values()}).values_list("pk", "region_id"))
    for line, member in people.items():
        verdict = before.get(line, Verdict.UNCHANGED)
        errand.answers.settle(line, verdict, family_id=member.family_id, region_no=families[member.family_id])


def _recognise(errand: Errand, rows: dict[int, Row]) -> dict[int, KnownMember]:
    """Line -> member by NIK, else by name in the family of the pengurus. A line that names nobody is refused."""
    niks = {index("nik", row[field]) for row in rows.values() for field in ("nik", "pengurus_nik") if row[field]}
    borne = {member.nik_ix: member for member in members_of((), niks)}
    households = {member.family_id for member in borne.values() if member.manager}
    named = {(member.family_id, member.name_key): member for member in members_of(households, ())}
    found: dict[int, KnownMember] = {}
    for line, row in rows.items():
        member = borne.get(index("nik", row["nik"])) if row["nik"] else None
        manager = borne.get(index("nik", row["pengurus_nik"])) if row["pengurus_nik"] else None
        member = member or (named.get((manager.family_id, name_key(row["name"]))) if manager else None)
        if member is None:
            errand.answers.refuse(line, NOBODY)
        else:
            found[line] = member
    times = Counter((member.id, rows[line]["item"]) for line, member in found.items())
    for line, member in found.items():
        if times[member.id, rows[line]["item"]] > 1:
            errand.answers.refuse(line, TWICE)
    return {line: member for line, member in found.items() if errand.answers.open(line)}


def _facility(kind: Facility.Kind, head: CareHead, people: dict[int, KnownMember]) -> Facility:
    """By its code, else by name and village; noted when it is not known yet."""
    region_no = int(head.village_code or 0)
    if not region_no:
        families = Family.objects.filter(pk__in={member.family_id for member in people.values()})
        region_no = Counter(families.values_list("region_id", flat=True)).most_common(1)[0][0]
    return note_facility(kind, name=head.facility, code=head.code, level="", region_no=region_no)


def _dues(
    errand: Errand, facility: Facility, rows: dict[int, Row], people: dict[int, KnownMember]
) -> dict[int, dict[int, Due]]:
    """Line -> month -> what is owed and what the form says; what is not owed, or of the dead, is refused."""
    head: CareHead = errand.sheet.head
    numbers = [int(month.replace("-", "")) for month in head.months]
    due = {
        (each.member_id, each.item.key, each.month): each
        for each in owed(head.months, families={member.family_id for member in people.values()})
    }
    departed = gone([member.id for member in people.values()], numbers)
    found: dict[int, dict[int, Due]] = {}
    for line, member in people.items():
        item = rows[line]["item"]
        of_line = {
            month: (due[member.id, item, month], said(rows[line][f"mark_{place}"] or ""))
            for place, month in enumerate(numbers, start=1)
            if (member.id, item, month) in due
        }
        refused = [departed[member.id, month] for month in numbers if (member.id, month) in departed]
        if of_line:
            found[line] = of_line
            for words in refused:
                errand.answers.warn(line, words)
        else:
            errand.answers.refuse(line, refused[0] if refused else NOT_OWED.filled(item=rows[line]["label"] or item))
    return found


def _answered(
    errand: Errand, facility: Facility, dues: dict[int, dict[int, Due]], people: dict[int, KnownMember]
) -> dict[int, Verdict]:
    """Line -> what its filled cells bring: something new, something else, or what stands already."""
    months = {month for of_line in dues.values() for month in of_line}
    units = units_of({people[line].id for line in dues})
    declared = declared_for([facility], months)
    verdicts = {}
    for line, of_line in dues.items():
        unit = units[people[line].id]
        told = [(month, due, word) for month, (due, word) in of_line.items() if word]
        if all(letter_of(due) == str(word) for _month, due, word in told):
            verdicts[line] = Verdict.UNCHANGED
        elif any(unit in declared.get((facility.pk, month), {}) for month, _due, _word in told):
            verdicts[line] = Verdict.CHANGED
        else:
            verdicts[line] = Verdict.ACCEPTED
    return verdicts


def _declare(
    errand: Errand, facility: Facility, month: int, dues: dict[int, dict[int, Due]], people: dict[int, KnownMember]
) -> None:
    """Declare a month for whoever has something said of it; the others stay not verified."""
    said_of = {people[line].id for line, of_line in dues.items() if month in of_line and of_line[month][1]}
    if not said_of:
        return
    entries = [
        (of_line[month][0], _entry(*of_line[month]))
        for line, of_line in dues.items()
        if month in of_line and people[line].id in said_of
    ]
    try:
        declare_care(
            facility, month, entries, members=said_of, by=errand.by, manner="file",
            completes=allows(errand.post, "verification.confirm"),
        )  # fmt: skip
    except MonthProven:
        name = format_month(f"{month // 100:04d}-{month % 100:02d}")
        for line, of_line in dues.items():
            if month in of_line and of_line[month][1] and letter_of(of_line[month][0]) != str(of_line[month][1]):
                errand.answers.refuse(line, PROVEN.filled(month=name))


def _entry(due: Owed, word: Said | None) -> Entry:
    """A blank monthly cell is nobody's word; a plain Y of a monthly obligation follows from the declaration."""
    if word is None:
        return entry_of(due, CareMark.Outcome.UNKNOWN if due.item.monthly else None)
    if due.item.monthly and word == Said(DONE):
        return entry_of(due, None)
    return entry_of(due, OUTCOMES[word.word], times=word.times, done_on=word.done_on)
