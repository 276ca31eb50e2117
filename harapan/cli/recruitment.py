"""`harapan recruitment`: the rounds, and their rankings made again from the frozen scores."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from harapan.accounts.permission import demand
from harapan.cli.output import answer, as_json
from harapan.cli.session import acting
from harapan.core.errors import Refused
from harapan.core.money import thousands
from harapan.database import day
from harapan.database.scope import put_on
from harapan.workforce.models import RankedApplication, Ranking, RecruitmentRound
from harapan.workforce.recruitment import checking, freezing, rounds
from harapan.workforce.recruitment.replay import Replayed
from harapan.workforce.recruitment.replay import replay as again

DIFFERENT = 1  # exit status


@click.group()
def command() -> None:
    """Rekrutmen: putaran, dan peringkatnya dihitung ulang dari nilai yang dibekukan.

    Contoh: harapan recruitment replay 2025
    """


@command.command("list")
@acting
@as_json
def list_(by: Any, why: str | None, as_json: bool) -> None:
    """Putaran yang ada, yang terbaru lebih dahulu.

    Contoh: harapan recruitment list
    """
    demand(by.post, "recruitment.view")
    with put_on(by.scope, read_only=True):
        rows = [
            {"round": each.code, "name": each.name, "state": each.state, "opens_on": each.opens_on,
             "closes_on": each.closes_on}
            for each in RecruitmentRound.objects.order_by("-opens_on", "-id")
        ]  # fmt: skip
    answer(rows, as_json=as_json, words=lambda: "\n".join(map(_line, rows)) or "Belum ada putaran rekrutmen.")


def _line(row: dict[str, Any]) -> str:
    state = RecruitmentRound.State(row["state"]).label
    return f"{row['round']}: {row['name']}, {state}, pendaftaran {row['opens_on']} sampai {row['closes_on']}"


@command.command()
@click.argument("code", metavar="PUTARAN")
@acting
@as_json
def close(code: str, by: Any, why: str | None, as_json: bool) -> None:
    """Tutup pendaftaran; undian untuk nilai yang sama ditarik.

    Contoh: harapan recruitment close 2025
    """
    demand(by.post, "recruitment.manage")
    with put_on(by.scope):
        found = rounds.close_applications(_round(code).pk, by=by.user, post=by.post, on=day.today())
        sent = rounds.sent_to(found)
        value = {"round": code, "sent": sent["applicants"], "doubles": sent["doubles"]}
    answer(
        value, as_json=as_json,
        words=lambda: f"Pendaftaran ditutup: {value['sent']} lamaran, {value['doubles']} disisihkan karena ganda.",
    )  # fmt: skip


@command.command()
@click.argument("code", metavar="PUTARAN")
@acting
@as_json
def check(code: str, by: Any, why: str | None, as_json: bool) -> None:
    """Periksa administrasi semua yang belum diputuskan, menurut isian dan berkasnya.

    Contoh: harapan recruitment check 2025
    """
    demand(by.post, "recruitment.manage")
    with put_on(by.scope):
        value = {"round": code, **checking.check_all(_round(code).pk, by=by.user, post=by.post)}
    answer(value, as_json=as_json, words=lambda: f"{value['passed']} lulus, {value['failed']} tidak lulus.")


@command.command()
@click.argument("code", metavar="PUTARAN")
@acting
@as_json
def rank(code: str, by: Any, why: str | None, as_json: bool) -> None:
    """Bekukan nilai dan susun peringkat; belum diumumkan.

    Contoh: harapan recruitment rank 2025
    """
    demand(by.post, "recruitment.manage")
    with put_on(by.scope):
        made = freezing.make_ranking(_round(code).pk, by=by.user, post=by.post)
        value: dict[str, Any] = {
            "round": code,
            "version": made.version,
            "applicants": made.applicants,
            "result": made.result_digest,
        }
    answer(
        value, as_json=as_json,
        words=lambda: f"Peringkat versi {value['version']} dari {thousands(value['applicants'])} peserta disusun.",
    )  # fmt: skip


@command.command()
@click.argument("code", metavar="PUTARAN")
@acting
@as_json
def shortlist(code: str, by: Any, why: str | None, as_json: bool) -> None:
    """Bekukan nilai sebelum wawancara dan susun siapa yang dipanggil; belum diumumkan.

    Contoh: harapan recruitment shortlist 2025
    """
    demand(by.post, "recruitment.manage")
    with put_on(by.scope):
        made = freezing.make_shortlist(_round(code).pk, by=by.user, post=by.post)
        called = made.rows.filter(outcome=RankedApplication.Outcome.SELECTED).count()
        value: dict[str, Any] = {
            "round": code, "version": made.version, "applicants": made.applicants, "called": called,
            "result": made.result_digest,
        }  # fmt: skip
    answer(
        value, as_json=as_json,
        words=lambda: f"{thousands(called)} dari {thousands(value['applicants'])} peserta dipanggil wawancara.",
    )  # fmt: skip


@command.command()
@click.argument("code", metavar="PUTARAN")
@click.option("--version", type=click.IntRange(min=1), metavar="N", help="Versi peringkat (bawaan: terbaru).")
@acting
@as_json
def replay(code: str, version: int | None, by: Any, why: str | None, as_json: bool) -> int:
    """Hitung ulang peringkat dari nilai yang dibekukan dan bandingkan. Status keluar 1 bila ada yang berbeda.

    Contoh: harapan recruitment replay 2025
    """
    demand(by.post, "recruitment.view")
    with put_on(by.scope, read_only=True):
        found = again(_ranking(code, version, by.post))
    answer(asdict(found) | {"same": found.same}, as_json=as_json, words=lambda: _told(found))
    return 0 if found.same else DIFFERENT


def _told(found: Replayed) -> str:
    kind = "Panggilan wawancara" if found.kind == Ranking.Kind.SHORTLIST else "Peringkat"
    head = f"{kind} {found.round} versi {found.version}, {thousands(found.applicants)} peserta"
    if found.same:
        offers = f"\n  {thousands(found.offers)} tawaran menurut urutan" if found.offers else ""
        return f"{head}: sama.\n  sidik nilai {found.input_digest}\n  sidik hasil {found.result_digest}{offers}"
    return f"{head}: berbeda. {found.difference}"


def _round(code: str) -> RecruitmentRound:
    found = RecruitmentRound.objects.filter(code=code).first()
    if found is None:
        raise Refused("Tidak ada putaran {code}. Lihat kodenya dengan `harapan recruitment list`.", code=code)
    return found


def _ranking(code: str, version: int | None, post: Any) -> Ranking:
    found = _round(code)
    if not found.run_by(post):
        raise Refused(
            "Peringkat {code} memuat pelamar di luar wilayah Anda. Ulangi dengan --as pengelolanya.", code=code
        )
    rows = Ranking.objects.filter(round=found).select_related("round", "input_file")
    made = (rows.filter(version=version) if version else rows).newest()
    if made is None:
        raise Refused("Putaran {code} belum punya peringkat itu. Susun dengan `harapan recruitment rank`.", code=code)
    return made
