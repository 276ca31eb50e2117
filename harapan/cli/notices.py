"""`harapan stage notices`: tell families of missed months before a cut, and let unanswered notices lapse."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from harapan.accounts.permission import demand
from harapan.benefits import sanction_effect, sanctions
from harapan.benefits.actions import place_name, stage_named
from harapan.benefits.computing import live_run
from harapan.benefits.models import SanctionNotice, Verdict
from harapan.cli.output import answer, as_json
from harapan.cli.session import acting
from harapan.core.money import rupiah, thousands
from harapan.database import day
from harapan.database.scope import put_on

WORDS = {
    "warn": "diperingatkan",
    "cut": "dipotong",
    "defer": "dipotong dan ditangguhkan",
    "end": "dipotong, ditahan, dan diusulkan berakhir",
}


@click.command("notices")
@click.argument("stage", metavar="TAHAP")
@click.option("--give", is_flag=True, help="Buat pemberitahuan bagi setiap keluarga yang kewajibannya terlewat.")
@click.option("--lapse", is_flag=True, help="Nyatakan lewat waktu yang sudah diberi tahu dan tidak dijawab.")
@acting
@as_json
def command(stage: str, give: bool, lapse: bool, by: Any, why: str | None, as_json: bool) -> None:
    """Pemberitahuan sebelum bantuan dipotong: berapa yang menunggu, dan apa akibatnya.

    Contoh: harapan stage notices 2025-3 --give
    """
    demand(by.post, "sanction.give" if give or lapse else "sanction.view")
    with put_on(by.scope):
        found = stage_named(stage)
        value: dict[str, Any] = {"stage": found.name}
        if give:
            given = sanctions.give_notices(found, by=by.user, on=day.today())
            value |= {"given": given.notices, "families": given.families, "withdrawn": given.withdrawn}
        if lapse:
            value["lapsed"] = sanctions.lapse(found, by=by.user, on=day.today())
        counted = Counter(SanctionNotice.objects.filter(stage=found).values_list("verdict", flat=True))
        value["notices"] = {verdict.value: counted[verdict.value] for verdict in Verdict}
        run = live_run(found)
        effects = sanction_effect.effect_of(run) if run else []
        value["effect"] = [
            {"region": row.regency_no, "name": place_name(row.regency_no), "effect": row.effect.value,
             "families": row.families, "months": row.months, "cut_idr": row.cut_idr, "held_idr": row.held_idr}
            for row in effects
        ]  # fmt: skip
    answer(value, as_json=as_json, words=lambda: _words(value))


def _words(value: dict[str, Any]) -> str:
    said = []
    if "given" in value:
        said.append(
            f"{thousands(value['given'])} pemberitahuan baru untuk {thousands(value['families'])} keluarga; "
            f"{thousands(value['withdrawn'])} dicabut karena catatannya sudah diperbaiki."
        )
    if "lapsed" in value:
        said.append(f"{thousands(value['lapsed'])} pemberitahuan lewat waktu tanpa jawaban.")
    counts = ", ".join(f"{Verdict(code).label} {thousands(count)}" for code, count in value["notices"].items() if count)
    said.append(f"Tahap {value['stage']}: {counts}." if counts else f"Tahap {value['stage']} belum ada pemberitahuan.")
    said += [
        f"  {row['name']}: {thousands(row['families'])} keluarga {WORDS[row['effect']]}, "
        f"{rupiah(row['cut_idr'])} dipotong, {rupiah(row['held_idr'])} ditahan."
        for row in value["effect"]
    ]
    return "\n".join(said)
