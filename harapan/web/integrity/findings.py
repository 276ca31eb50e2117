"""What should be checked: one's own first, with an answer; then the ranked list of whoever supervises."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.core.errors import Refused
from harapan.files import storage
from harapan.performance import answering, words
from harapan.performance.errors import NotYourFinding
from harapan.performance.models import Finding, FindingAnswer, FindingRecord
from harapan.performance.queries import (
    findings_of,
    latest_run,
    months_unanswered,
    own_check,
    private_days_left,
    records_of,
    result_of,
    runs,
    seen,
    totals,
)
from harapan.performance.referring import may_be_referred, refer_finding
from harapan.regions.models import Region
from harapan.ui.pages import keyset, see_other, show
from harapan.web.integrity.forms import AnswerForm, FindingFilters, month_words

ORDER = ("-score", "id")


@may("integrity.view", look="finding")
def landing(request: Request) -> HttpResponse:
    own = request.post.role.reach == Reach.GROUPS
    filters = FindingFilters.read(request, post=request.post, months=runs())
    page = keyset(request, filters.findings(), order=ORDER, size=30)
    places = Region.objects.path_names(row.region_no for row in page)
    context = {
        "filters": filters,
        "page": page,
        "rows": [(row, seen(row), places.get(row.region_no, ""), result_of(row.result)) for row in page],
        "own": own,
        "elsewhere": [
            (month_words(month), number, f"?{filters.query_string(month=month)}")
            for month, number in (months_unanswered(request.user) if own else ())
            if month != filters.at
        ],
        "run": latest_run(),
        "month": month_words(filters.at) if filters.at else "",
        "totals": totals(request.post, filters.at) if filters.at else None,
        "may_check": allows(request.post, "integrity.check"),
        "me": request.user.pk,
        "recorded": True,
    }
    return show(request, "integrity/list.html", context, piece="integrity/_rows.html")


def _one(request: Request, finding_id: int) -> Finding:
    return get_object_or_404(findings_of(request.post), pk=finding_id)


def _shown(request: Request, row: Finding, *, form: AnswerForm | None = None, status: int = 200) -> HttpResponse:
    mine = row.person_id == request.user.pk
    wording = words.INDICATORS[row.indicator]
    answers = FindingAnswer.objects.filter(finding=row).select_related("file").order_by("pk")
    context = {
        "row": row,
        "wording": wording,
        "seen": seen(row),
        "usual": words.usual(row.indicator, row.usual),
        "records": records_of(row),
        "session_kind": FindingRecord.Kind.SESSION,
        "visit_kind": FindingRecord.Kind.VISIT,
        "answers": answers,
        "check": own_check(row),
        "month": month_words(row.month),
        "place": Region.objects.path_names([row.region_no]).get(row.region_no, ""),
        "mine": mine,
        "may_refer": not mine and allows(request.post, "ethics.forward") and may_be_referred(row),
        "days_left": private_days_left(row, on=request.today),
        "form": (form or AnswerForm()) if mine and allows(request.post, "integrity.answer") else None,
        "recorded": True,
    }
    return render(request, "integrity/finding.html", context, status=status)


@may("integrity.view", look="finding")
def one(request: Request, finding_id: int) -> HttpResponse:
    return _shown(request, _one(request, finding_id))


@require_POST
@may("integrity.answer", look="finding")
def answer(request: Request, finding_id: int) -> HttpResponse:
    row = _one(request, finding_id)
    if row.person_id != request.user.pk:
        raise NotYourFinding
    form = AnswerForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            answering.answer(
                row.pk, form.cleaned_data["text"], file=form.cleaned_data["file"], by=request.user, on=request.today
            )
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Jawaban Anda disimpan. Ketua tim melihat temuan ini bersama jawaban Anda."))
            return see_other(request, "finding", row.pk)
    return _shown(request, row, form=form, status=422)


@require_POST
@may("ethics.forward", look="finding")
def refer(request: Request, finding_id: int) -> HttpResponse:
    row = _one(request, finding_id)
    refer_finding(row.pk, by=request.user, on=request.today)
    messages.success(request, _("Diteruskan ke penegak etik."))
    return see_other(request, "finding", row.pk)


@may("integrity.view")
def file(request: Request, finding_id: int, file_id: UUID) -> HttpResponseBase:
    row = _one(request, finding_id)
    found = get_object_or_404(FindingAnswer.objects.select_related("file"), finding=row, file=file_id)
    assert found.file is not None  # noqa: S101  (it was asked by its number)
    return storage.download(found.file, scope=request.scope)
