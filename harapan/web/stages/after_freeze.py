"""What was recorded after a computed stage was frozen, family by family, and where each goes from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from harapan.accounts.models import User
from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.benefits.after_freeze import CHANGES_MAX, GoesTo, Late, LatePlace, since_freeze
from harapan.core.phrases import joined
from harapan.regions.models import Region
from harapan.registry.models import Facility, Family
from harapan.ui import exports
from harapan.verification.errors import month_text
from harapan.verification.models import Exemption
from harapan.web.stages import money_frame
from harapan.web.stages.frame import Frame

SHOWN = 50
EXPORT_MAX = 20_000  # changes; more are refused


@may("family.view", look="late_list")
def after_freeze(request: Request, name: str) -> HttpResponse:
    frame = _of_nation(request, name)
    found = since_freeze(frame.stage)
    context = {
        "found": found, "rows": list(_rows(found.families[:SHOWN])), "most": CHANGES_MAX, "shown": SHOWN,
        "places": list(_place_rows(found.places[:SHOWN])),
        "counts": [(words, found.count(goes_to)) for goes_to, words in _places().items() if found.count(goes_to)],
        "may_export": allows(request.post, "family.export"), "recorded": True,
    }  # fmt: skip
    return render(request, "stages/after_freeze.html", frame.context("stage", **context))


@may("family.export", look="late_list")
def after_freeze_file(request: Request, name: str, form: exports.Form) -> FileResponse:
    """Families, facilities' months and exemptions as a file, without any number of a person."""
    frame = _of_nation(request, name)
    demand(request.post, "family.view")
    columns = [
        exports.Column(_("Keluarga, fasilitas, atau wilayah"), width=34),
        exports.Column(_("Tempat"), width=40),
        exports.Column(_("Yang dicatat"), width=40),
        exports.Column(_("Keluarga yang terkena"), "number", width=14),
        exports.Column(_("Masuk ke"), width=30),
        exports.Column(_("Terakhir"), "date"),
        exports.Column(_("Oleh"), width=28),
    ]
    found = since_freeze(frame.stage, most=EXPORT_MAX)
    if not found.whole:
        raise exports.too_long(EXPORT_MAX)
    rows = chain(
        (
            (family, place, str(joined(late.what, ", ")), 1, goes_to, timezone.localdate(late.at), by)
            for late, family, place, goes_to, by in _rows(found.families)
        ),
        (
            (name, place, what, late.families, goes_to, timezone.localdate(late.at), by)
            for late, name, place, what, goes_to, by in _place_rows(found.places)
        ),
    )
    return exports.answer(f"sesudah-pembekuan-{frame.stage.name}", columns, rows, form=form)


def _of_nation(request: Request, name: str) -> Frame:
    """A freeze is the nation's; a page that is not there for whoever sees less."""
    frame = money_frame.computed(request, name)
    if not money_frame.sees_nation(frame):
        raise Http404
    return frame


def _places() -> dict[GoesTo, str]:
    return {
        GoesTo.REFREEZE: _("ikut bila dibekukan lagi"),
        GoesTo.SUSULAN: _("masuk susulan berikutnya"),
        GoesTo.TAKEN: _("sudah masuk susulan"),
        GoesTo.LATER: _("masuk tahap berikutnya"),
    }


def _rows(found: Iterable[Late]) -> Iterator[tuple[Late, str, str, str, str]]:
    """Each with the family's name, its place, where it goes, and who recorded the latest. Three queries."""
    listed = list(found)
    families = Family.objects.in_bulk([late.family_id for late in listed])
    places = Region.objects.path_names(family.region_id for family in families.values())
    people = _names(listed)
    for late in listed:
        family = families.get(late.family_id)
        if family is not None:
            yield late, family.name, places.get(family.region_id, ""), _goes(late), people.get(late.actor, "")


def _place_rows(found: Iterable[LatePlace]) -> Iterator[tuple[LatePlace, str, str, str, str, str]]:
    """Each with its name, its place, what was recorded, where it goes, and who recorded the latest. Four queries."""
    listed = list(found)
    facilities = Facility.objects.in_bulk([late.facility_id for late in listed if late.facility_id])
    exemptions = Exemption.objects.in_bulk([late.exemption_id for late in listed])
    regions = {each.region_id for each in facilities.values()} | {each.region_id for each in exemptions.values()}
    places, people = Region.objects.path_names(regions), _names(listed)
    for late in listed:
        if late.exemption_id:
            exemption = exemptions[late.exemption_id]
            name, place, what = places.get(exemption.region_id, ""), "", _of_exemption(exemption)
        else:
            facility = facilities[late.facility_id or 0]
            name, place = facility.name, places.get(facility.region_id, "")
            what = _("kehadiran {month}").format(month=month_text(late.month or 0))
        yield late, name, place, what, _goes(late), people.get(late.actor, "")


def _of_exemption(exemption: Exemption) -> str:
    if exemption.in_force:
        return _("pembebasan kewajiban: {why}").format(why=exemption.why)
    return _("pembebasan kewajiban dicabut: {why}").format(why=exemption.withdrawn_because)


def _names(found: Iterable[Late | LatePlace]) -> dict[int, str]:
    return dict(User.objects.filter(pk__in={late.actor for late in found}).values_list("pk", "name"))


def _goes(late: Late | LatePlace) -> str:
    words = _places()[late.goes_to]
    return f"{words} {late.wave}" if late.wave else words
