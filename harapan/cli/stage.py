"""`harapan stage`: plan a stage, follow its money, and move it on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from django.db.models import Count, Q, Sum

from harapan.accounts.permission import demand
from harapan.benefits import actions, computing
from harapan.benefits.actions import regencies_of, stage_named
from harapan.benefits.models import Difference, Entitlement, Mode, Run, Stage, StageRegency, State
from harapan.cli import imports, notices, proofs, stage_money
from harapan.cli.output import answer, as_json, progress
from harapan.cli.session import acting
from harapan.core.money import rupiah, thousands
from harapan.database import day
from harapan.database.scope import put_on
from harapan.payments import closing, money
from harapan.regions.models import Region

Command = TypeVar("Command", bound=Callable[..., Any])

stage_name = click.argument("stage", metavar="TAHAP")
in_region = click.option("--region", metavar="KODE", help="Hanya kabupaten/kota ini, misalnya 63.05.")


@click.group()
def command() -> None:
    """Rencanakan, ikuti, dan tutup satu tahap.

    Contoh: harapan stage status 2025-2 --json
    """


for elsewhere in (*stage_money.COMMANDS, proofs.replay, proofs.pack, notices.command):
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
    _moved(planned, as_json=as_json)


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
    _moved(opened, as_json=as_json)


@command.command()
@stage_name
@acting
@as_json
def compute(stage: str, by: Any, why: str | None, as_json: bool) -> None:
    """Hitung tahap di samping daftar pusat, dan perbarui selisih tiap keluarga.

    Contoh: harapan stage compute 2025-2
    """
    demand(by.post, "stage.plan")
    with put_on(by.scope, read_only=True):
        found = stage_named(stage)
    with progress(total=None, label=f"Menghitung {found.name}"):
        run = computing.compute_beside(found, actor=by.user.pk, why=why or "")
    with put_on(by.scope, read_only=True):
        sums = _sums(run)
        differing = Difference.objects.filter(stage=found).count()
    value = {"stage": found.name, "run": run.pk, **sums, "output_sha256": run.output_sha256, "differences": differing}
    answer(
        value,
        as_json=as_json,
        words=lambda: (
            f"{thousands(sums['families'])} keluarga di wilayah kerja Anda dihitung: {rupiah(sums['net_idr'])} untuk "
            f"{thousands(sums['paid'])} keluarga. {thousands(differing)} keluarga berbeda dengan daftar pusat."
        ),
    )


def _sums(run: Run) -> dict[str, int]:
    """What the run found due to the families whoever's scope is on sees; the run's own totals are of all of them."""
    return Entitlement.objects.filter(run_id=run.pk).aggregate(
        families=Count("family_id"),
        paid=Count("family_id", filter=Q(net_idr__gt=0)),
        gross_idr=Sum("gross_idr", default=0),
        cut_idr=Sum("cut_idr", default=0),
        net_idr=Sum("net_idr", default=0),
    )


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
            regencies = _named(moved)
        _moved(now, regencies, as_json=as_json)

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


def _named(moved: list[StageRegency]) -> list[dict[str, str]]:
    """Code, name and state of each regency: {"region": "63.05", "name": "Kab. Tapin", "state": "closed"}."""
    places = Region.objects.in_bulk([regency.regency_no for regency in moved], field_name="no")
    named = [(places[regency.regency_no], regency.state) for regency in moved]
    return [{"region": place.code, "name": place.display_name, "state": state} for place, state in named]


def _moved(stage: Stage, regencies: list[dict[str, str]] | None = None, *, as_json: bool) -> None:
    """Say what moved: the regencies that did, and beside them the stage, which stands where the last of them stands."""
    value: dict[str, Any] = {"stage": stage.name, "mode": stage.mode, "state": stage.state}
    if regencies is not None:
        value["regencies"] = regencies
    answer(value, as_json=as_json, words=lambda: _moved_words(stage, regencies or []))


def _moved_words(stage: Stage, regencies: list[dict[str, str]]) -> str:
    whole = State(stage.state).label.lower()
    if not regencies:
        return f"Tahap {stage.name} sekarang {whole}."
    state = State(regencies[0]["state"]).label.lower()
    names = ", ".join(regency["name"] for regency in regencies)
    more = "" if state == whole else f" Keadaan tahap {stage.name} secara keseluruhan: {whole}."
    return f"Tahap {stage.name} sekarang {state} di {names}.{more}"


def _number(region: str | None) -> int | None:
    return Region.objects.by_code(region).no if region else None
