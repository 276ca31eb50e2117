"""A reminder to one facilitator: looked at first, then prepared, which the log keeps."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from harapan.accounts.models import User
from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.fieldwork.due import loads_by_holder
from harapan.fieldwork.overview import Figure, facility_months, meetings
from harapan.fieldwork.reminding import Late, late_of_month, late_tasks, note_reminder, reminder_text
from harapan.fieldwork.sources import Area
from harapan.web.overview.forms import OverviewFilters


@may("overview.view")
def remind(request: Request, user_id: int) -> HttpResponse:
    """GET shows what is late; POST writes down that the text was prepared, and shows it."""
    filters = OverviewFilters.read(request, post=request.post, on=request.today)
    groups = list(filters.groups().order_by().filter(facilitator=user_id).values_list("pk", flat=True))
    user = User.objects.filter(pk=user_id).first() if groups else None
    if user is None:
        raise Http404
    month, late = filters.shown_month, _late(filters, user_id, groups)
    text = ""
    if request.method == "POST":
        note_reminder(user, month, late)
        address = request.build_absolute_uri(reverse("work"))
        text = reminder_text(user, month, late, on=request.today, address=address)
    context = {"person": user, "month": month, "late": late, "text": text, "encoded": quote(text)}
    return render(request, "overview/remind.html", context)


def _late(filters: OverviewFilters, user_id: int, groups: list[int]) -> list[Late]:
    """Of the running month the tasks whose day is over; of an earlier one what it still lacks."""
    month, on = filters.shown_month, filters.on
    if filters.now:
        kinds = filters.kinds()
        held = [*groups, *filters.villages().order_by().filter(facilitator=user_id).values_list("pk", flat=True)]
        loads = loads_by_holder(Area(tuple(held), on), kinds, dict.fromkeys(held, user_id))
        return late_tasks(kinds, loads.get(user_id, {}))
    met, said = meetings(groups, month, on=on), facility_months(groups, month, on=on)
    return late_of_month(sum(met.values(), Figure()), sum(said.values(), Figure()))
