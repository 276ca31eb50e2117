"""What is printed or handed out of a meeting: the sheets, the report, a photograph."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.files import storage
from harapan.p2k2.models import Photograph
from harapan.p2k2.papers import attendance
from harapan.p2k2.papers import report as official
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.registry.models import Family, Group
from harapan.registry.narrowing import enrolled
from harapan.web.p2k2.groups import group_of
from harapan.web.p2k2.sessions import rows_of, session_of, tally_of

PLACES = {codes.Level.DISTRICT: "district", codes.Level.REGENCY: "regency", codes.Level.PROVINCE: "province"}


def _pdf(paper: bytes, name: str) -> HttpResponse:
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    return response


def _printed(request: Request) -> dict[str, object]:
    return {"printed_by": request.user.name, "printed_at": timezone.localtime()}


def _place(group: Group) -> str:
    return group.region.path_name() if group.region else ""


@may("session.view", look="group")
def blank(request: Request, group_id: int) -> HttpResponse:
    """The sheet to take to the meeting."""
    group = group_of(request.post, group_id)
    families = enrolled(Family.objects.filter(group=group), on=request.today).order_by("name_key", "pk")
    paper = attendance.render(group, families, place=_place(group), **_printed(request))  # type: ignore[arg-type]
    return _pdf(paper, f"daftar-hadir-{group.name}.pdf")


@may("session.view", look="session")
def filled(request: Request, session_id: int) -> HttpResponse:
    session = session_of(request.post, session_id)
    rows = rows_of(session)
    marks = {row.family.pk: row.said for row in rows if row.said}
    paper = attendance.render(
        session.group, [row.family for row in rows], place=_place(session.group), session=session, marks=marks,
        **_printed(request),  # type: ignore[arg-type]
    )  # fmt: skip
    return _pdf(paper, f"daftar-hadir-{session.group.name}-{session.held_on:%Y%m%d}.pdf")


@may("session.view", look="session")
def report(request: Request, session_id: int) -> HttpResponse:
    session = session_of(request.post, session_id)
    photographs = Photograph.objects.shown().filter(session=session).select_related("shown")
    regions = Region.objects.filter(no__in=codes.lineage(session.region_no))
    place = {PLACES[codes.Level(each.level)]: each.display_name for each in regions if each.level in PLACES}
    paper = official.render(
        session, session.group, tally_of(rows_of(session)), photographs, place=place,
        **_printed(request),  # type: ignore[arg-type]
    )  # fmt: skip
    return _pdf(paper, official.file_name(session, session.group))


@may("session.view")
def photograph(request: Request, session_id: int, photograph_id: int) -> HttpResponseBase:
    """The copy to look at. Handing it over is written before the first byte."""
    session = session_of(request.post, session_id)
    found = get_object_or_404(Photograph.objects.shown().select_related("shown"), pk=photograph_id, session=session)
    return storage.download(found.shown, scope=request.scope)
