"""For anybody, without an account: the rounds with their rules and places, beginning an application, looking one up."""

from __future__ import annotations

from typing import cast

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.ui.pages import keyset, see_other
from harapan.web.applying.forms import BeginForm, FormationPlaceForm, LookUpForm
from harapan.web.applying.holding import hold
from harapan.workforce.models import Formation, RecruitmentRound
from harapan.workforce.recruitment import applying, looking_up
from harapan.workforce.recruitment.queries import quota_of, rounds_seen, rounds_taking
from harapan.workforce.recruitment.rounds import rules_of

PAGE_SIZE = 40
PUBLIC = Scope.common(via="public")


def rounds(incoming: HttpRequest) -> HttpResponse:
    request = cast(Request, incoming)
    with put_on(PUBLIC, read_only=True):
        taking = list(rounds_taking(request.today))
        told = list(rounds_seen().filter(state__in=("closed", "published", "settled")).order_by("-closes_on")[:5])
        return render(request, "applying/rounds.html", {"rounds": taking, "told": told})


def _round(code: str) -> RecruitmentRound:
    return get_object_or_404(rounds_seen().exclude(state=RecruitmentRound.State.PLANNED), code=code)


def one_round(incoming: HttpRequest, code: str) -> HttpResponse:
    request = cast(Request, incoming)
    with put_on(PUBLIC, read_only=True):
        found = _round(code)
        places = FormationPlaceForm(request.GET, regencies=_regencies(found))
        at = places.cleaned_data["wilayah"] if places.is_valid() else None
        rows = found.formations.select_related("region")
        if at:
            low, high = codes.range_of(at)
            rows = rows.filter(region__gte=low, region__lt=high)
        page = keyset(request, rows, order=("region_id", "position", "id"), size=PAGE_SIZE)
        names = Region.objects.path_names(each.region_id for each in page)
        rules = rules_of(found)
        context = {
            "round": found, "rules": rules, "page": page, "quota": quota_of(found), "places": places,
            "rows": [(each, names.get(each.region_id, ""), rules.requirements.get(each.position)) for each in page],
            "taking": rounds_taking(request.today).filter(pk=found.pk).exists(),
        }  # fmt: skip
        return render(request, "applying/round.html", context)


def _regencies(found: RecruitmentRound) -> list[tuple[int, str]]:
    """Kabupaten and kota with places, by name. Two queries."""
    regions = found.formations.order_by().values_list("region_id", flat=True).distinct()
    wanted = {codes.ancestor(no, Level.REGENCY) for no in regions}
    named = Region.objects.filter(no__in=wanted).order_by("name_key")
    return [(region.no, region.display_name) for region in named]


def begin(incoming: HttpRequest, code: str, formation_id: int) -> HttpResponse:
    """Name and NIK make a draft with a number; everything else is saved as one goes."""
    request = cast(Request, incoming)
    with put_on(PUBLIC, read_only=True):
        found = _round(code)
        formations = Formation.objects.select_related("region", "round")
        formation = get_object_or_404(formations, pk=formation_id, round=found)
        place = formation.region.path_name()
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with put_on(looking_up.scope_at(formation.region_id)):
                made = applying.begin(formation, **form.cleaned_data, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            hold(request, made.pk, made.region_no)
            messages.success(request, _("Lamaran Anda dimulai. Catat nomornya; Anda boleh melanjutkan kapan saja."))
            return see_other(request, "application_own")
    rule = rules_of(found).requirements.get(formation.position)
    context = {"round": found, "formation": formation, "place": place, "form": form, "rule": rule}
    return render(request, "applying/begin.html", context, status=422 if form.errors else 200)


def look_up(incoming: HttpRequest) -> HttpResponse:
    """Number and NIK together, sent in the body: neither stands in an address or a log."""
    request = cast(Request, incoming)
    form = LookUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = get_adapter().get_client_ip(request)
        try:
            found = looking_up.found(form.cleaned_data["number"], form.cleaned_data["nik"], address=address)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            if found:
                hold(request, *found)
                return see_other(request, "application_own")
            form.add_error(None, _("Nomor lamaran dan NIK ini tidak cocok. Periksa keduanya, lalu coba lagi."))
    return render(request, "applying/lookup.html", {"form": form}, status=422 if form.errors else 200)
