"""Good practices and innovations: read, entered, reviewed, copied elsewhere."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.regions.models import Region
from harapan.training.following.practices import copy, enter, practices_for, review, rewrite
from harapan.training.models import Practice
from harapan.ui.pages import keyset, see_other, show
from harapan.web.learned.forms import CopyForm, PracticeForm, ReviewForm

PAGE_SIZE = 20


@may("learned.view")
def listed(request: Request) -> HttpResponse:
    reviews = allows(request.post, "practice.review")
    rows = practices_for(request.user, reviews=reviews)
    waiting = rows.filter(state=Practice.State.SUBMITTED).count()
    page = keyset(request, rows, order=("-entered_on", "-id"), size=PAGE_SIZE)
    context = {"page": page, "reviews": reviews, "waiting": waiting}
    return show(request, "learned/practices.html", context, piece="learned/_practices.html")


@may("learned.view")
def add(request: Request) -> HttpResponse:
    form = PracticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        region = Region.objects.filter(no__in=request.post.region_nos[:1]).first()
        made = enter(form.told(), region=region, by=request.user, on=request.today)
        messages.success(request, _("Praktik masuk dan menunggu ditelaah."))
        return see_other(request, "practice", made.pk)
    return render(request, "learned/practice_form.html", {"form": form}, status=422 if form.errors else 200)


@may("learned.view")
def change(request: Request, practice_id: int) -> HttpResponse:
    """Its author completes what was given back."""
    own = Practice.objects.filter(author=request.user, state=Practice.State.RETURNED)
    practice = get_object_or_404(own, pk=practice_id)
    names = ("kind", "title", "problem", "how", "result", "partners")
    form = PracticeForm(request.POST or None, initial={name: getattr(practice, name) for name in names})
    if request.method == "POST" and form.is_valid():
        rewrite(practice, form.told(), by=request.user, on=request.today)
        messages.success(request, _("Praktik dikirim lagi dan menunggu ditelaah."))
        return see_other(request, "practice", practice.pk)
    context = {"form": form, "practice": practice}
    return render(request, "learned/practice_form.html", context, status=422 if form.errors else 200)


@may("learned.view")
def one(request: Request, practice_id: int) -> HttpResponse:
    return _shown(request, practice_id, CopyForm(initial={"since": request.today}))


def _shown(request: Request, practice_id: int, copying: CopyForm, reviewing: ReviewForm | None = None) -> HttpResponse:
    reviews = allows(request.post, "practice.review")
    rows = practices_for(request.user, reviews=reviews).select_related("region", "author", "reviewed_by")
    practice = get_object_or_404(rows, pk=practice_id)
    copies = list(practice.copies.select_related("copied_by").order_by("since", "pk"))
    places = Region.objects.path_names([each.region_id for each in copies] + [practice.region_id or 0])
    context = {
        "practice": practice, "copies": [(each, places[each.region_id]) for each in copies], "copying": copying,
        "place": places.get(practice.region_id or 0, ""), "reviewing": reviewing or ReviewForm(),
        "may_review": reviews and practice.author_id != request.user.pk,
        "may_change": practice.author_id == request.user.pk and practice.state == Practice.State.RETURNED,
    }  # fmt: skip
    refused = copying.errors or (reviewing is not None and reviewing.errors)
    return render(request, "learned/practice.html", context, status=422 if refused else 200)


@require_POST
@may("practice.review")
def reviewed(request: Request, practice_id: int) -> HttpResponse:
    practice = get_object_or_404(Practice, pk=practice_id)
    form = ReviewForm(request.POST)
    if form.is_valid():
        approved, remark = request.POST.get("verdict") == "approve", form.cleaned_data["remark"]
        try:
            review(practice, approved=approved, remark=remark, by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error("remark", refusal.phrase.heard())
        else:
            messages.success(request, _("Telaah tersimpan."))
            return see_other(request, "practice", practice.pk)
    return _shown(request, practice.pk, CopyForm(initial={"since": request.today}), form)


@require_POST
@may("learned.view")
def copied(request: Request, practice_id: int) -> HttpResponse:
    reviews = allows(request.post, "practice.review")
    practice = get_object_or_404(practices_for(request.user, reviews=reviews), pk=practice_id)
    form = CopyForm(request.POST)
    if not form.is_valid():
        return _shown(request, practice_id, form)
    copy(practice, **form.cleaned_data, by=request.user)
    messages.success(request, _("Penerapan tercatat."))
    return see_other(request, "practice", practice.pk)
