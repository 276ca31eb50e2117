"""`harapan stage` on the way of the money of a computed stage: orders, papers, files, second attempts, paying back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from harapan.accounts.permission import demand
from harapan.benefits.actions import stage_named
from harapan.benefits.models import Stage
from harapan.cli.output import answer, as_json, progress
from harapan.cli.session import acting
from harapan.core.errors import Refused
from harapan.core.money import rupiah, thousands
from harapan.database import day
from harapan.database.scope import put_on
from harapan.files import storage
from harapan.payments import handing, instructing, retrying, treasury, withdrawing
from harapan.payments.models import Instruction, PaymentFile, TreasuryDocument
from harapan.payments.stage_queries import files_of
from harapan.regions.models import Region

Kind = TreasuryDocument.Kind
stage_name = click.argument("stage", metavar="TAHAP")
number_of = click.option("--instruction", "number", type=int, help="Nomor perintah bayar (bawaan: yang terakhir).")


@click.command()
@stage_name
@click.option(
    "--retry", is_flag=True, help="Tarik pembayaran ulang yang sudah diminta, bukan gelombang yang disetujui."
)
@click.option("--spp", metavar="NOMOR", help="Terbitkan sekaligus SPP dengan nomor ini, satu per penyalur.")
@acting
@as_json
def instruct(stage: str, retry: bool, spp: str | None, by: Any, why: str | None, as_json: bool) -> None:
    """Tarik order untuk yang disetujui, tulis berkas tiap penyalur, dan baca ulang.

    Aman diulang: yang sudah ditarik tidak ditarik lagi, berkas yang belum selesai ditulis dilanjutkan.

    Contoh: harapan stage instruct 2024-4 --spp 00123/PKH/2024 --as ppk
    """
    demand(by.post, "stage.instruct")
    today = day.today()
    with put_on(by.scope, read_only=True):
        found = stage_named(stage)
    with progress(total=None, label="Menulis berkas") as bar:
        instruction, written = instructing.instruct(
            found, again=retry, actor=by.user.pk, on=today, why=why or "", told=lambda done, total: bar.update(1)
        )
    papers = 0
    if spp:
        with put_on(by.scope):
            papers = len(treasury.issue(instruction, Kind.SPP, number=spp, on=today, by=by.user, today=today))
    with put_on(by.scope, read_only=True):
        found = stage_named(stage)
    value = {
        "stage": found.name, "mode": found.mode, "state": found.state, "instruction": instruction.number,
        "orders": instruction.orders, "amount_idr": instruction.amount_idr, "held": instruction.held,
        "held_idr": instruction.held_idr, "files_written": written, "documents": papers,
    }  # fmt: skip
    answer(
        value,
        as_json=as_json,
        words=lambda: (
            f"Perintah bayar {instruction.number} tahap {found.name}: {thousands(instruction.orders)} order "
            f"{rupiah(instruction.amount_idr)} dalam {thousands(written)} berkas; ditahan "
            f"{thousands(instruction.held)} keluarga {rupiah(instruction.held_idr)}."
        ),
    )


def _instruction(stage: Stage, number: int | None) -> Instruction:
    found = Instruction.objects.filter(stage=stage).select_related("stage").order_by("number")
    chosen = found.filter(number=number).first() if number else found.last()
    if chosen is None:
        named = f"Perintah bayar {number}" if number else "Perintah bayar"
        raise Refused(f"{named} tahap {stage.name} belum ada. Tarik dengan `harapan stage instruct {stage.name}`.")
    return chosen


@click.command()
@stage_name
@click.argument("kind", metavar="JENIS", type=click.Choice([str(kind) for kind in Kind]))
@click.option("--number", "paper", metavar="NOMOR", required=True, help="Nomor dokumen, seperti tertulis padanya.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="Tanggal dokumen (bawaan: hari ini).")
@click.option("--payer", multiple=True, help="Hanya untuk penyalur ini; boleh diulang (bawaan: semua).")
@number_of
@acting
@as_json
def document(
    stage: str, kind: str, paper: str, on: datetime | None, payer: tuple[str, ...], number: int | None, by: Any,
    why: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Catat SPP, SPM, atau SP2D satu perintah bayar, satu per penyalur.

    SPM mengikuti SPP dan SP2D mengikuti SPM, oleh tiga orang yang berbeda.

    Contoh: harapan stage document 2024-4 spm --number 00045/SPM/2024 --as ppspm
    """
    demand(by.post, f"document.{kind}")
    today = day.today()
    with put_on(by.scope):
        papers = treasury.issue(
            _instruction(stage_named(stage), number), Kind(kind), number=paper, on=on.date() if on else today,
            by=by.user, today=today, payers=payer or None,
        )  # fmt: skip
    value = [
        {"kind": one.kind, "payer": one.payer, "number": one.number, "amount_idr": one.amount_idr} for one in papers
    ]
    answer(
        value,
        as_json=as_json,
        words=lambda: "\n".join(
            f"{Kind(one.kind).label} {one.number} untuk {one.payer}: {rupiah(one.amount_idr)}" for one in papers
        ),
    )


