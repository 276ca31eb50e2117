"""SPP, SPM and SP2D of an instruction, per payer, by three people; and money paid back into the treasury (NTPN)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.db.models import Sum

from harapan.accounts.models import User
from harapan.benefits.errors import ImpossibleMove
from harapan.benefits.models import Mode, Stage, State
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.payments import ledger
from harapan.payments.enums import Standing
from harapan.payments.models import Account, Claim, Instruction, PaymentFile, Posting, TreasuryDocument, TreasuryReturn
from harapan.regions import codes

Kind = TreasuryDocument.Kind
BEFORE = {Kind.SPP: None, Kind.SPM: Kind.SPP, Kind.SP2D: Kind.SPM}
NTPN = re.compile(r"[0-9A-Z]{16}")


def amounts_of(instruction: Instruction) -> dict[str, int]:
    """Payer -> rupiah that the files of the instruction ask it to pay. One query; needs the nation's scope."""
    found = PaymentFile.objects.filter(instruction=instruction).order_by("payer").values_list("payer")
    return {payer: int(idr) for payer, idr in found.annotate(Sum("amount_idr"))}


def issue(
    instruction: Instruction, kind: Kind, *, number: str, on: date, by: User, today: date,
    payers: Iterable[str] | None = None,
) -> list[TreasuryDocument]:  # fmt: skip
    """One paper per payer of the instruction, over what its files ask. Several payers get the number with their name.

    SPM follows SPP and SP2D follows SPM, each dated not before the one it follows, by three people.
    Raises Refused.
    """
    if not number.strip():
        raise Refused(
            "Nomor {kind} masih kosong. Isi nomor seperti pada dokumennya.",
            kind=kind.label,
        )
    if on > today:
        raise Refused(
            "Tanggal {kind} {on} belum tiba. Isi tanggal pada dokumennya.",
            kind=kind.label,
            on=f"{on:%Y-%m-%d}",
        )
    with atomic():
        instruction = Instruction.objects.select_for_update().select_related("stage").get(pk=instruction.pk)
        asked = amounts_of(instruction)
        chosen = sorted(payers) if payers is not None else sorted(asked)
        unknown = [payer for payer in chosen if payer not in asked]
        if unknown or not chosen:
            raise Refused(
                "Perintah bayar {number} tahap {stage} tidak memuat penyalur {unknown}. Penyalurnya: {asked}.",
                number=instruction.number,
                stage=instruction.stage.name,
                unknown=", ".join(unknown) or Phrase("mana pun"),
                asked=", ".join(asked) or Phrase("tidak ada"),
            )
        issued = {(paper.payer, paper.kind): paper for paper in instruction.documents.all()}
        for payer in chosen:
            _refuse_out_of_turn(issued, payer, kind, on=on, by=by)
        several = len(chosen) > 1
        papers = [
            TreasuryDocument(
                instruction=instruction, stage=instruction.stage, kind=kind, payer=payer, on=on, by=by,
                number=f"{number.strip()}/{payer}"[:80] if several else number.strip()[:80], amount_idr=asked[payer],
            )
            for payer in chosen
        ]  # fmt: skip
        _refuse_used_number(kind, [paper.number for paper in papers])
        return TreasuryDocument.objects.bulk_create(papers)


def _refuse_used_number(kind: Kind, numbers: list[str]) -> None:
    used = TreasuryDocument.objects.filter(kind=kind, number__in=numbers).select_related("stage").first()
    if used is not None:
        raise Refused(
            "{kind} nomor {number} sudah dipakai untuk {payer} tahap {stage}. Periksa nomor pada dokumennya.",
            kind=kind.label,
            number=used.number,
            payer=used.payer,
            stage=used.stage.name,
        )


def _refuse_out_of_turn(
    issued: dict[tuple[str, str], TreasuryDocument], payer: str, kind: Kind, *, on: date, by: User
) -> None:
    already = issued.get((payer, kind))
    if already is not None:
        raise Refused(
            "{kind} untuk {payer} sudah ada: {number} tanggal {on}.",
            kind=kind.label,
            payer=payer,
            number=already.number,
            on=f"{already.on:%Y-%m-%d}",
        )
    needed = BEFORE[kind]
    if needed is None:
        return
    before = issued.get((payer, needed))
    if before is None:
        raise Refused(
            "{kind} untuk {payer} menunggu {needed}. Terbitkan {needed} lebih dahulu.",
            kind=kind.label,
            payer=payer,
            needed=needed.label,
        )
    if before.on > on:
        raise Refused(
            "{kind} untuk {payer} bertanggal {on}, sebelum {needed}-nya ({on_2}). Periksa tanggalnya.",
            kind=kind.label,
            payer=payer,
            on=f"{on:%Y-%m-%d}",
            needed=needed.label,
            on_2=f"{before.on:%Y-%m-%d}",
        )
    _refuse_own_paper([issued[payer, each] for each in Kind if (payer, each) in issued], kind, by=by)


