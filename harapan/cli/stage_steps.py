"""The steps of `harapan stage` up to the approval: freeze, compute, check, approve or refuse.

`compute` serves a received stage too: there it computes beside the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from django.db.models import Count, Q, Sum

from harapan.accounts.permission import demand
from harapan.benefits import after_freeze, approving, computing, freezing, running
from harapan.benefits.actions import stage_named
from harapan.benefits.models import Approval, Difference, Entitlement, Mode, Run, Snapshot, Stage
from harapan.cli.output import answer, as_json, progress
from harapan.cli.session import acting
from harapan.cli.stage_said import stage_name
from harapan.core.money import rupiah, thousands
from harapan.database import day
from harapan.database.scope import put_on
from harapan.payments import checking

STEPS: list[click.Command] = []


def _step(command: click.Command) -> click.Command:
    STEPS.append(command)
    return command


@_step
@click.command()
@stage_name
@click.option("--susulan", is_flag=True, help="Bekukan yang belum dibayar sebagai susulan.")
@acting
@as_json
def freeze(stage: str, susulan: bool, by: Any, why: str | None, as_json: bool) -> None:
    """Bekukan data yang dibaca aturan pada satu saat (final closing).

    Contoh: harapan stage freeze 2024-4
    """
    demand(by.post, "stage.freeze")
    found = _found(stage, by)
    with _bar(f"Membekukan {found.name}") as told:
        made = freezing.freeze(found, susulan=susulan, actor=by.user.pk, on=day.today(), why=why or "", told=told)
    value = _standing(found, by) | {
        "wave": made.wave, "snapshot": made.number, "families": made.families, "members": made.members,
        "manifest_sha256": made.manifest_sha256,
    }  # fmt: skip
    answer(value, as_json=as_json, words=lambda: _frozen_words(found, made))


def _frozen_words(stage: Stage, made: Snapshot) -> str:
    return (
        f"Tahap {stage.name} dibekukan ({made.wave_label}): {thousands(made.families)} keluarga, "
        f"{thousands(made.members)} anggota. Hitung dengan `harapan stage compute {stage.name}`."
    )


@_step
@click.command()
@stage_name
@acting
@as_json
def compute(stage: str, by: Any, why: str | None, as_json: bool) -> None:
    """Hitung hak dari data yang dibekukan; tahap yang diterima dari pusat dihitung di samping daftarnya.

    Contoh: harapan stage compute 2025-2
    """
    found = _found(stage, by)
    if found.mode == Mode.RECEIVED:
        _compute_beside(found, by, why or "", as_json=as_json)
        return
    demand(by.post, "stage.compute")
    with _bar(f"Menghitung {found.name}") as told:
        run = running.compute(found, actor=by.user.pk, on=day.today(), why=why or "", told=told)
    value = _standing(found, by) | {"wave": run.wave, "run": run.pk, **_totals(run), "output_sha256": run.output_sha256}
    answer(value, as_json=as_json, words=lambda: _run_words(found, run))


def _run_words(stage: Stage, run: Run) -> str:
    return (
        f"{thousands(run.families)} keluarga dihitung: {rupiah(run.net_idr)} untuk {thousands(run.paid)} keluarga. "
        f"Periksa dengan `harapan stage check {stage.name}`."
    )


def _compute_beside(stage: Stage, by: Any, why: str, *, as_json: bool) -> None:
    demand(by.post, "stage.plan")
    with progress(total=None, label=f"Menghitung {stage.name}"):
        run = computing.compute_beside(stage, actor=by.user.pk, why=why)
    with put_on(by.scope, read_only=True):
        sums = _sums_in_scope(run)
        differing = Difference.objects.filter(stage=stage).count()
    value = {"stage": stage.name, "run": run.pk, **sums, "output_sha256": run.output_sha256, "differences": differing}
    answer(
        value,
        as_json=as_json,
        words=lambda: (
            f"{thousands(sums['families'])} keluarga di wilayah kerja Anda dihitung: {rupiah(sums['net_idr'])} untuk "
            f"{thousands(sums['paid'])} keluarga. {thousands(differing)} keluarga berbeda dengan daftar pusat."
        ),
    )


def _sums_in_scope(run: Run) -> dict[str, int]:
    """What the run found due to the families whoever's scope is on sees; the run's own totals are of all of them."""
    return Entitlement.objects.filter(run_id=run.pk).aggregate(
        families=Count("family_id"),
        paid=Count("family_id", filter=Q(net_idr__gt=0)),
        gross_idr=Sum("gross_idr", default=0),
        cut_idr=Sum("cut_idr", default=0),
        net_idr=Sum("net_idr", default=0),
    )


@_step
@click.command()
@stage_name
@acting
@as_json
def check(stage: str, by: Any, why: str | None, as_json: bool) -> None:
    """Periksa rekening dan susun angka yang diputuskan orang kedua (cek rekening).

    Contoh: harapan stage check 2024-4
    """
    demand(by.post, "stage.check")
    found = _found(stage, by)
    with progress(total=None, label=f"Memeriksa {found.name}"):
        made = checking.check(found, actor=by.user.pk, on=day.today(), why=why or "")
    held, held_idr = (sum(row[name] for row in made.figures["accounts"]) for name in ("families", "idr"))
    base = made.figures["base"]
    value = _standing(found, by) | {
        "wave": made.run.wave, "run": made.run_id, **_totals(made.run), "base": base["stage"] if base else None,
        "findings": held, "findings_idr": held_idr,
    }  # fmt: skip
    answer(
        value,
        as_json=as_json,
        words=lambda: (
            f"Tahap {found.name} diperiksa: {rupiah(made.run.net_idr)} untuk {thousands(made.run.paid)} keluarga; "
            f"{thousands(held)} keluarga ({rupiah(held_idr)}) punya temuan rekening. "
            f"Orang kedua menyetujui dengan `harapan stage approve {found.name} --sk NOMOR --sk-date TANGGAL`."
        ),
    )


@_step
@click.command()
@stage_name
@click.option("--sk", "decree_no", metavar="NOMOR", required=True, help="Nomor SK penetapan.")
@click.option("--sk-date", "decree_on", metavar="TANGGAL", required=True, type=click.DateTime(["%Y-%m-%d"]),
              help="Tanggal SK, misalnya 2024-11-05.")  # fmt: skip
@acting
@as_json
def approve(stage: str, decree_no: str, decree_on: datetime, by: Any, why: str | None, as_json: bool) -> None:
    """Setujui hasil yang sudah diperiksa, dengan SK. Harus orang lain daripada yang menghitung atau memeriksa.

    Contoh: harapan stage approve 2024-4 --sk 123/SK/2024 --sk-date 2024-11-05 --as ratna
    """
    demand(by.post, "stage.approve")
    with put_on(by.scope):
        made = approving.approve(
            stage_named(stage), decree_no=decree_no, decree_on=decree_on.date(), by=by.user, on=day.today(),
            why=why or "",
        )  # fmt: skip
    _decided(made, by, as_json=as_json)


@_step
@click.command()
@stage_name
@acting
@as_json
def refuse(stage: str, by: Any, why: str | None, as_json: bool) -> None:
    """Kembalikan hasil yang sudah diperiksa, dengan alasan (--why). Tahap kembali dibekukan.

    Contoh: harapan stage refuse 2024-4 --why "Kenaikan di 63.05 belum dijelaskan" --as ratna
    """
    demand(by.post, "stage.approve")
    made = approving.refuse(_found(stage, by), why=why or "", by=by.user, on=day.today())
    _decided(made, by, as_json=as_json)


def _decided(made: Approval, by: Any, *, as_json: bool) -> None:
    stage = made.run.stage
    value = _standing(stage, by) | {
        "wave": made.run.wave, "run": made.run_id, "decision": made.decision, "decree_no": made.decree_no,
        "decree_on": made.decree_on, "net_idr": made.net_idr,
    }  # fmt: skip
    answer(
        value,
        as_json=as_json,
        words=lambda: (
            f"Tahap {stage.name} {made.get_decision_display()}: {rupiah(made.net_idr)}"
            + (f" dengan SK {made.decree_no}." if made.decree_no else f". {made.why}")
        ),
    )


@_step
@click.command("after-freeze")
@stage_name
@acting
@as_json
def after_freeze_command(stage: str, by: Any, why: str | None, as_json: bool) -> None:
    """Yang disimpan sesudah pembekuan, dan ke mana perginya: susulan atau tahap berikutnya.

    Keluarga satu per satu; bulan fasilitas dan pembebasan kewajiban dengan banyaknya keluarga yang terkena.

    Contoh: harapan stage after-freeze 2024-4 --json
    """
    demand(by.post, "family.view")
    with put_on(by.scope, read_only=True):
        found = after_freeze.since_freeze(stage_named(stage))
    value = {
        "stage": stage, "known": found.known, "whole": found.whole,
        "families": [
            {"family": late.family_id, "changed": late.kinds, "at": late.at, "goes_to": late.goes_to, "wave": late.wave}
            for late in found.families
        ],
        "places": [
            {"facility": late.facility_id, "month": late.month, "exemption": late.exemption_id, "at": late.at,
             "families": late.families, "waiting": late.waiting, "goes_to": late.goes_to, "wave": late.wave}
            for late in found.places
        ],
    }  # fmt: skip
    answer(value, as_json=as_json, words=lambda: _after_words(stage, found))


def _after_words(stage: str, found: after_freeze.After) -> str:
    if not found.known:
        return (
            f"Jejak audit dimulai lagi sejak tahap {stage} dibekukan, jadi yang datang kemudian tidak dapat dibedakan."
        )
    if not found.families and not found.places:
        return f"Belum ada yang berubah sesudah pembekuan tahap {stage}."
    counts = [f"{thousands(found.count(each))} {AFTER[each]}" for each in after_freeze.GoesTo if found.count(each)]
    of_families = f": {', '.join(counts)}" if counts else ""
    places = f" Bulan fasilitas dan pembebasan kewajiban: {thousands(len(found.places))}." if found.places else ""
    more = "" if found.whole else " Masih ada perubahan sebelum itu."
    return (
        f"{thousands(len(found.families))} keluarga berubah sesudah pembekuan tahap {stage}{of_families}.{places}{more}"
    )


AFTER = {
    after_freeze.GoesTo.REFREEZE: "ikut bila dibekukan lagi",
    after_freeze.GoesTo.SUSULAN: "masuk susulan berikutnya",
    after_freeze.GoesTo.TAKEN: "sudah masuk susulan",
    after_freeze.GoesTo.LATER: "masuk tahap berikutnya",
}


def _found(stage: str, by: Any) -> Stage:
    with put_on(by.scope, read_only=True):
        return stage_named(stage)


def _standing(stage: Stage, by: Any) -> dict[str, Any]:
    """Where the stage stands now."""
    with put_on(by.scope, read_only=True):
        now = Stage.objects.get(pk=stage.pk)
    return {"stage": now.name, "mode": now.mode, "state": now.state}


def _totals(run: Run) -> dict[str, int]:
    names = ("families", "paid", "gross_idr", "cut_idr", "net_idr")
    return {name: getattr(run, name) for name in names}


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar that follows work done in ranges; how many there are is known once it has begun."""
    with progress(total=1, label=label) as bar:

        def told(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield told
