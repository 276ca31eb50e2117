"""Certificates for a whole batch at once; its feedback and follow-up plans beside them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.training.certificates import paper
from harapan.training.certificates.issuing import issue_batch
from harapan.training.certificates.queries import batches_in_hand, certificates_in_reach, with_counts
from harapan.training.following.feedback import totals
from harapan.training.letters import latest_letter
from harapan.training.models import Batch, CertificateVersion, Enrolment, FollowUpPlan
from harapan.ui.pages import keyset, see_other, show
from harapan.ui.words import number
from harapan.web.certificates.forms import SignerForm
from harapan.web.whose import pdf

PAGE_SIZE = 30


@may("certificate.view")
def page(request: Request) -> HttpResponse:
    """Batches that the reader's place holds, the latest first."""
    page = keyset(request, with_counts(batches_in_hand(request.post)), order=("-begins", "-id"), size=PAGE_SIZE)
    context = {"page": page, "may_issue": allows(request.post, "certificate.issue")}
    return show(request, "certificates/batches.html", context, piece="certificates/_batches.html")


@may("certificate.view")
def one(request: Request, batch_id: int) -> HttpResponse:
    return _shown(request, batch_id, None)


def _shown(request: Request, batch_id: int, refused: SignerForm | None) -> HttpResponse:
    batch = get_object_or_404(with_counts(batches_in_hand(request.post)), pk=batch_id)
    letter = latest_letter(batch)
    signed = {"signer": letter.signer, "title": letter.signer_post} if letter else {}
    form = refused or SignerForm(initial=signed)
    held = certificates_in_reach().filter(enrolment__batch=batch).select_related("person").order_by("year", "number")
    context = {
        "batch": batch, "held": held, "form": form, "totals": totals(batch.pk, on=request.today),
        "waiting": _waiting(batch), "plans": FollowUpPlan.objects.filter(enrolment__batch=batch).count(),
        "may_issue": allows(request.post, "certificate.issue"), "today": request.today,
    }  # fmt: skip
    return render(request, "certificates/batch.html", context, status=422 if form.errors else 200)


def _waiting(batch: Batch) -> list[Enrolment]:
    rows = Enrolment.objects.filter(batch=batch, state=Enrolment.State.PASSED, certificate=None)
    return list(rows.select_related("person").order_by("person__name", "pk"))


@require_POST
@may("certificate.issue")
def issue(request: Request, batch_id: int) -> HttpResponse:
    batch = get_object_or_404(batches_in_hand(request.post), pk=batch_id)
    form = SignerForm(request.POST)
    if not form.is_valid():
        return _shown(request, batch_id, form)
    made = issue_batch(batch, signer=form.signed(), post=request.post, by=request.user, on=request.today)
    told = ngettext("%(n)s sertifikat terbit.", "%(n)s sertifikat terbit.", len(made))
    messages.success(request, told % {"n": number(len(made))})
    return see_other(request, "certificate_batch", batch.pk)


@may("certificate.view", look="batch")
def file(request: Request, batch_id: int) -> HttpResponse:
    """Every certificate of the batch that counts, in one file to print."""
    batch = get_object_or_404(batches_in_hand(request.post), pk=batch_id)
    rows = CertificateVersion.objects.filter(certificate__enrolment__batch=batch, certificate__revoked_on__isnull=True)
    latest = rows.order_by("certificate__year", "certificate__number", "-version")
    versions = list(latest.distinct("certificate__year", "certificate__number"))
    if not versions:
        raise Http404
    address = request.build_absolute_uri("/")
    return pdf(paper.render(versions, address=address), f"STTPP {batch.course.code} {batch.year}-{batch.number}.pdf")
