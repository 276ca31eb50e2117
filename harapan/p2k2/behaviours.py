"""Behaviours as data, and a family's answers to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.p2k2.curriculum import FOLDER, BadCurriculum, default_curriculum
from harapan.p2k2.models import BehaviourAnswer
from harapan.policy.dated import CONFIDENCES
from harapan.policy.reader import default_policy
from harapan.policy.yaml_rows import written_in
from harapan.registry.actions import NotYours
from harapan.registry.models import Family

Answer = BehaviourAnswer.Answer
FEWEST, MOST = 8, 12  # questions at once: more nobody asks with care
DAYS_A_MONTH = 30


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A question asked between two days; `theme`: the lesson it belongs to."""

    code: str
    text: Phrase
    theme: str
    since: date
    until: date | None
    source: str
    confidence: str

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


def load(file: Path = FOLDER / "behaviours.yaml") -> tuple[Behaviour, ...]:
    """The questions of a file, checked. Raises BadCurriculum."""
    written = written_in(file)
    if not isinstance(written, Mapping) or set(written) != {"source", "confidence", "behaviours"}:
        raise BadCurriculum(file.name, "isinya bukan source, confidence, dan behaviours")
    if not str(written["source"] or "").strip() or written["confidence"] not in CONFIDENCES:
        raise BadCurriculum(file.name, "sumber kosong, atau confidence bukan H, M, atau L")
    found = tuple(_behaviour(row, written, file.name) for row in written["behaviours"])
    codes = [each.code for each in found]
    if len(set(codes)) != len(codes):
        raise BadCurriculum(file.name, "satu kode perilaku ditulis dua kali")
    for day in {each.since for each in found}:
        count = sum(each.holds_on(day) for each in found)
        if not FEWEST <= count <= MOST:
            raise BadCurriculum(file.name, f"pada {day} ada {count} perilaku; seharusnya {FEWEST} sampai {MOST}")
    return found


def _behaviour(row: Any, written: Mapping[str, Any], place: str) -> Behaviour:
    fields = {"code", "from", "theme", "text", "english"}
    if not isinstance(row, Mapping) or not fields <= set(row) <= fields | {"until"}:
        raise BadCurriculum(place, "satu perilaku tidak memuat code, from, theme, text, dan english")
    if row["theme"] not in default_curriculum().lessons:
        raise BadCurriculum(place, f"tema {row['theme']} bukan sesi kurikulum")
    text = Phrase.of_data(row["text"], row["english"])
    return Behaviour(
        row["code"], text, row["theme"], row["from"], row.get("until"), written["source"], written["confidence"]
    )


@cache
def default_behaviours() -> tuple[Behaviour, ...]:
    return load()


def asked_on(day: date) -> tuple[Behaviour, ...]:
    """The questions of that day."""
    return tuple(each for each in default_behaviours() if each.holds_on(day))


def answer_behaviours(family_id: int, answers: Mapping[str, Answer], *, by: User, asked: date, on: date) -> int:
    """A family's answers on a day, in place of others of that day; how many are new or changed.

    Raises NotYours, and Refused for a day to come, a question nobody asks that day, or nothing at all.
    """
    if asked > on:
        raise Refused("Tanggal {day} belum tiba. Tulis hari keluarga itu ditanya.", day=format_date(asked))
    unknown = sorted(set(answers) - {each.code for each in asked_on(asked)})
    if unknown or not answers:
        raise Refused(
            "Pilih jawaban paling sedikit untuk satu perilaku yang berlaku pada {day}.", day=format_date(asked)
        )
    with atomic():
        family = Family.objects.select_for_update(of=("self",)).filter(pk=family_id).first()
        if family is None:
            raise NotYours(Phrase("Keluarga"))
        known = {row.behaviour: row for row in BehaviourAnswer.objects.filter(family=family, asked_on=asked)}
        fresh, changed = [], []
        for code, answer in answers.items():
            row = known.get(code)
            if row is None:
                fresh.append(_row(family, code, answer, asked, by))
            elif row.answer != answer:
                row.answer, row.said_by = answer, by
                changed.append(row)
        BehaviourAnswer.objects.bulk_create(fresh)
        if changed:
            BehaviourAnswer.objects.bulk_update(changed, ["answer", "said_by"])
        log.record(
            "behaviours.answered", kind="family", subject=family.pk, body={"asked_on": asked, "count": len(answers)}
        )
    return len(fresh) + len(changed)


def _row(family: Family, code: str, answer: Answer, asked: date, by: User) -> BehaviourAnswer:
    return BehaviourAnswer(
        family=family, region_no=family.region_id, group_no=family.group_id or 0, behaviour=code, answer=answer,
        asked_on=asked, said_by=by,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A behaviour at a family's first and latest round; of several families, how many do it at each.

    `of`: families asked at least twice to whom it applied both times. Only they are compared.
    """

    behaviour: Behaviour
    first: int
    latest: int
    of: int


def rounds_of(family: Family) -> dict[date, dict[str, Answer]]:
    """Day -> question -> answer, the first day first. One query."""
    found: dict[date, dict[str, Answer]] = {}
    rows = BehaviourAnswer.objects.filter(family=family).order_by("asked_on", "pk")
    for asked, code, answer in rows.values_list("asked_on", "behaviour", "answer"):
        found.setdefault(asked, {})[code] = Answer(answer)
    return found


def changes(families: Iterable[int]) -> list[Change]:
    """How behaviours changed from each family's first to its latest answer, over these families. Two queries."""
    rows = BehaviourAnswer.objects.filter(family__in=list(families)).exclude(answer=Answer.NOT_APPLICABLE)
    order = ("family", "behaviour")
    first = rows.order_by(*order, "asked_on").distinct(*order).values_list(*order, "asked_on", "answer")
    latest = rows.order_by(*order, "-asked_on").distinct(*order).values_list(*order, "asked_on", "answer")
    pairs = {(family, code): (asked, answer) for family, code, asked, answer in first}
    counted: dict[str, list[int]] = {}
    for family, code, asked, answer in latest:
        began_on, began = pairs[family, code]
        if asked > began_on:
            sums = counted.setdefault(code, [0, 0, 0])
            sums[0] += began == Answer.YES
            sums[1] += answer == Answer.YES
            sums[2] += 1
    return [Change(each, *counted[each.code]) for each in default_behaviours() if each.code in counted]


def due_again(latest: date | None, *, on: date) -> bool:
    """Whether a family is to be asked (again): never asked, or policy's months have passed since."""
    if latest is None:
        return True
    months = int(default_policy().value("sessions.behaviours_every_months", on=on).value)
    return on >= latest + timedelta(days=months * DAYS_A_MONTH)
