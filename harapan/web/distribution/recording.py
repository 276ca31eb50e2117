"""What is recorded on one group's sheet: marks by exception, BPNT, proofs, and that families were told."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import HarapanError, Refused, Unreadable
from harapan.payments.field_queries import due_of_families, families_due
from harapan.payments.handing_over import Recorded, mark_handover
from harapan.payments.handover_proof import add_proof, add_reason_proof
from harapan.payments.handover_rules import Said
from harapan.payments.models import Handover, Programme
from harapan.payments.payout_changes import tell_group
from harapan.payments.payout_days import enter_programme_due
from harapan.ui.pages import see_other
from harapan.ui.words import number
from harapan.web.distribution.reach import group_of, stage_or_404

TOLD_MAX = 6  # refusals told one by one
PROGRAMMES = {str(each): each for each in Programme}


@require_POST
@may("handover.record", look="group")
def mark(request: Request, group_id: int, name: str) -> HttpResponse:
    """The marks of the sheet; with "sisanya menerima" also everybody of whom nobody has spoken."""
    group, stage = group_of(request.post, group_id), stage_or_404(name)
    day = parse_date(str(request.POST.get("day", "")))
    if day is None:
        raise Refused("Tanggal serah terima belum diisi. Isi tanggalnya.")
    families = families_due(stage, [group])
    said, rest = _said(request), bool(request.POST.get("rest"))
    if not said and not rest:
        raise Refused("Belum ada yang ditandai. Tandai keluarganya, atau pilih bahwa sisanya menerima.")
    found = mark_handover(
        stage, families, said, day=day, rest=rest, by=request.user, on=request.today,
        why=str(request.POST.get("why", "")),
    )  # fmt: skip
    _tell(request, found)
    return see_other(request, "distribution_group", stage.name, group.pk)


def _said(request: Request) -> dict[tuple[int, str], Said]:
    """Marks by family and programme, as the page sends them, without those it only sends back as it showed them.

    What it showed belongs to the day it was said for: money that came while the page stood open is not received by it.
    """
    said = {}
    for field, value in request.POST.items():
        kind, _dash, rest = field.partition("-")
        family, _dash, programme = rest.partition("-")
        if kind == "m" and family.isdecimal() and len(family) < 19 and programme in PROGRAMMES and value in ("1", "2"):
            outcome = Handover.Outcome(int(value))
            reason = str(request.POST.get(f"r-{rest}", "")) if outcome is Handover.Outcome.NOT_RECEIVED else ""
            if request.POST.get(f"was-{rest}") != f"{value}{reason}":
                said[int(family), programme] = Said(outcome, reason, _part(request, rest))
    return said


def _part(request: Request, row: str) -> int | None:
    """A part in whole rupiah, where one was told."""
    told = str(request.POST.get(f"i-{row}", "")).strip()
    if not told:
        return None
    if not re.fullmatch(r"\d{1,12}", told):
        raise Refused("Jumlah “{amount}” bukan rupiah bulat. Isi angka saja.", amount=told[:20])
    return int(told)


def _tell(request: Request, found: Recorded) -> None:
    if found.saved:
        told = ngettext("Serah terima %(n)s baris disimpan.", "Serah terima %(n)s baris disimpan.", found.saved)
        messages.success(request, told % {"n": number(found.saved)})
    elif not found.refused:
        messages.info(request, _("Tidak ada yang berubah; semua tanda sudah tercatat begitu."))
    for _key, why in found.refused[:TOLD_MAX]:
        messages.error(request, why.heard())
    if len(found.refused) > TOLD_MAX:
        messages.error(request, _("dan %(n)s keluarga lagi.") % {"n": number(len(found.refused) - TOLD_MAX)})


@require_POST
@may("handover.record", look="group")
def programme_due(request: Request, group_id: int, name: str) -> HttpResponse:
    """BPNT of the same counter: one amount for the lines named by number, or for the whole list."""
    group, stage = group_of(request.post, group_id), stage_or_404(name)
    rows = due_of_families(stage, families_due(stage, [group]))
    numbers = {int(each) for each in re.findall(r"\d{1,4}", str(request.POST.get("numbers", "")))}
    unknown = numbers - {row.number for row in rows}
    if unknown:
        raise Refused("Baris {number} tidak ada di daftar ini. Isi nomor yang tercetak.", number=min(unknown))
    amount = str(request.POST.get("amount", ""))
    if not re.fullmatch(r"\d{1,12}", amount):
        raise Refused("Jumlah “{amount}” bukan rupiah bulat. Isi angka saja.", amount=amount[:20])
    families = {row.family for row in rows if not numbers or row.number in numbers}
    saved = enter_programme_due(
        stage, Programme.BPNT, dict.fromkeys(families, int(amount)), source=str(request.POST.get("source", "")),
        by=request.user,
    )  # fmt: skip
    messages.success(request, _("BPNT %(n)s keluarga dicatat.") % {"n": number(saved)})
    return see_other(request, "distribution_group", stage.name, group.pk)


@require_POST
@may("handover.record", look="group")
def proof(request: Request, group_id: int, name: str) -> HttpResponse:
    """A photographed page of the signed list: it proves the lines whose numbers stand on it."""
    group, stage = group_of(request.post, group_id), stage_or_404(name)
    file = request.FILES.get("photograph")
    if file is None:
        raise Refused("Pilih dahulu fotonya.")
    try:
        page, first, last = (int(str(request.POST.get(each, ""))) for each in ("page", "first", "last"))
    except ValueError as wrong:
        raise Refused("Halaman dan nomor baris harus angka. Isi seperti yang tercetak di daftar.") from wrong
    rows = due_of_families(stage, families_due(stage, [group]))
    signed = {row.family.pk for row in rows if first <= row.number <= last}
    try:
        _kept, proven = add_proof(
            stage, group, file.read(), name=str(file.name), page=page, families=signed, by=request.user,
            day=parse_date(str(request.POST.get("day", ""))),
        )  # fmt: skip
    except (Unreadable, Refused) as refusal:
        _tell_refusal(request, refusal)
    else:
        messages.success(request, _("Foto disimpan; %(n)s baris terbukti.") % {"n": number(proven)})
    return see_other(request, "distribution_group", stage.name, group.pk)


@require_POST
@may("handover.record", look="group")
def reason_proof(request: Request, group_id: int, name: str) -> HttpResponse:
    """The document a reason rests on, for one line named by its number."""
    group, stage = group_of(request.post, group_id), stage_or_404(name)
    file, line = request.FILES.get("document"), str(request.POST.get("line", ""))
    rows = {str(row.number): row for row in due_of_families(stage, families_due(stage, [group]))}
    if file is None or line not in rows:
        raise Refused("Pilih dahulu barisnya dan foto suratnya.")
    row = rows[line]
    try:
        add_reason_proof(
            stage, row.family, row.programme, file.read(), name=str(file.name), by=request.user, on=request.today
        )
    except (Unreadable, Refused) as refusal:
        _tell_refusal(request, refusal)
    else:
        messages.success(request, _("Bukti disimpan untuk %(name)s.") % {"name": row.family.name})
    return see_other(request, "distribution_group", stage.name, group.pk)


@require_POST
@may("handover.record", look="group")
def told(request: Request, group_id: int, name: str) -> HttpResponse:
    """The families of the group have been told of the changed payout days."""
    group, stage = group_of(request.post, group_id), stage_or_404(name)
    tell_group(stage, group, by=request.user)
    messages.success(request, _("Dicatat: keluarga kelompok ini sudah dikabari."))
    return see_other(request, "distribution_group", stage.name, group.pk)


def _tell_refusal(request: Request, refusal: HarapanError) -> None:
    messages.error(request, refusal.phrase.heard())
