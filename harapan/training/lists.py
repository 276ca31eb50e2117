"""Lists that come as files: invitations, points, attendance. Every line gets its answer; the good ones are kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from harapan.accounts.models import User
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase, joined
from harapan.exchange.sheet import Sheet, by_line
from harapan.exchange.training_attendance import codec as attendance
from harapan.exchange.training_invitations import codec as invitations
from harapan.exchange.training_scores import codec as scores
from harapan.exchange.writing import write_xlsx
from harapan.training import attending, inviting, scoring
from harapan.training.doubts import doubts_about
from harapan.training.models import Batch, ClassSession, Enrolment, Mark, TestScore, Via
from harapan.workforce.models import Person

ANSWER_TITLE = "jawaban"
TWICE = Phrase("Orang ini sudah disebut di baris sebelumnya; baris ini tidak dipakai.")
UNKNOWN = Phrase("Nomor ini tidak dikenal. Periksa NIP, nomor SDM, atau NIK-nya; tamu dicatat dahulu sebagai peserta.")


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What became of one line. `name`: as the file writes it. `doubtful`: taken, and to be read all the same."""

    line: int
    name: str
    taken: bool
    words: Phrase
    doubtful: bool = False


@dataclass(frozen=True)
class Answers:
    sheet: Sheet
    lines: list[LineAnswer]

    @property
    def taken(self) -> int:
        return sum(each.taken for each in self.lines)

    @property
    def refused(self) -> list[LineAnswer]:
        return [each for each in self.lines if not each.taken]

    @property
    def doubtful(self) -> list[LineAnswer]:
        return [each for each in self.lines if each.doubtful]

    def xlsx(self) -> bytes:
        """The file's own columns, and what became of each line."""
        said = {each.line: str(each.words) for each in self.lines}
        grid, head = self.sheet.grid, self.sheet.grid.row(self.sheet.first - 1)
        kept = [place for place, title in enumerate(head) if title != ANSWER_TITLE]
        rows = (
            [*(grid.columns[place][index] for place in kept), said.get(line, "")]
            for index, line in zip(self.sheet.indexes, self.sheet.lines, strict=True)
        )
        return write_xlsx([[*(head[place] for place in kept), ANSWER_TITLE]], rows, sheet="Jawaban")


def invite_from(batch_id: int, raw: bytes, *, name: str, by: User, on: date) -> Answers:
    """Invite everybody of the file. Raises Unreadable for no such table, NotYourBatch, BatchClosed."""
    sheet = invitations.parse(raw, name=name)
    persons, said = _persons(sheet)
    found = inviting.invite(batch_id, list(persons.values()), by=by, on=on)
    batch, known = Batch.objects.select_related("course").get(pk=batch_id), set(found.known)
    doubts = doubts_about(batch, [row.person_id for row in found.done], on=on)
    for line, person in persons.items():
        if person in found.refused:
            said[line] = (False, found.refused[person].phrase)
        elif person in known:
            said[line] = (True, Phrase("Sudah diundang sebelumnya."))
        else:
            said[line] = (True, joined([Phrase("Diundang."), *doubts.get(person, ())]))
    return _answers(sheet, said, doubtful={line for line, person in persons.items() if person in doubts})


def scores_from(batch_id: int, kind: TestScore.Kind, raw: bytes, *, name: str, by: User, on: date) -> Answers:
    """Record the points of the file."""
    sheet = scores.parse(raw, name=name)
    rows, said = _enrolments(sheet, batch_id)
    told: dict[int, Decimal] = {rows[row["line"]]: row["points"] for row in sheet.rows() if row["line"] in rows}
    found = scoring.record_scores(batch_id, kind, told, by=by, on=on)
    _say(rows, said, found.refused, Phrase("Nilai dicatat."))
    return _answers(sheet, said)


def attendance_from(session_id: int, raw: bytes, *, name: str, by: User, on: date) -> Answers:
    """Record the marks of the file for one session."""
    sheet = attendance.parse(raw, name=name)
    batch = ClassSession.objects.filter(pk=session_id).values_list("batch", flat=True).first()
    rows, said = _enrolments(sheet, batch or 0)
    told = {
        rows[row["line"]]: Mark(row["mark"].value) for row in sheet.rows() if row["line"] in rows
    }  # fmt: skip
    found = attending.mark(session_id, told, by=by, on=on, via=Via.FILE)
    _say(rows, said, found.refused, Phrase("Kehadiran dicatat."))
    return _answers(sheet, said)


Said = dict[int, tuple[bool, Phrase]]


def _say(rows: Mapping[int, int], said: Said, refused: Mapping[int, Refused], done: Phrase) -> None:
    for line, enrolment in rows.items():
        why = refused.get(enrolment)
        said[line] = (False, why.phrase) if why else (True, done)


def _answers(sheet: Sheet, said: Said, *, doubtful: Collection[int] = ()) -> Answers:
    names = dict(zip(sheet.lines, sheet["name"], strict=True))
    problems = by_line([problem for problem in sheet.problems if problem.fatal])
    for line, told in problems.items():
        said[line] = (False, joined([Phrase("{column}: {why}", column=each.column, why=each.reason) for each in told]))
    return Answers(sheet, [LineAnswer(line, names[line], *said[line], line in doubtful) for line in sheet.lines])


def _persons(sheet: Sheet) -> tuple[dict[int, int], Said]:
    """Line -> person number, each person once; and what is wrong with the other lines. Two queries."""
    by_staff, by_nik = _numbers(sheet)
    found: dict[int, int] = {}
    said: Said = {}
    for row in sheet.rows():
        person = by_staff.get(row["staff_number"] or "") or by_nik.get(row["nik"] or "")
        _put(found, said, row["line"], person)
    return found, said


def _enrolments(sheet: Sheet, batch_id: int) -> tuple[dict[int, int], Said]:
    """Line -> enrolment number in the batch. Three queries."""
    by_staff, by_nik = _numbers(sheet)
    rows = Enrolment.objects.filter(batch=batch_id).values_list("person", "pk", "code")
    of_person = {person: pk for person, pk, _code in rows}
    of_code = {code: pk for _person, pk, code in rows}
    found: dict[int, int] = {}
    said: Said = {}
    for row in sheet.rows():
        person = by_staff.get(row["staff_number"] or "") or by_nik.get(row["nik"] or "")
        number = of_code.get(row["code"].strip().upper()) or of_person.get(person or 0)
        if person is not None and number is None:
            said[row["line"]] = (False, Phrase("Orang ini bukan peserta angkatan ini. Undang dahulu, lalu muat lagi."))
        else:
            _put(found, said, row["line"], number)
    return found, said


def _put(found: dict[int, int], said: Said, line: int, number: int | None) -> None:
    if number is None:
        said[line] = (False, UNKNOWN)
    elif number in found.values():
        said[line] = (False, TWICE)
    else:
        found[line] = number


def _numbers(sheet: Sheet) -> tuple[dict[str, int], dict[str, int]]:
    """Staff number -> person, NIK -> person, of those the scope on shows."""
    staff = {value for value in sheet["staff_number"] if value}
    niks = {value for value in sheet["nik"] if value}
    by_staff = dict(Person.objects.filter(staff_number__in=staff).values_list("staff_number", "pk"))
    known = {person.nik.open(): person.pk for person in Person.objects.filter(nik_ix__in=niks) if person.nik}
    return by_staff, known
