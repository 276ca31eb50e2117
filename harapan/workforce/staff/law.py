"""What policy says about staff on a day: names of positions, how long things last, the steps of the first days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from harapan.core.periods import add_months, month_days, month_of
from harapan.core.phrases import Phrase
from harapan.policy.reader import default_policy
from harapan.workforce.models import Contract, Person


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the first days, to be done within so many days of coming."""

    code: str
    label: Phrase
    days: int

    def due_on(self, since: date) -> date:
        return since + timedelta(days=self.days)


def positions(form: str, on: date) -> dict[str, Phrase]:
    """The positions of a form of contract that exist on a day, by code."""
    return {code: row.words for code, row in default_policy().values(f"staff.position.{form}", on=on).items()}


def form_on(day: date) -> Contract.Form:
    """Yearly contracts, until the positions of civil servants exist."""
    return Contract.Form.PPPK if positions(Contract.Form.PPPK, day) else Contract.Form.CONTRACT


def position_name(code: str, on: date) -> str:
    """What a position is called on a day; a code of another time stays as it was recorded."""
    known = positions(Contract.Form.PPPK, on) | positions(Contract.Form.CONTRACT, on)
    return known.get(code, code.replace("_", " "))


def position_for(education: str, on: date) -> str:
    """The civil servant's position that goes with an education; "" where that is not known."""
    known = default_policy().values("staff.position_for", on=on)
    return str(known[education].value) if education in known else ""


def kind_of(role_code: str, on: date) -> Person.Kind:
    """What somebody in a role is: of the programme's own staff, or an official of an office beside it."""
    own = default_policy().value("staff.own_roles", on=on).value
    return Person.Kind.PKH if role_code in own else Person.Kind.OFFICE


def contract_months_max(form: str, on: date) -> int:
    return int(default_policy().value(f"staff.contract_months_max.{form}", on=on).value)


def renew_before_days(on: date) -> int:
    return int(default_policy().value("staff.renew_before_days", on=on).value)


def badge_months_max(on: date) -> int:
    return int(default_policy().value("staff.badge_months_max", on=on).value)


def first_days(on: date) -> int:
    return int(default_policy().value("staff.first_days", on=on).value)


def first_days_asked_from(on: date) -> date:
    """Whoever came from that day on is asked for the steps of their first days until all are done."""
    return date.fromisoformat(default_policy().value("staff.first_days_asked_from", on=on).value)


def steps(on: date) -> list[Step]:
    """The steps of the first days, the earliest first. The code is signed within its own days, told once."""
    policy = default_policy()
    days = {code: int(row.value) for code, row in policy.values("staff.step_days", on=on).items()}
    days["code_of_ethics"] = int(policy.value("ethics.sign_within_days", on=on).value)
    found = [Step(code, row.words, days[code]) for code, row in policy.values("staff.step", on=on).items()]
    return sorted(found, key=lambda each: (each.days, each.code))


def is_new(person: Person, on: date) -> bool:
    """Whether somebody's first days still run."""
    return person.since <= on < person.since + timedelta(days=first_days(on))


def months_later(day: date, months: int) -> date:
    """The same day of a later month; its last where it has fewer days."""
    first, after = month_days(add_months(month_of(day), months))
    return min(first + timedelta(days=day.day - 1), after - timedelta(days=1))