@click.command("files")
@stage_name
@acting
@as_json
def files_command(stage: str, by: Any, why: str | None, as_json: bool) -> None:
    """Berkas pembayaran tahap: penyalur, wilayah, isi, sudah ditulis dan diserahkan atau belum.

    Contoh: harapan stage files 2024-4 --as bendahara --json
    """
    demand(by.post, "stage.view")
    with put_on(by.scope, read_only=True):
        found = list(PaymentFile.objects.filter(stage=stage_named(stage)).order_by("pk"))
    value = [
        {
            "file": one.pk, "payer": one.payer, "region": one.region_no // 10**6, "part": one.part, "parts": one.parts,
            "orders": one.rows, "amount_idr": one.amount_idr, "sha256": one.sha256, "written": one.written_at,
            "handed_over": one.handed_over_at, "handed_to": one.handed_to,
        }
        for one in found
    ]  # fmt: skip
    answer(value, as_json=as_json, words=lambda: "\n".join(_file_words(one) for one in found) or "Belum ada berkas.")


def _file_words(file: PaymentFile) -> str:
    where = f"diserahkan kepada {file.handed_to}" if file.handed_over_at else "belum diserahkan"
    state = where if file.written_at else "belum selesai ditulis"
    return f"{file.pk}  {handing.name_of(file)}  {thousands(file.rows)} order {rupiah(file.amount_idr)}  {state}"


@click.command("hand-over")
@stage_name
@click.argument("file", metavar="NOMOR-BERKAS", type=int)
@click.option("--to", required=True, metavar="NAMA", help="Siapa di penyalur yang menerima berkas.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Simpan isinya di sini.")
@acting
@as_json
def hand_over(stage: str, file: int, to: str, out: Path, by: Any, why: str | None, as_json: bool) -> None:
    """Serahkan satu berkas kepada penyalurnya: isinya dibuka, uangnya keluar dari kas negara. Hanya sekali.

    Contoh: harapan stage hand-over 2024-4 17 --to "Budi, BRI Rantau" --out bri-6305.txt --as bendahara
    """
    demand(by.post, "file.hand_over")
    if out.exists():
        raise Refused(f"{out} sudah ada. Pilih nama berkas yang belum dipakai.")
    with _place_for(out) as keep:
        with put_on(by.scope):
            wanted = PaymentFile.objects.filter(stage=stage_named(stage), pk=file).first()
            if wanted is None:
                raise Refused(f"Berkas {file} tidak ada pada tahap {stage}. Lihat `harapan stage files {stage}`.")
            handed = handing.hand_over(wanted, to=to, by=by.user, on=day.today())
            contents = storage.read(handing.open_file(handed))
        keep(contents)  # only now: what leaves before the hand-over stands in the records could leave a second time
    answer(
        {"file": handed.pk, "payer": handed.payer, "orders": handed.rows, "amount_idr": handed.amount_idr,
         "sha256": handed.sha256, "out": out},
        as_json=as_json,
        words=lambda: f"{handing.name_of(handed)} diserahkan kepada {handed.handed_to}; isinya di {out}.",
    )  # fmt: skip


