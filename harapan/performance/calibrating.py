"""How often each indicator was right, by check visits, weighed by how likely each was to be drawn; and its weight."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import connections

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import active_alias, atomic
from harapan.performance.law import law_on
from harapan.performance.models import CheckVisit, Finding, IndicatorWeight
from harapan.performance.models.check import WRONG
from harapan.performance.rules import Precision, precision
from harapan.performance.words import INDICATORS
from harapan.policy.reasons import demand_reason

WEIGHT_UNKNOWN = 50  # of an indicator no visit has spoken of: as likely right as wrong


@dataclass(frozen=True, slots=True)
class Calibration:
    """An indicator with what visits say of it, and the weight in force."""

    indicator: str
    precision: Precision
    weight: int
    since: date | None

    @property
    def title(self) -> Phrase:
        return INDICATORS[self.indicator].title

    @property
    def proposed(self) -> int:
        """What visits would make of the weight: the mean of a Beta posterior that begins with one half."""
        known = self.precision
        return round(100 * (known.share * known.effective + 1) / (known.effective + 2))


def weights_on(day: date) -> dict[str, int]:
    """Every indicator's weight in percent on a day. One query."""
    weights = dict.fromkeys(INDICATORS, WEIGHT_UNKNOWN)
    weights.update(
        IndicatorWeight.objects.filter(since__lte=day).order_by("since", "pk").values_list("indicator", "percent")
    )
    return weights


def calibration(*, on: date) -> tuple[Precision, list[Calibration]]:
    """Of all months drawn and visited in the scope that is on the share whose records did not hold; and by indicator.

    The first figure is unbiased for everybody because everybody may be drawn; an indicator's is of the months it
    pointed at. Three queries.
    """
    visits = list(
        CheckVisit.objects.exclude(result="").values_list("person", "month", "probability", "result").order_by("pk")
    )
    outcomes = {(person, month): (probability, result in WRONG) for person, month, probability, result in visits}
    pointed: defaultdict[str, list[tuple[float, bool]]] = defaultdict(list)
    people = {person for person, _month in outcomes}
    for person, month, indicator in Finding.objects.filter(person__in=people).values_list(
        "person", "month", "indicator"
    ):
        if (person, month) in outcomes:
            pointed[indicator].append(outcomes[person, month])
    since = dict(
        IndicatorWeight.objects.filter(since__lte=on).order_by("since", "pk").values_list("indicator", "since")
    )
    weights = weights_on(on)
    rows = [Calibration(code, precision(pointed[code]), weights[code], since.get(code)) for code in INDICATORS]
    return precision(list(outcomes.values())), rows


def calibrate(*, why: str, by: User, on: date) -> list[IndicatorWeight]:
    """Let weights follow the visits: a dated row for each indicator with enough of them, for everybody to see.

    Scores of all findings follow in the same transaction. In a scope that sees all visits. Raises Refused without
    reason, or where no weight would change.
    """
    way_out = Phrase("Tulis alasan mengubah bobot penanda, misalnya: sesudah 40 kunjungan cek semester pertama.")
    demand_reason(why, way_out, on=on)
    with atomic():
        _all, rows = calibration(on=on)
        least = law_on(on).checked_min
        changed = [row for row in rows if row.precision.checked >= least and row.proposed != row.weight]
        if not changed:
            raise Refused(
                "Tidak ada bobot yang berubah. Perlu paling sedikit {least} kunjungan cek per penanda, dengan hasil "
                "yang lain dari bobot sekarang.",
                least=least,
            )
        made = [_weighed(row, why, by, on) for row in changed]
        with connections[active_alias()].cursor() as cursor:
            cursor.executemany(
                "UPDATE performance_finding SET score = strength * %s / 100 WHERE indicator = %s",
                [(each.percent, each.indicator) for each in made],
            )
        log.record("integrity.calibrated", why=why, body={each.indicator: each.percent for each in made})
    return made


def _weighed(row: Calibration, why: str, by: User, on: date) -> IndicatorWeight:
    known = row.precision
    facts = {
        "percent": row.proposed, "checked": known.checked, "share": known.share, "low": known.low, "high": known.high,
        "set_by": by, "why": why.strip()[:200],
    }  # fmt: skip
    if row.since == on:
        raise Refused("Bobot sudah diubah hari ini. Ubah lagi besok, agar setiap bobot punya tanggalnya sendiri.")
    return IndicatorWeight.objects.create(indicator=row.indicator, since=on, **facts)
