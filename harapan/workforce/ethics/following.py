"""What became of a report: asked with number and secret word, and answered without saying who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import SYSTEM, Scope, active_alias, atomic, put_on
from harapan.workforce.ethics import evidence
from harapan.workforce.ethics.errors import NothingFiled, NotYourCase
from harapan.workforce.ethics.reporting import VIA, word_index
from harapan.workforce.models import EthicsMessage, EthicsReport, Step

MESSAGES_MAX = 50  # of one reporter: whoever has more to say is called
TEXT_MAX = 4000


@dataclass(frozen=True, slots=True)
class Message:
    from_reporter: bool
    text: str
    written_on: date


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a report is. `proven`: what was decided, None before that."""

    step: Step
    reported_on: date
    step_on: date
    due_on: date | None
    proven: bool | None
    messages: tuple[Message, ...]


def follow(number: str, word: str) -> Followed:
    """Raises NothingFiled, whichever of the two is wrong."""
    asked = _key(number, word)
    with put_on(Scope.common(actor=SYSTEM, via=VIA), read_only=True):
        rows = _all("SELECT step, reported_on, step_on, due_on, proven FROM harapan.ethics_asked(%s, %s)", asked)
        if not rows:
            raise NothingFiled
        said = _all("SELECT from_reporter, said, written_on FROM harapan.ethics_messages(%s, %s)", asked)
    step, reported_on, step_on, due_on, proven = rows[0]
    return Followed(Step(step), reported_on, step_on, due_on, proven, tuple(Message(*row) for row in said))


def add(number: str, word: str, text: str, *, on: date, brought: Sequence[evidence.Proof] = ()) -> None:
    """A further word of the reporter, with proofs. Raises NothingFiled, and Refused once the case has
    ended or enough was said."""
    text = text.strip()[:TEXT_MAX]
    if not text:
        raise Refused("Keterangannya masih kosong. Tulis apa yang ingin ditambahkan.")
    before = follow(number, word)
    if not before.step.open:
        raise Refused("Perkara ini sudah selesai. Buat laporan baru bila ada kejadian lain.")
    written, index = _key(number, word)
    with put_on(Scope.common(actor=SYSTEM, via=VIA)):
        added = _all("SELECT harapan.ethics_added(%s, %s, %s, %s, %s)", [written, index, text, on, MESSAGES_MAX])
        if not added[0][0]:
            raise Refused("Sudah {most} keterangan untuk laporan ini. Tunggu jawaban penegak etik.", most=MESSAGES_MAX)
        evidence.attach(written, index, brought, on=on)


def reply(report_id: int, text: str, *, by: User, on: date) -> EthicsMessage:
    """Words of the handler to the reporter. Raises NotYourCase, Refused."""
    if not text.strip():
        raise Refused("Pesannya masih kosong. Tulis apa yang perlu diketahui pelapor.")
    with atomic():
        report = EthicsReport.objects.select_related("case").filter(pk=report_id).first()
        if report is None or report.case.handler_id != by.pk:
            raise NotYourCase
        made = EthicsMessage.objects.create(
            case=report.case, report=report, from_reporter=False, text=text.strip()[:TEXT_MAX], written_on=on
        )
        log.record("ethics_report.answered", kind="ethics_case", subject=report.case_id)
    return made


def _key(number: str, word: str) -> tuple[str, bytes]:
    number = "".join(letter for letter in number.upper() if letter.isalnum())
    written = f"LE-{number[2:6]}-{number[6:]}" if number.startswith("LE") else number
    return written, word_index(written, word)


def _all(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