@contextmanager
def _place_for(out: Path) -> Iterator[Callable[[bytes], None]]:
    """A new file for its owner alone, empty until its contents are given; gone again where they never were."""
    kept = False

    def keep(contents: bytes) -> None:
        nonlocal kept
        try:
            out.write_bytes(contents)
        except OSError as trouble:
            raise Refused(
                f"Berkasnya tercatat diserahkan, tetapi isinya tidak dapat ditulis ke {out} ({trouble.strerror}). "
                "Unduh sekali lagi di halaman berkas, dengan alasan."
            ) from trouble
        kept = True

    try:
        out.touch(mode=0o600, exist_ok=False)
    except OSError as trouble:
        raise Refused(f"{out} tidak dapat ditulis ({trouble.strerror}), jadi berkasnya belum diserahkan.") from trouble
    try:
        yield keep
    finally:
        if not kept:
            out.unlink(missing_ok=True)


@click.command()
@stage_name
@click.option("--family", "families", type=int, multiple=True, required=True, help="Nomor keluarga; boleh diulang.")
@acting
@as_json
def retry(stage: str, families: tuple[int, ...], by: Any, why: str | None, as_json: bool) -> None:
    """Minta bayar ulang bagi keluarga yang pembayarannya gagal atau kembali; --why wajib.

    Contoh: harapan stage retry 2024-4 --family 1207 --why "Rekening sudah diperbaiki" --as ppk
    """
    demand(by.post, "stage.instruct")
    with put_on(by.scope):
        asked = retrying.ask(stage_named(stage), families, why=why or "", by=by.user, on=day.today())
    answer(
        {"stage": stage, "asked": asked},
        as_json=as_json,
        words=lambda: f"{thousands(asked)} keluarga menunggu `harapan stage instruct {stage} --retry`.",
    )


@click.command()
@stage_name
@click.argument("file", metavar="BERKAS")
@acting
@as_json
def unsettle(stage: str, file: str, by: Any, why: str | None, as_json: bool) -> None:
    """Tarik kembali berkas jawaban yang salah dimuat, dengan semua yang dibukukan darinya; --why wajib.

    BERKAS: nama berkas seperti waktu dimuat; bila beberapa bernama sama, yang terakhir.

    Contoh: harapan stage unsettle 2025-2 jawaban-bri.csv --why "berkas ini untuk tahap 2025-1" --as data-tapin
    """
    demand(by.post, "exception.close")
    with put_on(by.scope):
        found = files_of(stage_named(stage)).filter(name=file, withdrawn_on=None).order_by("-pk").first()
        if found is None:
            raise Refused(
                "Tahap {stage} tidak mempunyai berkas jawaban “{file}”. Periksa namanya.", stage=stage, file=file
            )
        lines = withdrawing.withdraw(found, why=why or "", by=by.user, on=day.today())
    answer(
        {"stage": stage, "file": file, "withdrawn": lines},
        as_json=as_json,
        words=lambda: f"Berkas {file} ditarik kembali: {thousands(lines)} jawaban dibatalkan.",
    )


@click.command("pay-back")
@stage_name
@click.option("--payer", required=True, help="Penyalur yang menyetor, misalnya BRI.")
@click.option("--region", required=True, metavar="KODE", help="Kabupaten/kota, misalnya 63.05.")
@click.option("--ntpn", required=True, help="Nomor bukti penerimaan negara, 16 huruf atau angka.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="Tanggal setor (bawaan: hari ini).")
@acting
@as_json
def pay_back(
    stage: str, payer: str, region: str, ntpn: str, on: datetime | None, by: Any, why: str | None, as_json: bool
) -> None:
    """Catat bahwa uang yang gagal atau kembali sudah disetor ke kas negara.

    Contoh: harapan stage pay-back 2024-4 --payer BRI --region 63.05 --ntpn 3F2A1B0C9D8E7F60 --as bendahara
    """
    demand(by.post, "document.sp2d")
    today: date = day.today()
    with put_on(by.scope):
        paid = treasury.pay_back(
            stage_named(stage), payer=payer, region=Region.objects.by_code(region).no, ntpn=ntpn,
            on=on.date() if on else today, by=by.user, today=today,
        )  # fmt: skip
    total = paid.failed_idr + paid.returned_idr
    answer(
        {"stage": stage, "payer": payer, "region": region, "ntpn": paid.ntpn, "amount_idr": total},
        as_json=as_json,
        words=lambda: f"Setoran {rupiah(total)} dari {payer} di {region} dicatat dengan NTPN {paid.ntpn}.",
    )


COMMANDS = (instruct, document, files_command, hand_over, retry, unsettle, pay_back)
