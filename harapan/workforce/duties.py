"""Extra duties under an order letter: recorded, cancelled, and how many days of a month they take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date, month_days
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.policy.reasons import demand_reason
from harapan.regions import codes
from harapan.registry.actions import NotYours
from harapan.workforce.duty_kinds import duty_kind
from harapan.workforce.models import ExtraDuty
from harapan.workforce.workdays import Hours, hours_on, workdays

NAMED_DAYS_MAX = 92  # of one letter


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """An assignment as its letter tells it: either `minutes_a_day` of each of its days, or `days_per_month`.

    kind: a code of data/workforce/duties.yaml. last_on: None until further notice, of days a month only.
    """

    kind: str
    title: str
    letter_no: str
    first_on: date
    last_on: date | None
    place: str = ""
    letter_on: date | None = None
    letter_by: str = ""
    letter_by_post: str = ""
    minutes_a_day: int | None = None
    days_per_month: int | None = None


def record_duty(facts: DutyFacts, *, region_no: int, by: User, on: date, user: User | None = None) -> ExtraDuty:
    """Keep an assignment of a person, or of all who serve in a region. The caller has narrowed both to the reach.

    Raises Refused for a letter known already, days out of order, an unknown kind.
    """
    kind = duty_kind(facts.kind)
    if kind is None or not kind.held.holds_on(facts.first_on):
        raise Refused("Jenis tugas {kind} tidak berlaku pada {day}.", kind=facts.kind, day=format_date(facts.first_on))
    _refuse_days(facts)
    if facts.letter_on is not None and facts.letter_on > on:
        raise Refused("Surat tertanggal {day} belum ada hari ini.", day=format_date(facts.letter_on))
    with atomic():
        known = ExtraDuty.objects.filter(letter_no=facts.letter_no, first_on=facts.first_on, cancelled_on__isnull=True)
        known = known.filter(user=user) if user else known.filter(user=None, region=region_no, title=facts.title)
        if known.exists():
            raise Refused(
                "Surat {number} untuk {day} sudah dicatat bagi {name}.",
                number=facts.letter_no, day=format_date(facts.first_on),
                name=user.name if user else known[0].region.display_name,
            )  # fmt: skip
        values = {name: getattr(facts, name) for name in facts.__slots__}
        duty = ExtraDuty.objects.create(user=user, region_id=region_no, recorded_by=by, **values)
        _log("duty.recorded", duty)
    return duty


def _refuse_days(facts: DutyFacts) -> None:
    if facts.minutes_a_day is None:
        if facts.last_on is not None and facts.last_on < facts.first_on:
            raise Refused(
                "Tugas berakhir {until}, sebelum mulai {since}. Periksa tanggalnya.",
                until=format_date(facts.last_on), since=format_date(facts.first_on),
            )  # fmt: skip
    elif not facts.first_on <= (facts.last_on or date.max) <= facts.first_on + timedelta(days=NAMED_DAYS_MAX):
        raise Refused(
            "Tugas dari {first} sampai {last}: tanggal harus berurutan, paling lama {days} hari. Periksa suratnya.",
            first=format_date(facts.first_on), last=format_date(facts.last_on) if facts.last_on else "?",
            days=NAMED_DAYS_MAX,
        )  # fmt: skip


def cancel_duty(duty_id: int, *, why: str, on: date) -> ExtraDuty:
    """It no longer counts. Raises NotYours, and Refused where nothing is said."""
    demand_reason(why, Phrase("Tulis mengapa tugas itu dibatalkan, misalnya: pelatihan diundur dinas."), on=on)
    with atomic():
        duty = ExtraDuty.objects.select_for_update().filter(pk=duty_id).first()
        if duty is None:
            raise NotYours(Phrase("Tugas tambahan"))
        if duty.cancelled_on is None:
            duty.cancelled_on, duty.cancelled_because = on, why.strip()
            duty.save(update_fields=["cancelled_on", "cancelled_because"])
            _log("duty.cancelled", duty, why=why)
    return duty


def _log(verb: str, duty: ExtraDuty, *, why: str = "") -> None:
    kind, subject = ("user", duty.user_id) if duty.user_id else ("duty", duty.pk)
    log.record(verb, kind=kind, subject=subject, why=why, body={"duty": duty.pk, "letter": duty.letter_no})


def in_force(homes: Mapping[int, int], first: date, after: date) -> dict[int, list[ExtraDuty]]:
    """User -> assignments that touch the days [first, after), in order: the own ones, and those of all who serve there.

    homes: user -> the region the person serves in. One query.
    """
    wider = {no for home in homes.values() for no in codes.lineage(home)}
    rows = ExtraDuty.objects.filter(Q(last_on__isnull=True) | Q(last_on__gte=first), first_on__lt=after)
    rows = rows.filter(Q(user__in=homes) | Q(user__isnull=True, region__in=wider), cancelled_on__isnull=True)
    found: dict[int, list[ExtraDuty]] = defaultdict(list)
    for duty in rows.order_by("first_on", "pk"):
        for user, home in homes.items():
            if duty.user_id == user or (duty.user_id is None and codes.contains(duty.region_id, home)):
                found[user].append(duty)
    return found


def purpose(duty: ExtraDuty) -> str:
    """What it is for, with its kind where the letter's own words do not begin with it."""
    kind = duty_kind(duty.kind)
    if kind is None or duty.title.lower().startswith(kind.title.lower()):
        return duty.title
    return f"{kind.title}: {duty.title}"


def minutes_by_day(duties: Iterable[ExtraDuty]) -> dict[date, int]:
    """Day -> minutes of the duties whose days are named, at most a day's hours; weekends and holidays included."""
    found: dict[date, int] = defaultdict(int)
    for duty in duties:
        if duty.minutes_a_day is None or duty.last_on is None:
            continue
        for step in range((duty.last_on - duty.first_on).days + 1):
            found[duty.first_on + timedelta(days=step)] += duty.minutes_a_day
    return {day: min(minutes, hours_on(day).day_minutes) for day, minutes in found.items()}


def open_days(duties: Iterable[ExtraDuty], month: str, hours: Hours) -> int:
    """Days of the month that go to duties without named days, by their share of its working days, rounded down."""
    worked = workdays(month, hours)
    return sum(
        (duty.days_per_month or 0) * sum(_runs(duty, day) for day in worked) // len(worked) for duty in duties if worked
    )


def _runs(duty: ExtraDuty, day: date) -> bool:
    return duty.first_on <= day and (duty.last_on is None or day <= duty.last_on)


def duty_days(duties: Iterable[ExtraDuty], month: str) -> int:
    """How many whole working days of the month the duties take: named minutes are rounded down."""
    known = list(duties)
    if not known:
        return 0
    first, _after = month_days(month)
    hours, taken = hours_on(first), minutes_by_day(known)
    worked = workdays(month, hours)
    named = sum(taken.get(day, 0) for day in worked) // hours.day_minutes
    return named + open_days(known, month, hours)
