"""What is printed or handed out: the list to be signed, the list as a file, a photographed page, minutes of cards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.files import storage
from harapan.payments.card_queries import latest_steps
from harapan.payments.field_queries import due_of_families, families_due
from harapan.payments.handover_papers import card_minutes, said_of
from harapan.payments.handover_papers import signing_list as paper_of
from harapan.payments.models import CardStep, HandoverProof
from harapan.regions.models import Region
from harapan.registry.models import PaymentAccount
from harapan.ui.exports import Column, Form, answer
from harapan.web.distribution.reach import group_of, stage_or_404
from harapan.web.places import GroupPlaceFilters

FILE_FAMILIES_MAX = 100_000  # what a page can wait for; a wider list is refused, never cut
BATCH = 40  # groups read at a time


def _pdf(paper: bytes, name: str) -> HttpResponse:
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    return response


@may("handover.view", look="group")
def signing_list(request: Request, group_id: int, name: str) -> HttpResponse:
    stage, group = stage_or_404(name), group_of(request.post, group_id)
    rows = due_of_families(stage, families_due(stage, [group]))
    place = group.region.path_name() if group.region else ""
    paper = paper_of(
        rows, group, stage=stage.name, place=place, printed_by=request.user.name, printed_at=timezone.localtime()
    )
    return _pdf(paper, f"serah-terima-{stage.name}-{group.name}.pdf")


@may("handover.view", look="handover_list")
def file(request: Request, name: str, form: str) -> HttpResponseBase:
    """The lists of the groups on the screen, without any number of a person."""
    if form not in ("xlsx", "csv"):
        raise Http404
    stage = stage_or_404(name)
    filters = GroupPlaceFilters.read(request, post=request.post)
    chosen = list(filters.groups().order_by("region_id", "name", "id"))
    families = sum(getattr(group, "families_count", None) or 0 for group in chosen)
    if families > FILE_FAMILIES_MAX:
        raise Refused(
            "Daftar ini memuat {families} keluarga; satu berkas paling banyak {most}. Saring wilayahnya dahulu.",
            families=families, most=FILE_FAMILIES_MAX,
        )  # fmt: skip
    places = Region.objects.path_names(group.region_id for group in chosen if group.region_id)
    columns = [
        Column(_("Desa"), width=30), Column(_("Kelompok"), width=24), Column(_("Nama"), width=30), Column("RT"),
        Column(_("Program")), Column(_("Penyalur")), Column(_("Jumlah (Rp)"), "rupiah"),
        Column(_("Diserahkan (Rp)"), "rupiah"),
        Column(_("Hari bayar"), "date"), Column(_("Tempat"), width=28), Column(_("Serah terima"), width=36),
    ]  # fmt: skip

    def rows() -> Iterator[tuple[Any, ...]]:
        for at in range(0, len(chosen), BATCH):
            batch = chosen[at : at + BATCH]
            names = {group.pk: (places.get(group.region_id or 0, ""), group.name) for group in batch}
            for row in due_of_families(stage, families_due(stage, batch)):
                day = row.days[0] if row.days else None
                yield (
                    *names[row.family.group_id or 0], row.family.name, row.family.rt, row.programme.label, row.payer,
                    row.idr, row.facts.received_idr, day.on if day else None, day.place if day else "", said_of(row),
                )  # fmt: skip

    return answer(f"penyaluran-{stage.name}", columns, rows(), form=cast(Form, form))


@may("handover.view")
def proof(request: Request, group_id: int, proof_id: int, name: str) -> HttpResponseBase:
    """The copy to look at. Handing it over is written before the first byte."""
    stage, group = stage_or_404(name), group_of(request.post, group_id)
    found = get_object_or_404(HandoverProof.objects.select_related("shown"), pk=proof_id, stage=stage, group=group)
    return storage.download(found.shown, scope=request.scope)


@may("stage.view", look="card_list")
def minutes_of_cards(request: Request) -> HttpResponse:
    """The berita acara of one number (`?nomor=`), with the cards of the same day that were not handed over."""
    number = request.GET.get("nomor", "")
    steps = list(
        CardStep.objects.filter(minutes_no=number, step=CardStep.Step.HANDED_OVER)
        .select_related("family")
        .order_by("region_no", "family__name_key", "pk")
    )
    if not number or not steps:
        raise Http404
    villages = {step.region_no for step in steps}
    day = steps[0].minutes_on or steps[0].on
    left = latest_steps().filter(step=CardStep.Step.NOT_HANDED_OVER, on=day, region_no__in=villages)
    accounts = list(PaymentAccount.objects.filter(family__in=[step.family_id for step in steps], spell__contains=day))
    paper = card_minutes(
        steps, left.order_by("region_no", "family_id"), number=number, day=day,
        places=Region.objects.path_names(villages),
        accounts={each.family_id: each.number.masked for each in accounts if each.number},
        banks={each.family_id: each.bank for each in accounts},
        printed_by=request.user.name, printed_at=timezone.localtime(),
    )  # fmt: skip
    return _pdf(paper, f"berita-acara-kartu-{number}.pdf")
