"""What the pages about the money of a computed stage share: the stage, and the way from one of them to the others."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.benefits.models import Mode
from harapan.core.asked import whole, wholes
from harapan.web.stages.frame import Frame

PAGES = (
    ("stage_money", _("Penyelesaian")),
    ("stage_instructions", _("Perintah bayar")),
    ("stage_files", _("Berkas")),
    ("stage_retries", _("Bayar ulang")),
    ("stage_held", _("Ditahan")),
    ("stage_untouched", _("Uang mengendap")),
    ("stage_paid_back", _("Setoran kembali")),
    ("stage_ledger", _("Buku besar")),
)


def computed(request: Request, name: str) -> Frame:
    """The frame of a computed stage; a page that is not there for a received one."""
    frame = Frame.of(request, name)
    if frame.stage.mode != Mode.COMPUTED:
        raise Http404
    return frame


def sees_nation(frame: Frame) -> bool:
    return frame.post.role.reach == Reach.NATION


def context(frame: Frame, here: str, **more: Any) -> dict[str, Any]:
    """What a template of these pages reads."""
    pages = [
        {"url": reverse(name, args=[frame.stage.name]), "label": label, "current": name == here}
        for name, label in PAGES
    ]
    return frame.context("stage_money", money_pages=pages, nation=sees_nation(frame), **more)


def chosen(request: Request, name: str) -> list[int]:
    """The numbers of the rows whose boxes were sent."""
    return wholes(request.POST.getlist(name))


def region_of(request: Request) -> int | None:
    """The region a page is narrowed to, by its number in the address."""
    region = request.GET.get("region", "")
    return whole(region)
