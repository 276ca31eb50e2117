"""`harapan integrity`: look for what should be checked in a month's records, and let weights follow check visits."""

from __future__ import annotations

from typing import Any

import click

from harapan.accounts.permission import demand
from harapan.cli.output import answer, as_json
from harapan.cli.session import acting
from harapan.core.money import thousands
from harapan.core.periods import add_months, format_month, month_of, parse_month
from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.performance import calibrating, running
from harapan.performance.words import INDICATORS


@click.group()
def command() -> None:
    """Catatan yang perlu dicek. Temuan tidak mengubah uang, upah, atau peringkat siapa pun.

    Contoh: harapan integrity run --month 2025-06
    """


@command.command("run")
@click.option("--month", metavar="BULAN", help="Bulan yang diperiksa, misalnya 2025-06 (bawaan: bulan lalu).")
@acting
@as_json
def run_month(month: str | None, by: Any, why: str | None, as_json: bool) -> None:
    """Periksa satu bulan; aman diulang, dan jawaban yang sudah ada tetap.

    Contoh: harapan integrity run --month 2025-06
    """
    demand(by.post, "integrity.run")
    today = day.today()
    asked = parse_month(month) if month else add_months(month_of(today), -1)
    made = running.run(asked, actor=by.user.pk, on=today)
    value = {"month": asked, "people": made.people, "records": made.records, "findings": made.findings}
    answer(value, as_json=as_json, words=lambda: (
        f"{format_month(asked)}: {thousands(made.records)} catatan dari {thousands(made.people)} pendamping diperiksa, "
        f"{thousands(made.findings)} temuan perlu dicek. Yang bersangkutan melihatnya lebih dahulu."
    ))  # fmt: skip


@command.command()
@click.option("--apply", "applies", is_flag=True, help="Ubah bobot mengikuti hasil kunjungan cek; perlu --why.")
@acting
@as_json
def calibrate(applies: bool, by: Any, why: str | None, as_json: bool) -> None:
    """Seberapa sering tiap penanda terbukti menurut kunjungan cek, dan bobotnya.

    Contoh: harapan integrity calibrate --apply --why "sesudah 40 kunjungan semester pertama"
    """
    demand(by.post, "integrity.calibrate")
    # also the findings that are still their persons' alone: only sums are told, and every score follows its weight
    with put_on(Scope.batch(actor=by.user.pk, why=why or "")):
        changed = calibrating.calibrate(why=why or "", by=by.user, on=day.today()) if applies else []
        everybody, rows = calibrating.calibration(on=day.today())
    value = {
        "checked": everybody.checked, "share": everybody.share, "low": everybody.low, "high": everybody.high,
        "changed": [each.indicator for each in changed],
        "indicators": [
            {"indicator": row.indicator, "checked": row.precision.checked, "share": row.precision.share,
             "low": row.precision.low, "high": row.precision.high, "weight": row.weight, "proposed": row.proposed}
            for row in rows
        ],
    }  # fmt: skip
    answer(value, as_json=as_json, words=lambda: _words(value))


def _words(value: dict[str, Any]) -> str:
    lines = [
        f"{value['checked']} kunjungan cek; catatan tidak benar {_range(value)}. "
        f"{len(value['changed'])} bobot penanda diubah."
    ]
    lines += [
        f"  {INDICATORS[row['indicator']].title}: {row['checked']} kunjungan, terbukti {_range(row)}, "
        f"bobot {row['weight']}%"
        for row in value["indicators"]
        if row["checked"]
    ]
    return "\n".join(lines)


def _range(row: dict[str, Any]) -> str:
    return f"{row['share']:.0%} (antara {row['low']:.0%} dan {row['high']:.0%})"
