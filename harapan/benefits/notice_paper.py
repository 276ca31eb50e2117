"""The notice as a letter, one family a page: what was missed, which months, what it costs, how to answer, whom to call.

No number of anybody stands on it: it lies on a table where neighbours sit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from harapan.accounts.models import User
from harapan.benefits.computing import rules_of
from harapan.benefits.models import SanctionNotice, Stage
from harapan.benefits.notice_words import cost_words, missed_words, month_words
from harapan.benefits.notices import names_of
from harapan.benefits.sanction_effect import costs_of
from harapan.core.periods import format_date, format_month
from harapan.files.documents import render
from harapan.regions.models import Region
from harapan.registry.models import Family

UNANSWERED = "Bila tidak ada jawaban"
TEMPLATE = Path(__file__).resolve().parent / "papers" / "notice.typ"


@dataclass(frozen=True, slots=True)
class Letter:
    """Finished words of one page (`papers/notice.typ`)."""

    name: str
    place: str
    group: str
    stage: str
    months: str
    missed: tuple[tuple[str, str], ...]  # month, who and what
    cost: str
    until: str  # "" where the family was not told yet: the days run from the day the letter is handed over
    days: int
    call: str


def letters_of(stage: Stage, families: Iterable[int]) -> list[Letter]:
    """A letter for each of these families with an open notice of the stage, by group and name."""
    found = SanctionNotice.objects.filter(stage=stage, family__in=list(families), verdict="open").order_by("month")
    notices: dict[int, list[SanctionNotice]] = {}
    for notice in found:
        notices.setdefault(notice.family_id, []).append(notice)
    rules, costs = rules_of(stage), costs_of(stage, notices)
    names = names_of(notice for several in notices.values() for notice in several)
    kin = Family.objects.filter(pk__in=notices).select_related("group__facilitator").order_by("group__name", "name_key")
    listed = list(kin)
    places = Region.objects.path_names(family.region_id for family in listed)
    pays = format_month(stage.pays_months[0]), format_month(stage.pays_months[-1])
    return [
        Letter(
            name=family.name,
            place=", ".join(filter(None, [family.street, places.get(family.region_id, "")])),
            group=family.group.name if family.group_id else "",
            stage=stage.label,
            months=" – ".join(dict.fromkeys(pays)),
            missed=tuple((month_words(each), missed_words(each, names)) for each in notices[family.pk]),
            cost=cost_words(costs[family.pk], where=UNANSWERED) if family.pk in costs else "",
            until=_until(notices[family.pk]),
            days=rules.sanction.answer_days,
            call=_call(family),
        )
        for family in listed
    ]


def pdf(letters: Iterable[Letter], *, by: User, at: datetime) -> bytes:
    """One page a letter."""
    return render(TEMPLATE, {"letters": [asdict(each) for each in letters]}, printed_by=by.name, printed_at=at)


def _until(notices: list[SanctionNotice]) -> str:
    days = [notice.answer_until for notice in notices if notice.answer_until is not None]
    return format_date(min(days)) if days else ""


def _call(family: Family) -> str:
    facilitator = family.group.facilitator if family.group_id else None
    if facilitator is None:
        return "Dinas Sosial kabupaten/kota, atau contact center 171"
    phone = f", telepon {facilitator.phone}" if facilitator.phone else ""
    return f"{facilitator.name} (pendamping){phone}, atau contact center 171"
