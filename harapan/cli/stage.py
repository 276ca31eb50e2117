"""`harapan stage`: plan a stage, follow its money, and move it on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from harapan.accounts.permission import demand
from harapan.benefits import actions
from harapan.benefits.actions import regencies_of, stage_named
from harapan.benefits.models import Mode, Stage, State
from harapan.cli import imports, notices, proofs, stage_money
from harapan.cli.output import answer, as_json
from harapan.cli.session import acting
from harapan.cli.stage_said import named, say_moved, stage_name
from harapan.cli.stage_steps import STEPS
from harapan.core.money import rupiah, thousands
from harapan.database import day
from harapan.database.scope import put_on
from harapan.payments import closing, money
from harapan.regions.models import Region

Command = TypeVar("Command", bound=Callable[..., Any])

in_region = click.option("--region", metavar="KODE", help="Hanya kabupaten/kota ini, misalnya 63.05.")


@click.group()
def command() -> None:
    """Rencanakan, ikuti, dan tutup satu tahap.

    Contoh: harapan stage status 2025-2 --json
    """


for elsewhere in (*STEPS, *stage_money.COMMANDS, proofs.replay, proofs.pack, notices.command):
    command.add_command(elsewhere)


@command.command("list")
@acting
@as_json
def list_command(by: Any, why: str | None, as_json: bool) -> None:
    """Semua tahap, dari yang terlama.

    Contoh: harapan stage list --json
    """
    demand(by.post, "stage.view")
    with put_on(by.scope, read_only=True):
        stages = list(Stage.objects.all())
    value = [{"stage": stage.name, "mode": stage.mode, "state": stage.state} for stage in stages]
    answer(value, as_json=as_json, words=lambda: _list_words(stages))


def _list_words(stages: list[Stage]) -> str:
    if not stages:
        return "Belum ada tahap. Muat daftar dengan `harapan import beneficiaries BERKAS --stage 2025-2 --commit`."
    return "\n".join(
        f"{stage.name}  {stage.get_mode_display()}  {stage.get_state_display().lower()}" for stage in stages
    )


@command.command()
@stage_name
@click.option("--mode", type=click.Choice([str(mode) for mode in Mode]), default=str(Mode.RECEIVED), show_default=True,
              help="received: daftar pusat yang berlaku; computed: hak dihitung di sini.")  # fmt: skip
@acting
@as_json
def plan(stage: str, mode: str, by: Any, why: str | None, as_json: bool) -> None:
    """Ambil tahap dari kalender penyaluran. Tahap yang diterima dari pusat langsung terbuka.

    Contoh: harapan stage plan 2025-3
    """
    demand(by.post, "stage.plan")
    with put_on(by.scope):
        planned = actions.plan(stage, mode=Mode(mode), by=by.user, on=day.today(), why=why or "")
    say_moved(planned, as_json=as_json)


@command.command("open")
@stage_name
@acting
@as_json
def open_command(stage: str, by: Any, why: str | None, as_json: bool) -> None:
    """Buka tahap yang direncanakan untuk dihitung di sini.

    Contoh: harapan stage open 2025-3
    """
    demand(by.post, "stage.plan")
    with put_on(by.scope):
        opened = actions.open_stage(stage_named(stage), by=by.user, on=day.today(), why=why or "")
    say_moved(opened, as_json=as_json)


@command.command()
@stage_name
@click.argument("file", metavar="BERKAS", type=click.Path(path_type=Path))
@acting
@as_json
@click.pass_context
def settle(ctx: click.Context, stage: str, file: Path, by: Any, why: str | None, as_json: bool) -> int:
    """Bukukan jawaban bank atau pos. Sama dengan `harapan import settlement BERKAS --stage TAHAP --commit`.

    Contoh: harapan stage settle 2025-2 jawaban-bri.csv
    """
    with put_on(by.scope, read_only=True):
        found = stage_named(stage)
    status: int = ctx.invoke(
        imports.command, layout="settlement", files=(file,), stage=found.name, commit=True, facilitator=None,
        refused_to=None, by=by, why=why, as_json=as_json,
    )  # fmt: skip
    return status


def _step(name: str, help_text: str, *, permission: str, action: Callable[..., Stage]) -> None:
    """A command that moves the stage, or one regency of it, one state on."""

    @stage_name
    @in_region
    @acting
    @as_json
    def move(stage: str, region: str | None, by: Any, why: str | None, as_json: bool) -> None:
        demand(by.post, permission)
        with put_on(by.scope):
            number = _number(region)
            found = stage_named(stage)
            before = {regency.regency_no: regency.state for regency in regencies_of(found)}
            now = action(found, region=number, by=by.user, on=day.today(), why=why or "")
            moved = [one for one in regencies_of(now) if before.get(one.regency_no) != one.state]
            regencies = named(moved)
        say_moved(now, regencies, as_json=as_json)

    move.__doc__ = f"{help_text}\n\nContoh: harapan stage {name} 2025-2 --region 63.05"
    command.command(name)(move)


_step(
    "reconcile", "Nyatakan semua jawaban bank dan pos sudah masuk dan cocok.",
    permission="stage.reconcile", action=closing.reconcile,
)  # fmt: skip
_step(
    "close", "Tutup tahap: harus dibayar = masuk + gagal + kembali + ditahan, sampai rupiah terakhir.",
    permission="stage.close", action=closing.close,
)  # fmt: skip
_step(
    "finish", "Tuntaskan tahap: tidak ada lagi uang yang mengendap di rekening.",
    permission="stage.close", action=closing.finish,
)  # fmt: skip


@command.command()
@stage_name
@in_region
@acting
@as_json
def status(stage: str, region: str | None, by: Any, why: str | None, as_json: bool) -> None:
    """Keadaan tahap dan uangnya, sejauh wilayah kerja Anda.

    Contoh: harapan stage status 2025-2 --region 63.05 --json
    """
    demand(by.post, "stage.view")
    with put_on(by.scope, read_only=True):
        found = money.status(stage_named(stage), region=_number(region))
    answer(found.as_json(), as_json=as_json, words=lambda: _status_words(found))


def _status_words(found: money.Status) -> str:
    sums = found.money
    state = State(found.state).label.lower()
    said = [
        f"Tahap {found.stage} {state}: {rupiah(sums.net_idr)} untuk {thousands(sums.families)} keluarga.",
        f"Masuk rekening atau tangan {rupiah(sums.credited_idr)}, di antaranya {rupiah(sums.withdrawn_idr)} sudah "
        f"diambil dan {rupiah(sums.untouched_idr)} belum.",
        f"Gagal {rupiah(sums.failed_idr)}, kembali {rupiah(sums.returned_idr)}, ditahan {rupiah(sums.held_idr)}, "
        f"belum terjawab {rupiah(sums.unanswered_idr)}.",
    ]
    if found.exceptions:
        said.append(f"{thousands(found.exceptions)} jawaban belum cocok menunggu keputusan.")
    return "\n".join(said)


def _number(region: str | None) -> int | None:
    return Region.objects.by_code(region).no if region else None