def _refuse_own_paper(papers: list[TreasuryDocument], kind: Kind, *, by: User) -> None:
    """Three papers, three people: whoever made any of them makes none of the others."""
    own = next((paper for paper in papers if paper.by_id == by.pk), None)
    if own is not None:
        raise Refused(
            "{needed} untuk {payer} diterbitkan oleh Anda sendiri; {kind} harus oleh orang lain.",
            needed=own.get_kind_display(),
            payer=own.payer,
            kind=kind.label,
        )


def paid_out(instruction: Instruction) -> set[str]:
    """The payers of the instruction whose SP2D is there: money may go to them. One query."""
    return set(instruction.documents.filter(kind=Kind.SP2D).values_list("payer", flat=True))


def pay_back(stage: Stage, *, payer: str, region: int, ntpn: str, on: date, by: User, today: date) -> TreasuryReturn:
    """All failed and returned money of a payer in a regency has been paid into the treasury, under one NTPN.

    Only of a closed computed stage: before that a second attempt may still use it. Raises Refused, ImpossibleMove.
    """
    number = ntpn.strip().upper()
    if not NTPN.fullmatch(number):
        raise Refused(
            "NTPN “{strip}” bukan 16 huruf atau angka. Salin dari bukti penerimaan negara.",
            strip=ntpn.strip(),
        )
    if on > today:
        raise Refused(
            "Tanggal setor {on} belum tiba. Isi tanggal pada bukti penerimaan negara.",
            on=f"{on:%Y-%m-%d}",
        )
    with atomic():
        stage = Stage.objects.select_for_update().get(pk=stage.pk)
        if stage.mode != Mode.COMPUTED or stage.state != State.CLOSED:
            raise ImpossibleMove(stage.name, State(stage.state).label, "disetor kembali")
        used = TreasuryReturn.objects.filter(ntpn=number).first()
        if used is not None:
            raise Refused(
                "NTPN {number} sudah dicatat untuk setoran {payer} tanggal {on}. Satu NTPN untuk satu setoran; "
                "periksa buktinya.",
                number=number,
                payer=used.payer,
                on=f"{used.on:%Y-%m-%d}",
            )
        failed_idr, returned_idr = owed_back(stage, payer=payer, region=region)
        if not failed_idr + returned_idr:
            raise Refused(
                "Tidak ada uang {payer} yang gagal atau kembali di wilayah ini yang belum disetor. Lihat halaman "
                "uang tahap {stage}.",
                payer=payer,
                stage=stage.name,
            )
        paid = TreasuryReturn.objects.create(
            stage=stage, payer=payer, region_no=region, ntpn=number, on=on, failed_idr=failed_idr,
            returned_idr=returned_idr, by=by,
        )  # fmt: skip
        moved = [
            ledger.Movement(region, Account.TRANSIT, Account.TREASURY, failed_idr, payer),
            ledger.Movement(region, Account.RETURNED, Account.TREASURY, returned_idr, payer),
        ]
        ledger.move(stage, Posting.Kind.PAID_BACK, moved, by=by, on=on, paid_back=paid)
    return paid


def owed_back(stage: Stage, *, payer: str, region: int) -> tuple[int, int]:
    """Failed and returned rupiah of a payer in a regency that are not in the treasury yet. Two queries."""
    low, high = codes.range_of(region)
    claims = Claim.objects.filter(stage=stage, bank=payer, region_no__gte=low, region_no__lt=high)
    came_back = (Standing.UNDELIVERED, Standing.RETURNED)
    failed = claims.filter(standing=Standing.FAILED).aggregate(idr=Sum("amount_idr"))["idr"] or 0
    returned = claims.filter(standing__in=came_back).aggregate(idr=Sum("amount_idr"))["idr"] or 0
    paid = TreasuryReturn.objects.filter(stage=stage, payer=payer, region_no=region)
    back = paid.aggregate(failed=Sum("failed_idr", default=0), returned=Sum("returned_idr", default=0))
    return int(failed) - int(back["failed"]), int(returned) - int(back["returned"])
