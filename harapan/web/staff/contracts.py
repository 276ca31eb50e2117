"""Contracts: one person's, and those that end soon, renewed together under one decree."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harapan.accounts.permission import demand, may
from harapan.accounts.request import Request
from harapan.regions.models import Region
from harapan.ui.pages import keyset, see_other
from harapan.ui.words import heard, number
from harapan.web.staff.forms import ContractForm
from harapan.web.staff.frame import MANAGE, VIEW, Deed, asked, done, may_manage, person_in, who
from harapan.workforce.models import Contract
from harapan.workforce.staff import contracts, law
from harapan.workforce.staff.contracts import Terms

PAGE_SIZE = 200  # one decree names many


def _terms(given: dict[str, Any]) -> Terms:
    return Terms(
        Contract.Form(given["form"]), " ".join(given["number"].split()), given["dated"], given["since"], given["until"],
        position=given["position"], basis=given["basis"].strip(),
    )  # fmt: skip


@may(VIEW)
def ending(request: Request) -> HttpResponse:
    """Whose contract ends soon or has ended; who may, picks rows and writes down the decree that renews them."""
    if request.method == "POST":
        demand(request.post, MANAGE)
    form = ContractForm(request.POST or None, on=request.today)
    chosen = [int(no) for no in request.POST.getlist("person") if no.isdecimal()]

    def do(given: dict[str, Any]) -> None:
        contracts.sign_many(chosen, _terms(given), **who(request))

    if done(request, form, do):
        told = ngettext("%(n)s orang tercatat dalam %(decree)s.", "%(n)s orang tercatat dalam %(decree)s.", len(chosen))
        messages.success(request, told % {"n": number(len(chosen)), "decree": form.cleaned_data["number"]})
        return see_other(request, "staff_contracts")
    page = keyset(request, contracts.ending(request.post, on=request.today), order=("until", "id"), size=PAGE_SIZE)
    names = Region.objects.path_names(each.region_no for each in page)
    context = {
        "page": page, "form": form, "chosen": set(chosen), "may_manage": may_manage(request), "here": "contracts",
        "rows": [
            (each, heard(law.position_name(each.position, each.since)), names.get(each.region_no, "")) for each in page
        ],
        "today": request.today, "days": law.renew_before_days(request.today),
    }  # fmt: skip
    return render(request, "staff/contracts.html", context, status=422 if form.errors else 200)


@may(MANAGE, look="person")
def sign(request: Request, person_id: int) -> HttpResponse:
    person = person_in(request, person_id)
    form = ContractForm(request.POST or None, on=request.today)
    if done(request, form, lambda given: contracts.sign(person.pk, _terms(given), **who(request))):
        messages.success(request, _("%(decree)s tercatat.") % {"decree": form.cleaned_data["number"]})
        return see_other(request, "staff_person", person.pk)
    deed = Deed(
        _("Catat kontrak atau SK %(name)s") % {"name": person.name},
        _("Kontrak tidak boleh bertumpuk; yang baru mulai sesudah yang lama berakhir."),
        _("Catat kontrak"),
    )
    return asked(request, form, deed, person)
