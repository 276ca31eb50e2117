"""The first days: who is new, how far each is, who is behind; a mentor, and steps done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.regions.models import Region
from harapan.ui.pages import see_other
from harapan.web.staff.forms import MentorForm, StepForm
from harapan.web.staff.frame import MANAGE, VIEW, Deed, asked, done, may_manage, person_in, who
from harapan.workforce.staff import beginning, law, reach

SHOWN_MAX = 300


@may(VIEW)
def newcomers(request: Request) -> HttpResponse:
    found = beginning.newcomers(request.post, on=request.today)
    names = Region.objects.path_names(each.person.region_no for each in found[:SHOWN_MAX])
    context = {
        "rows": [
            (each, names.get(each.person.region_no, ""), each.behind(request.today), each.overdue(request.today))
            for each in found[:SHOWN_MAX]
        ],
        "all": len(found), "behind": sum(bool(each.behind(request.today)) for each in found),
        "days": law.first_days(request.today), "here": "newcomers", "may_manage": may_manage(request),
        "nation": request.post.role.reach is Reach.NATION,
    }  # fmt: skip
    return render(request, "staff/newcomers.html", context)


@may(MANAGE, look="person")
def mentor(request: Request, person_id: int) -> HttpResponse:
    person = person_in(request, person_id)
    colleagues = reach.colleagues(person, on=request.today)
    form = MentorForm(request.POST or None, colleagues=colleagues, on=request.today)

    def do(given: dict[str, Any]) -> None:
        chosen = next(each.user for each in colleagues if each.user_id == given["mentor"])
        beginning.give_mentor(person.pk, chosen, since=given["since"], **who(request))

    if done(request, form, do):
        messages.success(request, _("Pembimbing %(name)s tercatat.") % {"name": person.name})
        return see_other(request, "staff_person", person.pk)
    deed = Deed(
        _("Tunjuk pembimbing %(name)s") % {"name": person.name},
        _("Rekan berpengalaman yang mendampingi selama masa awal. Ia melihatnya di catatannya sendiri."),
        _("Tunjuk pembimbing"),
    )
    return asked(request, form, deed, person)


@may(MANAGE, look="person")
def step(request: Request, person_id: int, code: str) -> HttpResponse:
    """A step is done: which day, and what it was."""
    person = person_in(request, person_id)
    label = beginning.label_of(code, request.today).heard()
    form = StepForm(request.POST or None, on=request.today)
    if done(request, form, lambda given: beginning.tell_step(person.pk, code, **given, **who(request))):
        messages.success(request, _("Langkah awal tercatat."))
        return see_other(request, "staff_person", person.pk)
    deed = Deed(
        _("%(step)s: %(name)s") % {"step": label, "name": person.name},
        _("Yang dicatat pertama kali tetap; nama Anda tercatat di sampingnya."),
        _("Catat langkah"),
    )
    return asked(request, form, deed, person)
