"""Activities that no other record shows: listed by month, recorded, corrected, photographed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import BooleanField, ExpressionWrapper
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused, Unreadable
from harapan.core.periods import add_months, month_days
from harapan.fieldwork.activities import add_photograph, record_activity, remove_activity
from harapan.fieldwork.evidence.families import recorded_elsewhere
from harapan.fieldwork.models import Activity, ActivityPhotograph
from harapan.fieldwork.results import action_named
from harapan.files.storage import download
from harapan.ui.pages import keyset, see_other, show
from harapan.ui.words import number
from harapan.web.whose import chosen_worker, month_asked, own_worker
from harapan.web.work.forms import ActivityForm
from harapan.web.work.frame import frame


@may("work.view")
def page(request: Request) -> HttpResponse:
    worker = chosen_worker(request)
    if worker is None:
        raise Http404
    month = month_asked(request, request.today)
    first, after = month_days(month)
    rows = Activity.objects.filter(user=worker.user, held_on__gte=first, held_on__lt=after)
    rows = rows.annotate(elsewhere=ExpressionWrapper(recorded_elsewhere(), output_field=BooleanField()))
    listed = keyset(request, rows.prefetch_related("photographs"), order=("-held_on", "-begins", "-id"), size=50)
    context = frame(
        request, "activities", worker, page=listed, month=month,
        rows=[(each, action_named(each.action), len(each.photographs.all())) for each in listed],
        around=(add_months(month, -1), add_months(month, 1)),
    )  # fmt: skip
    return show(request, "work/activities.html", context, piece="work/_activities.html")


@may("work.record")
def new(request: Request) -> HttpResponse:
    return _form(request, None)


@may("work.record")
def change(request: Request, activity_id: int) -> HttpResponse:
    return _form(request, _own(request, activity_id))


def _own(request: Request, activity_id: int) -> Activity:
    return get_object_or_404(Activity.objects.filter(user=own_worker(request).user), pk=activity_id)


def _form(request: Request, activity: Activity | None) -> HttpResponse:
    worker = own_worker(request)
    initial: dict[str, Any] = ActivityForm.initial_of(activity) if activity else {"held_on": request.today}
    form = ActivityForm(request.POST or None, worker=worker, on=request.today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = record_activity(
                worker, form.facts(), by=request.user, on=request.today, activity_id=activity.pk if activity else None
            )
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Kegiatan dicatat. Tambahkan fotonya bila ada."))
            return see_other(request, "activity", made.pk)
    context = frame(
        request, "activities", worker, form=form, activity=activity,
        photographs=list(activity.photographs.order_by("pk")) if activity else [],
    )  # fmt: skip
    return render(request, "work/activity_form.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@may("work.record")
def remove(request: Request, activity_id: int) -> HttpResponse:
    activity = _own(request, activity_id)
    remove_activity(activity.pk, by=request.user, on=request.today)
    messages.success(request, _("Catatan kegiatan dihapus."))
    return see_other(request, f"{reverse('activities')}?bulan={activity.held_on:%Y-%m}")


@require_POST
@may("work.record")
def photograph(request: Request, activity_id: int) -> HttpResponse:
    """Photographs of the activity: what is none is told, the others are kept."""
    activity = _own(request, activity_id)
    files = request.FILES.getlist("photographs")
    if not files:
        raise Refused("Pilih dahulu fotonya.")
    kept = 0
    for each in files:
        try:
            add_photograph(activity.pk, each.read(), name=str(each.name), by=request.user, on=request.today)
            kept += 1
        except (Unreadable, Refused) as refusal:
            messages.error(request, refusal.phrase.heard())
    if kept:
        told = ngettext("%(n)s foto disimpan.", "%(n)s foto disimpan.", kept)
        messages.success(request, told % {"n": number(kept)})
    return see_other(request, "activity", activity.pk)


@may("work.view")
def shown(request: Request, activity_id: int, photograph_id: int) -> HttpResponseBase:
    """The copy to look at. Handing it over is written before the first byte."""
    rows = ActivityPhotograph.objects.select_related("shown").filter(activity=activity_id)
    return download(get_object_or_404(rows, pk=photograph_id).shown, scope=request.scope, inline=True)
