"""What the accused says: an answer to the charge, an appeal against the verdict. In person, in their own case only."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connections

from harapan.accounts.models import User
from harapan.core.errors import Refused
from harapan.database.scope import active_alias, atomic
from harapan.workforce.ethics import law
from harapan.workforce.ethics.errors import AppealTooLate, NotYourCase, StepPassed
from harapan.workforce.ethics.handling import TEXT_MIN
from harapan.workforce.models import EthicsCase, EthicsStatement, Step

_SAY = "SELECT harapan.ethics_said(%s, %s, %s, %s, %s)"


def answer_charge(case_id: int, text: str, *, by: User, on: date) -> None:
    """Raises Refused once the case is decided."""
    case = _mine(case_id, by)
    if case.step not in (Step.SUMMONED, Step.HEARD):
        raise StepPassed(case.number, Step(case.step).label, case.step_on)
    _say(case, EthicsStatement.Kind.ANSWER, text, on=on, due=None)


def appeal(case_id: int, text: str, *, by: User, on: date) -> None:
    """Raises AppealTooLate after its time, StepPassed for a second one."""
    case = _mine(case_id, by)
    if case.step != Step.DECIDED:
        raise StepPassed(case.number, Step(case.step).label, case.step_on)
    if case.due_on is not None and on > case.due_on:
        raise AppealTooLate(case.due_on)
    due = on + timedelta(days=law.step_days(Step.APPEALED, on))
    _say(case, EthicsStatement.Kind.APPEAL, text, on=on, due=due)


def _mine(case_id: int, by: User) -> EthicsCase:
    case = EthicsCase.objects.filter(pk=case_id, accused=by, told_on__isnull=False).first()
    if case is None:
        raise NotYourCase
    return case


def _say(case: EthicsCase, kind: EthicsStatement.Kind, text: str, *, on: date, due: date | None) -> None:
    if len(text.strip()) < TEXT_MIN:
        raise Refused("Tulis penjelasan Anda, paling sedikit satu kalimat.")
    with atomic(), connections[active_alias()].cursor() as cursor:
        cursor.execute(_SAY, [case.pk, kind, text.strip(), on, due])
        if not cursor.fetchone()[0]:
            raise NotYourCase
