"""Members with an obligation whom no school or post serves yet: chosen together, and given their place."""

from __future__ import annotations

from collections.abc import Collection

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.asked import wholes
from harapan.regions.models import Region
from harapan.registry.models import ComponentSpell, Facility
from harapan.ui.pages import deed_of, keyset, see_other, show
from harapan.ui.words import heard
from harapan.verification.placing import components_at, note_facility, place
from harapan.verification.queries import served
from harapan.web.verification.quarter import Quarter

ORDER = ("region_no", "component", "id")


class PlaceForm(forms.Form):
    """The place: by its code where it has one, else by name and the members' village."""

    kind = forms.ChoiceField(label=gettext_lazy("Jenis"), choices=Facility.Kind.choices)
    name = forms.CharField(label=gettext_lazy("Nama"), max_length=120)
    code = forms.CharField(
        label=gettext_lazy("NPSN, NSM, atau kode"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Wajib untuk sekolah. Posyandu dan layanan sosial boleh tanpa kode."),
    )
    level = forms.CharField(
        label=gettext_lazy("Bentuk"),
        max_length=10,
        required=False,
        help_text=gettext_lazy("Contoh: SD, MI, SLB, PKBM, posyandu"),
    )


def _page(
    request: Request, form: PlaceForm, *, ticked: Collection[int] = (), status: int = 200
) -> HttpResponse:  # fmt: skip
    quarter = Quarter.chosen(request.GET.get("stage", ""), on=request.today)
    rows = served(quarter.months, quarter.obligated, placed=False).filter(
        spell__upper_inf=True, member__died_on__isnull=True, member__left_on__isnull=True
    )
    page = keyset(request, rows.select_related("member", "family"), order=ORDER, size=50)
    places = Region.objects.path_names(spell.region_no for spell in page)
    context = {
        "form": form,
        "ticked": ticked,
        "page": page,
        "rows": [(spell, places.get(spell.region_no, "")) for spell in page],
        "may_place": allows(request.post, "family.change"),
    }
    return show(request, "verification/without_place.html", context, status=status)


@may("verification.view")
def without_place(request: Request) -> HttpResponse:
    return _page(request, PlaceForm())


def _refuse_unserved(form: PlaceForm, spells: list[ComponentSpell]) -> None:
    """Nobody is placed where that kind of facility does not serve what they count for."""
    kind = Facility.Kind(form.cleaned_data["kind"])
    served_there = components_at(kind)
    wrong = next((spell for spell in spells if spell.component not in served_there), None)
    if wrong is not None:
        told = {"name": wrong.member.name, "what": heard(wrong.get_component_display()), "kind": heard(kind.label)}
        form.add_error(
            "kind", _("%(name)s (%(what)s) tidak dilayani di %(kind)s. Pilih jenis lain, atau hapus centangnya.") % told
        )


@deed_of("without_place")
@may("family.change")
def assign(request: Request) -> HttpResponse:
    """The ticked members are served at that place from now on."""
    form = PlaceForm(request.POST)
    members = wholes(request.POST.getlist("member"))
    waiting = ComponentSpell.objects.filter(member__in=members, facility__isnull=True, spell__upper_inf=True)
    spells = list(waiting.select_related("member").order_by("region_no", "pk"))
    if not spells:
        form.add_error(None, _("Centang paling sedikit satu anggota."))
    elif form.is_valid():
        _refuse_unserved(form, spells)
    if not form.is_valid():
        return _page(request, form, ticked=members, status=422)
    given = form.cleaned_data
    facility = note_facility(
        Facility.Kind(given["kind"]), name=given["name"], code=given["code"], level=given["level"],
        region_no=spells[0].region_no,
    )  # fmt: skip
    number = place(facility, members)
    messages.success(request, _("%(n)d anggota kini dilayani di %(name)s.") % {"n": number, "name": facility.name})
    return see_other(request, "without_place")
