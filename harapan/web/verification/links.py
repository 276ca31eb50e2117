"""Confirmation links as those who send them see them: made, shown with their square, printed, revoked."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.ui.pages import see_other, show
from harapan.verification import linking
from harapan.verification.models import ConfirmationLink
from harapan.verification.papers import confirmation
from harapan.web.verification.quarter import Quarter
from harapan.web.verification.views import page_of


@require_POST
@may("verification.confirm", look="facility")
def make(request: Request, facility_id: int) -> HttpResponse:
    """A link to the ticked months of everybody whom the reader sees here."""
    page = page_of(request, facility_id)
    wanted = {column.number for column in page.writable if str(column.number) in request.POST.getlist("month")}
    link = linking.make_link(
        page.facility,
        sorted(wanted),
        [spell.member_id for spell in page.spells],
        stage=page.quarter.law.stage,
        post=request.post,
        by=request.user,
    )
    return see_other(request, "link", facility_id, link.pk)


@may("verification.confirm", look="facility")
def one(request: Request, facility_id: int, link_id: int) -> HttpResponse:
    """The address to send, its square, and what became of it."""
    link = _link(facility_id, link_id)
    usable = link.open_at(timezone.now(), opens_max=10**4)
    url = _url(request, link)
    drawn = segno.make(url, error="m").svg_inline(border=3, light="#fff", omitsize=True)
    context = {
        "link": link,
        "facility": link.facility,
        "usable": usable,
        "url": url if usable else "",
        "qr": mark_safe(drawn) if usable else "",  # noqa: S308 - drawn by segno from our own address
        "months": [f"{month // 100:04d}-{month % 100:02d}" for month in link.months],
        "recorded": True,
    }
    response = show(request, "verification/link.html", context)
    response["Referrer-Policy"] = "same-origin"
    return response


@may("verification.confirm", look="facility")
def printed(request: Request, facility_id: int, link_id: int) -> HttpResponse:
    """The printed twin."""
    link = _link(facility_id, link_id)
    page = page_of(request, facility_id, Quarter.chosen(link.stage, on=request.today))
    own = set(link.members)
    drawn = confirmation.render(
        link,
        [spell for spell in page.spells if spell.member_id in own],
        url=_url(request, link),
        place=link.facility.region.path_name(),
        months=[f"{month // 100:04d}-{month % 100:02d}" for month in link.months],
        printed_by=request.user.name,
        printed_at=timezone.localtime(),
    )
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="konfirmasi-{link.pk}.pdf"'
    return response


@require_POST
@may("verification.confirm", look="facility")
def revoke(request: Request, facility_id: int, link_id: int) -> HttpResponse:
    linking.revoke(_link(facility_id, link_id), by=request.user)
    messages.success(request, _("Tautan dicabut. Siapa pun yang memegangnya tidak dapat membukanya lagi."))
    return see_other(request, "link", facility_id, link_id)


def _link(facility_id: int, link_id: int) -> ConfirmationLink:
    rows = ConfirmationLink.objects.select_related("facility__region", "made_by", "revoked_by")
    return get_object_or_404(rows, pk=link_id, facility=facility_id)


def _url(request: Request, link: ConfirmationLink) -> str:
    return request.build_absolute_uri(reverse("confirm", args=[linking.token_of(link)]))
