"""ID cards: issued and revoked by whoever looks after people, downloaded by the bearer too, checked by anybody."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import NotForRole, Refused
from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.ui.pages import see_other
from harapan.web.staff.forms import WhyForm
from harapan.web.staff.frame import MANAGE, VIEW, Deed, asked, done, person_in, who
from harapan.web.whose import pdf
from harapan.workforce.models import Badge
from harapan.workforce.staff import badges
from harapan.workforce.staff.papers import badge as paper_of


@require_POST
@may(MANAGE)
def issue(request: Request, person_id: int) -> HttpResponse:
    person = person_in(request, person_id)
    try:
        with put_on(request.scope):
            badges.issue(person.pk, **who(request))
    except Refused as refusal:
        messages.error(request, refusal.phrase.heard())
    else:
        messages.success(request, _("Kartu petugas diterbitkan. Cetak, potong, dan serahkan kepada orangnya."))
    return see_other(request, "staff_person", person.pk)


@may("home.view", look="person")
def paper(request: Request, person_id: int, badge_id: int) -> HttpResponse:
    """The card as PDF, for the bearer and for whoever may see the record."""
    rows = Badge.objects.filter(person=person_id).select_related("person")
    found = get_object_or_404(rows, pk=badge_id)
    if found.person.user_id != request.user.pk and not allows(request.post, VIEW):
        raise NotForRole
    made = paper_of.render(
        found, staff_number=found.person.staff_number, printed_by=request.user.name, printed_at=timezone.localtime(),
        address=request.build_absolute_uri(reverse("badge_checked", args=[found.code])),
    )  # fmt: skip
    return pdf(made, f"kartu-petugas-{found.number}.pdf")


@may(MANAGE, look="person")
def revoke(request: Request, person_id: int, badge_id: int) -> HttpResponse:
    person = person_in(request, person_id)
    found = get_object_or_404(Badge.objects.filter(person=person), pk=badge_id)
    form = WhyForm(request.POST or None)
    if done(request, form, lambda given: badges.revoke(found.pk, why=given["why"], **who(request))):
        messages.success(request, _("Kartu %(number)s dicabut.") % {"number": found.number})
        return see_other(request, "staff_person", person.pk)
    deed = Deed(
        _("Cabut kartu %(number)s milik %(name)s") % {"number": found.number, "name": person.name},
        _("Siapa pun yang memindai kodenya akan membaca bahwa kartu ini tidak berlaku lagi."),
        _("Cabut kartu"),
        stops=True,
    )
    return asked(request, form, deed, person)


def check(request: HttpRequest, code: str = "") -> HttpResponse:
    """For anybody who meets the bearer: whether this card was issued here and still holds. It tells no NIK."""
    told = (code or request.GET.get("kode", "")).strip().lower()
    with put_on(Scope.common(via="web"), read_only=True):
        found = badges.checked(told) if told else None
    today = day.today()
    context = {"asked": told, "found": found, "valid": found is not None and found.valid_on(today), "today": today}
    return render(request, "staff/check.html", context, status=404 if told and found is None else 200)
