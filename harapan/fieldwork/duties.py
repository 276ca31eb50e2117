"""Extra duties under an order letter: recorded, cancelled, and how many working days they take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date, month_days
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.fieldwork.agenda import workdays
from harapan.fieldwork.law import hours_on
from harapan.fieldwork.models import Duty
from harapan.fieldwork.results import duty_named
from harapan.fieldwork.workers import Worker
from harapan.registry.actions import NotYours

DAYS_MAX = 92  # of one letter


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """An assignment as its letter tells it. `kind`: a code of data/fieldwork/duties.yaml."""

    kind: str
    title: str
    place: str
    letter_no: str
    letter_on: date
    letter_by: str
    letter_by_post: str
    first_on: date
    last_on: date
    minutes_a_day: int


def record_duty(worker: Worker, facts: DutyFacts, *, by: User, on: date) -> Duty:
    """Keep an assignment of a person. Raises Refused for a letter known already, days out of order, an unknown kind."""
    kind = duty_named(facts.kind)
    if kind is None or not kind.held.holds_on(facts.first_on):
        raise Refused("Jenis tugas {kind} tidak berlaku pada {day}.", kind=facts.kind, day=format_date(facts.first_on))
    if not facts.first_on <= facts.last_on <= facts.first_on + timedelta(days=DAYS_MAX):
        raise Refused(
            "Tugas dari {first} sampai {last}: tanggal harus berurutan, paling lama {days} hari. Periksa suratnya.",
            first=format_date(facts.first_on), last=format_date(facts.last_on), days=DAYS_MAX,
        )  # fmt: skip
    if facts.letter_on > on:
        raise Refused("Surat tertanggal {day} belum ada hari ini.", day=format_date(facts.letter_on))
    with atomic():
        known = Duty.objects.filter(user=worker.user, letter_no=facts.letter_no, first_on=facts.first_on)
        if known.exists():
            raise Refused(
                "Surat {number} untuk {day} sudah dicatat bagi {name}.",
                number=facts.letter_no, day=format_date(facts.first_on), name=worker.user.name,
            )  # fmt: skip
        values = {name: getattr(facts, name) for name in facts.__slots__}
        duty = Duty.objects.create(user=worker.user, region_no=worker.region_no, recorded_by=by, **values)
        log.record("duty.recorded", kind="user", subject=worker.pk, body={"duty": duty.pk, "letter": facts.letter_no})
    return duty


def cancel_duty(duty_id: int, *, why: str, by: User, on: date) -> Duty:
    """It no longer counts. Raises NotYours, and Refused where nothing is said or it is cancelled already."""
    if not why.strip():
        raise Refused("Tulis mengapa tugas itu dibatalkan.")
    with atomic():
        duty = Duty.objects.select_for_update().filter(pk=duty_id).first()
        if duty is None:
            raise NotYours(Phrase("Tugas tambahan"))
        if duty.cancelled_on is None:
            duty.cancelled_on, duty.cancelled_because = on, why.strip()
            duty.save(update_fields=["cancelled_on", "cancelled_because"])
            log.record("duty.cancelled", kind="user", subject=duty.user_id, why=why, body={"duty": duty.pk})
    return duty


def in_force(users: Collection[int], first: date, after: date) -> list[Duty]:
    """Assignments of these people that touch the days [first, after), in order. One query."""
    rows = Duty.objects.filter(user__in=users, first_on__lt=after, last_on__gte=first, cancelled_on__isnull=True)
    return list(rows.order_by("first_on", "pk"))


def purpose(duty: Duty) -> str:
    """What it is for, with its kind where the letter's own words do not begin with it."""
    kind = duty_named(duty.kind)
    if kind is None or duty.title.lower().startswith(kind.title.lower()):
        return duty.title
    return f"{kind.title}: {duty.title}"


def minutes_by_day(duties: Iterable[Duty]) -> dict[date, int]:
    """Day -> minutes of all duties, at most a day's hours; weekends and holidays included."""
    found: dict[date, int] = defaultdict(int)
    for duty in duties:
        for step in range((duty.last_on - duty.first_on).days + 1):
            found[duty.first_on + timedelta(days=step)] += duty.minutes_a_day
    return {day: min(minutes, hours_on(day).day_minutes) for day, minutes in found.items()}


def duty_days(duties: Iterable[Duty], month: str) -> int:
    """How many whole working days of the month the duties take: their minutes over a day's, rounded down."""
    first, _after = month_days(month)
    hours, taken = hours_on(first), minutes_by_day(duties)
    return sum(taken.get(day, 0) for day in workdays(month, hours)) // hours.day_minutes
