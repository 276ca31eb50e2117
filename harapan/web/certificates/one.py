"""One certificate: its versions, what became of it; mended by a further version, or revoked under a letter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.regions.models import Region
from harapan.training.certificates import paper
from harapan.training.certificates.issuing import reissue
from harapan.training.certificates.revoking import revoke
from harapan.training.certificates.wording import Printed
from harapan.training.models import Certificate, CertificateVersion
from harapan.ui.pages import see_other
from harapan.web.certificates.forms import ReissueForm, RevokeForm
from harapan.web.whose import pdf
from harapan.workforce.queries import reaches


def _certificate(certificate_id: int) -> Certificate:
    rows = Certificate.objects.select_related("course", "person", "enrolment__batch__course")
    return get_object_or_404(rows, pk=certificate_id)


@may("certificate.view", look="certificate")
def page(request: Request, certificate_id: int) -> HttpResponse:
    return _shown(request, _certificate(certificate_id))


def _shown(
    request: Request, held: Certificate, *, mending: ReissueForm | None = None, revoking: RevokeForm | None = None
) -> HttpResponse:
    versions = list(held.versions.select_related("made_by").order_by("-version"))
    printed = Printed.read(versions[0].printed)
    mending = mending or ReissueForm(
        initial={
            "name": printed.name, "staff_number": printed.staff_number, "signer": printed.signer.name,
            "title": printed.signer.title, "signer_number": printed.signer.staff_number,
        }
    )  # fmt: skip
    revoking = revoking or RevokeForm()
    ours = reaches(request.post, held.enrolment.batch.region_no)
    context = {
        "held": held, "versions": versions, "printed": printed, "mending": mending, "revoking": revoking,
        "expired": bool(held.expires_on and held.expires_on < request.today), "recorded": True,
        "may_issue": ours and allows(request.post, "certificate.issue") and held.revoked_on is None,
        "place": Region.objects.path_names([held.region_no]).get(held.region_no, "") if held.region_no else "",
    }  # fmt: skip
    status = 422 if mending.errors or revoking.errors else 200
    return render(request, "certificates/one.html", context, status=status)


@may("certificate.view", look="certificate")
def file(request: Request, certificate_id: int, version: int) -> HttpResponse:
    found = get_object_or_404(CertificateVersion, certificate=certificate_id, version=version)
    return pdf(paper.render([found], address=request.build_absolute_uri("/")), paper.file_name(found))


@require_POST
@may("certificate.issue")
def take_back(request: Request, certificate_id: int) -> HttpResponse:
    held, form = _certificate(certificate_id), RevokeForm(request.POST)
    if not form.is_valid():
        return _shown(request, held, revoking=form)
    revoke(held, **form.cleaned_data, post=request.post, by=request.user, on=request.today)
    messages.success(request, _("Sertifikat dicabut. Siapa pun yang memeriksa kodenya membaca alasannya."))
    return see_other(request, "certificate", held.pk)


@require_POST
@may("certificate.issue")
def issue_again(request: Request, certificate_id: int) -> HttpResponse:
    held, form = _certificate(certificate_id), ReissueForm(request.POST)
    if not form.is_valid():
        return _shown(request, held, mending=form)
    said = form.cleaned_data
    version = reissue(
        held, name=said["name"].strip(), staff_number=said["staff_number"].strip(), signer=form.signed(),
        why=said["why"].strip(), post=request.post, by=request.user, on=request.today,
    )  # fmt: skip
    messages.success(request, _("Versi %(n)d terbit; versi sebelumnya tidak dipakai lagi.") % {"n": version.version})
    return see_other(request, "certificate", held.pk)
