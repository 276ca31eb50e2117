"""What one person has and lacks, as whoever leads them sees it; certificates from outside are recorded here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.files.storage import download
from harapan.regions.models import Region
from harapan.training.certificates.external import Scan, record_external
from harapan.training.certificates.queries import certificates_in_reach
from harapan.training.models import Enrolment, ExternalCertificate
from harapan.training.needs.competence import competences_of
from harapan.training.needs.standing import MISSING, standings
from harapan.ui.pages import see_other
from harapan.web.certificates.forms import ExternalForm
from harapan.workforce.models import Person


@may("certificate.view", look="person")
def page(request: Request, person_id: int) -> HttpResponse:
    return _shown(request, person_id, ExternalForm(on=request.today))


def _shown(request: Request, person_id: int, form: ExternalForm) -> HttpResponse:
    person = get_object_or_404(Person, pk=person_id)
    needed = list(standings(on=request.today, people=[person.pk]))
    context = {
        "person": person, "needed": needed, "lacking": [each for each in needed if each.state in MISSING],
        "certificates": certificates_in_reach().filter(person=person).order_by("-issued_on", "-pk"),
        "externals": ExternalCertificate.objects.filter(person=person).order_by("-issued_on", "-pk"),
        "courses": Enrolment.objects.filter(person=person).select_related("batch__course").order_by("-batch__begins"),
        "competences": competences_of(person, on=request.today), "form": form,
        "place": Region.objects.path_names([person.region_no]).get(person.region_no, "") if person.region_no else "",
        "may_record": allows(request.post, "certificate.record"), "today": request.today, "recorded": True,
    }  # fmt: skip
    return render(request, "certificates/person.html", context, status=422 if form.errors else 200)


@require_POST
@may("certificate.record")
def record(request: Request, person_id: int) -> HttpResponse:
    person = get_object_or_404(Person, pk=person_id)
    form = ExternalForm(request.POST, request.FILES, on=request.today)
    if not form.is_valid():
        return _shown(request, person_id, form)
    given = form.cleaned_data["scan"]
    scan = Scan(given.name, given.file, given.content_type)
    record_external(person, form.paper(), scan, by=request.user, on=request.today)
    messages.success(request, _("Sertifikat dari luar tercatat."))
    return see_other(request, "needs_person", person.pk)


@may("certificate.view", look="external_certificate")
def scan(request: Request, external_id: int) -> HttpResponseBase:
    found = get_object_or_404(ExternalCertificate.objects.select_related("scan"), pk=external_id)
    return download(found.scan, scope=request.scope, inline=True)
