"""The answer to every line of a file, gathered while it is judged and stored at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from harapan.core.phrases import Phrase, joined
from harapan.database.phrases import packed
from harapan.database.staging import staged
from harapan.exchange.sheet import Sheet
from harapan.intake.models import ImportRun, Verdict


@dataclass(slots=True)
class Answer:
    """One line: what became of it and why. `verdict` is None until somebody judged it."""

    line: int
    verdict: Verdict | None = None
    column: str = ""
    words: list[str] = field(default_factory=list)
    family_id: int | None = None
    region_no: int | None = None


class Answers:
    """All lines of a sheet. A line once refused stays refused."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._of = {line: Answer(line) for line in sheet.lines}
        self._later: dict[int, list[str]] = {}
        for problem in sheet.problems:
            said = Phrase("{column}: {reason}", column=problem.column, reason=problem.reason)
            if problem.fatal:
                self._mark_refused(problem.line, said, problem.column)
            else:
                self._of[problem.line].words.append(said)

    def __getitem__(self, line: int) -> Answer:
        return self._of[line]

    def __iter__(self) -> Iterator[Answer]:
        return iter(self._of.values())

    def open(self, line: int) -> bool:
        """Whether the line is still without a verdict."""
        return self._of[line].verdict is None

    def refuse(self, line: int, reason: str, name: str = "") -> None:
        """Refuse a line for a reason found after reading; `name` is the layout's column, if one is to blame."""
        self._later.setdefault(line, []).append(reason)
        self._mark_refused(line, reason, self._sheet.headers.get(name, ""))

    def _mark_refused(self, line: int, reason: str, column: str) -> None:
        answer = self._of[line]
        if answer.verdict is not Verdict.REFUSED:
            answer.words.clear()  # warnings about a refused row distract from the reason
            answer.verdict, answer.column = Verdict.REFUSED, column
        answer.words.append(reason)

    def warn(self, line: int, words: str) -> None:
        if self._of[line].verdict is not Verdict.REFUSED:
            self._of[line].words.append(words)

    def settle(
        self, line: int, verdict: Verdict, *, family_id: int | None = None, region_no: int | None = None
    ) -> None:
        """Give the verdict of a line that is not refused; one given before is only raised, from unchanged upwards."""
        answer = self._of[line]
        if answer.verdict is not Verdict.REFUSED:
            answer.verdict = verdict if answer.verdict is None else min(answer.verdict, verdict)
        answer.family_id = family_id or answer.family_id
        answer.region_no = region_no or answer.region_no

    def forget_new_families(self, ids: set[int]) -> None:
        """A rehearsal takes its families back: no answer may point to them."""
        for answer in self:
            if answer.family_id in ids:
                answer.family_id = None

    def name(self, line: int) -> str:
        """Whom the line is about, as the file writes it; "" where it names nobody."""
        return self._names.get(line) or ""

    @cached_property
    def _names(self) -> dict[int, str | None]:
        """Line -> name of the person, in a workbook without one the name of the pengurus."""
        written = [self._sheet.columns[each] for each in ("pengurus", "name") if each in self._sheet.columns]
        return {line: name for names in written for line, name in zip(self._sheet.lines, names, strict=True) if name}

    def counts(self) -> dict[str, int]:
        """rows, accepted, changed, unchanged, refused. A line nobody judged is a mistake of ours."""
        counted = Counter(answer.verdict for answer in self)
        if counted[None]:
            raise AssertionError(f"{counted[None]} lines of {self._sheet.layout} were left without an answer")
        return {"rows": len(self._of), **{verdict.name.lower(): counted[verdict] for verdict in Verdict}}

    @property
    def refused_later(self) -> dict[int, str]:
        """Line -> the reasons that the reader of the file could not know."""
        return {line: " ".join(reasons) for line, reasons in self._later.items()}


COLUMNS = {
    "line": "int", "verdict": "smallint", "column": "text", "words": "text", "family_id": "bigint", "name": "text",
    "region_no": "bigint",
}  # fmt: skip
_STORE = """
    INSERT INTO intake_importrow (run_id, line, verdict, "column", words, family_id, name, region_no)
    SELECT %s, line, verdict, "column", words, family_id, name, region_no FROM answer ORDER BY line"""


def store(answers: Answers, run: ImportRun) -> None:
    """Write the answers of a run, in place of those of an earlier rehearsal."""
    run.answers.all().delete()
    rows = (
        (
            a.line, a.verdict, a.column[:80], packed(joined(a.words)), a.family_id,
            "" if a.family_id else answers.name(a.line)[:120], a.region_no or run.region_no,
        )
        for a in answers
    )  # fmt: skip
    with staged("answer", COLUMNS, rows) as cursor:
        cursor.execute(_STORE, [run.pk])
