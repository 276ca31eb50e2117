"""ID cards: issued and revoked by whoever looks after people, downloaded by the bearer too, checked by anybody."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
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
from harapan.web.staff.forms import PortraitForm, WhyForm
from harapan.web.staff.frame import MANAGE, VIEW, Deed, asked, done, person_in, who
from harapan.web.whose import pdf
from harapan.workforce.models import Badge, Portrait
from harapan.workforce.staff import badges, portraits
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
    rows = Badge.objects.filter(person=person_id).select_related("person", "portrait__file")
    found = get_object_or_404(rows, pk=badge_id)
    if found.person.user_id != request.user.pk and not allows(request.post, VIEW):
        raise NotForRole
    made = paper_of.render(
        found, staff_number=found.person.staff_number, printed_by=request.user.name, printed_at=timezone.localtime(),
        face=portraits.picture_of(found.portrait) if found.portrait else None,
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


@may(MANAGE, look="person")
def portrait(request: Request, person_id: int) -> HttpResponse:
    """A photograph for somebody's card."""
    person = person_in(request, person_id)
    form = PortraitForm(request.POST or None, request.FILES or None)
    if done(request, form, lambda given: portraits.add(person.pk, given["photo"], **who(request))):
        messages.success(
            request, _("Foto %(name)s tersimpan. Terbitkan kartu baru untuk memakainya.") % {"name": person.name}
        )
        return see_other(request, "staff_person", person.pk)
    return asked(request, form, _portrait_deed(person.name), person)


@may("home.view", look="person")
def own_portrait(request: Request) -> HttpResponse:
    """One's own photograph, from the phone."""
    form = PortraitForm(request.POST or None, request.FILES or None)
    if done(request, form, lambda given: portraits.add_own(given["photo"], by=request.user, on=request.today)):
        messages.success(request, _("Foto Anda tersimpan. Ia tercetak di kartu berikutnya yang diterbitkan."))
        return see_other(request, "my_record")
    return asked(request, form, _portrait_deed(request.user.name), own=True)


def _portrait_deed(name: str) -> Deed:
    return Deed(
        _("Foto %(name)s untuk kartu petugas") % {"name": name},
        _("Wajah menghadap kamera, latar polos. Tempat dan waktu pengambilan tidak ikut disimpan."),
        _("Simpan foto"),
    )


@may("home.view", look="person")
def shown_portrait(request: Request, person_id: int, portrait_id: int) -> HttpResponse:
    """The picture itself, for the person and for whoever may see the record: the database shows it to no one else."""
    found = get_object_or_404(Portrait.objects.select_related("file", "person"), pk=portrait_id, person=person_id)
    if found.person.user_id != request.user.pk and not allows(request.post, VIEW):
        raise NotForRole
    return _picture(portraits.picture_of(found))


def _picture(jpeg: bytes) -> HttpResponse:
    response = HttpResponse(jpeg, content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def face(request: HttpRequest, code: str) -> HttpResponse:
    """For anybody who holds the card: the face printed on it, as long as it is valid."""
    with put_on(Scope.common(via="web"), read_only=True):
        found = badges.face_of(code, on=day.today())
    if found is None:
        raise Http404
    return _picture(found)


def check(request: HttpRequest, code: str = "") -> HttpResponse:
    """For anybody who meets the bearer: whether this card was issued here and still holds. It tells no NIK."""
    told = badges.bare(code or request.GET.get("kode", ""))
    with put_on(Scope.common(via="web"), read_only=True):
        found = badges.checked(told) if told else None
        pictured = found is not None and badges.is_pictured(told, on=day.today())
    today = day.today()
    context = {"asked": told, "found": found, "valid": found is not None and found.valid_on(today), "today": today}
    context |= {"pictured": pictured, "short": 0 < len(told) < 2 * badges.CODE_BYTES}  # most often the card's number
    return render(request, "staff/check.html", context, status=404 if told and found is None else 200)
