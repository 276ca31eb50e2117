"""Somebody goes: planned, its checklist, groups handed over, and carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.models import Post
from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.database.scope import put_on
from harapan.regions.models import Region
from harapan.ui.pages import keyset, see_other
from harapan.web.staff.forms import AskLeaveForm, DecreeForm, GoingForm, GrantForm, WhyForm
from harapan.web.staff.frame import MANAGE, VIEW, Deed, asked, done, may_manage, person_in, who
from harapan.workforce.models import Departure, Person
from harapan.workforce.staff import checklist, departures, handing, reach
from harapan.workforce.staff.departures import Going

Kind = Departure.Kind


@may(MANAGE, look="person")
def plan(request: Request, person_id: int, kind: str) -> HttpResponse:
    if kind not in Kind.values:
        raise Http404
    person = person_in(request, person_id)
    colleagues = reach.colleagues(person, on=request.today) if kind == Kind.LEAVE and person.user_id else []
    form = GoingForm(request.POST or None, kind=kind, post=request.post, colleagues=colleagues, on=request.today)
    made: dict[str, Departure] = {}

    def do(given: dict[str, Any]) -> None:
        cover = next((each.user for each in colleagues if each.user_id == given.get("cover")), None)
        going = Going(
            Kind(kind), given["leaves_on"], given["letter"], given["why"], given.get("back_on"), given.get("to"), cover
        )
        made["plan"] = departures.plan(person.pk, going, **who(request))

    if done(request, form, do):
        return see_other(request, "departure", made["plan"].pk)
    return asked(request, form, _deed_of(Kind(kind), person), person)


def _deed_of(kind: Departure.Kind, person: Person) -> Deed:
    name = {"name": person.name}
    return {
        Kind.LEAVE: Deed(
            _("Rencanakan cuti %(name)s") % name,
            _("Pengganti bertindak sebagai Plh. antara kedua tanggal, setelah rencana ini dilaksanakan."),
            _("Rencanakan cuti"),
        ),
        Kind.TRANSFER: Deed(
            _("Rencanakan %(name)s pindah tugas") % name,
            _("Kelompoknya diserahkan lebih dahulu. Lalu jabatan lama berakhir dan jabatan baru mulai pada hari itu."),
            _("Rencanakan pindah"),
        ),
        Kind.EXIT: Deed(
            _("Rencanakan %(name)s berhenti") % name,
            _("Kelompoknya diserahkan lebih dahulu. Lalu jabatannya berakhir dan akunnya ditutup pada hari itu."),
            _("Rencanakan berhenti"),
            stops=True,
        ),
    }[kind]


@may("home.view")
def ask(request: Request) -> HttpResponse:
    """Leave of one's own, asked for from wherever one is."""
    form = AskLeaveForm(request.POST or None)

    def do(given: dict[str, Any]) -> None:
        departures.ask_leave(**given, by=request.user, on=request.today)

    if done(request, form, do):
        messages.success(request, _("Permintaan cuti terkirim. Jawabannya tampil di catatan Anda."))
        return see_other(request, "my_record")
    deed = Deed(
        _("Minta cuti"),
        _("Ketua tim memilih pengganti dan mengisi nomor surat. Sampai dijawab, permintaan ini dapat Anda batalkan."),
        _("Kirim permintaan"),
    )
    return asked(request, form, deed, own=True)


@require_POST
@may("home.view")
def take_back(request: Request, departure_id: int) -> HttpResponse:
    try:
        with put_on(request.scope):
            departures.take_back(departure_id, by=request.user, on=request.today)
    except Refused as refusal:
        messages.error(request, refusal.phrase.heard())
    else:
        messages.success(request, _("Permintaan cuti dibatalkan."))
    return see_other(request, "my_record")


@may(VIEW, look="departure_list")
def listing(request: Request) -> HttpResponse:
    """Wishes first, then what is planned and who is away, by day."""
    rows = reach.departures_open(request.post, on=request.today)
    page = keyset(request, rows, order=("answered", "leaves_on", "id"), size=60)
    names = Region.objects.path_names({each.person.region_no for each in page})
    context = {
        "page": page, "rows": [(each, names.get(each.person.region_no, "")) for each in page], "here": "departures",
        "asked": reach.leave_asked(request.post).count, "today": request.today, "recorded": True,
    }  # fmt: skip
    return render(request, "staff/departures.html", context)


@require_POST
@may(MANAGE)
def grant(request: Request, departure_id: int) -> HttpResponse:
    """Leave that was asked for gets its letter and who covers it."""
    found = _departure(request, departure_id)
    colleagues = _colleagues(request, found)
    form = GrantForm(request.POST, colleagues=colleagues, on=request.today)

    def do(given: dict[str, Any]) -> None:
        cover = next((each.user for each in colleagues if each.user_id == given["cover"]), None)
        departures.grant(found.pk, letter=given["letter"], cover=cover, **who(request))

    if done(request, form, do):
        messages.success(request, _("Cuti disetujui. Laksanakan, supaya penggantinya bertindak sejak hari pertama."))
        return see_other(request, "departure", found.pk)
    decree = DecreeForm(initial={"dated": request.today})
    return _shown(request, found, decree, granting=form, status=422)


def _colleagues(request: Request, found: Departure) -> list[Post]:
    return reach.colleagues(found.person, on=request.today) if found.person.user_id else []


@may(VIEW, look="departure")
def one(request: Request, departure_id: int) -> HttpResponse:
    return _shown(request, _departure(request, departure_id), DecreeForm(initial={"dated": request.today}))


def _departure(request: Request, departure_id: int) -> Departure:
    rows = reach.departures_in(request.post).select_related("person__user", "cover", "planned_by", "settled_by")
    return get_object_or_404(rows, pk=departure_id)


def _shown(
    request: Request, found: Departure, form: DecreeForm, *, granting: GrantForm | None = None, status: int = 200,
    refusal: str = "",
) -> HttpResponse:  # fmt: skip
    person = found.person
    work = checklist.leaver_of(person.user, post=request.post, on=request.today) if person.user else None
    offer = handing.offer(found, post=request.post, on=request.today) if found.open and work and work.groups else None
    if offer and request.method == "POST":  # what was chosen stays chosen beside a refusal
        offer = replace(offer, groups=[(group, _given(request).get(group.pk)) for group, _fair in offer.groups])
    manages = may_manage(request) and person.user_id != request.user.pk
    items = checklist.items(work) if work and found.open else []
    if granting is None and found.asked and manages:
        granting = GrantForm(colleagues=_colleagues(request, found), on=request.today)
    context = {
        "departure": found, "person": person, "granting": granting, "items": items, "offer": offer, "form": form,
        "may_manage": manages,
        "held_up": found.kind != Kind.LEAVE and any(each.holds_up and not each.done for each in items),
        "early": found.kind != Kind.LEAVE and request.today < found.leaves_on, "refusal": refusal, "recorded": True,
        "running": found.kind == Kind.LEAVE and found.settled_on is not None
        and found.leaves_on < request.today < (found.back_on or request.today),
        "to": Region.objects.path_names([found.to_region_no]).get(found.to_region_no, "") if found.to_region_no else "",
    }  # fmt: skip
    return render(request, "staff/departure.html", context, status=status)


@require_POST
@may(MANAGE)
def hand_over(request: Request, departure_id: int) -> HttpResponse:
    """Groups to whom each was chosen for, by one decree; those without a choice stay for another decree."""
    found = _departure(request, departure_id)
    form = DecreeForm(request.POST)
    given = _given(request)

    def do(told: dict[str, Any]) -> None:
        handing.hand_over(found.pk, given, **who(request), **told)

    if done(request, form, do):
        messages.success(request, _("Kelompok diserahkan dengan %(decree)s.") % {"decree": form.cleaned_data["number"]})
        return see_other(request, "departure", found.pk)
    return _shown(request, found, form, status=422)


def _given(request: Request) -> dict[int, int]:
    """Group -> who was chosen for it."""
    told = ((key.removeprefix("group_"), str(value)) for key, value in request.POST.items() if key.startswith("group_"))
    return {int(group): int(user) for group, user in told if group.isdecimal() and user.isdecimal()}


@require_POST
@may(MANAGE)
def settle(request: Request, departure_id: int) -> HttpResponse:
    return _carried_out(request, departure_id, departures.settle, _("Dilaksanakan dan tercatat."))


@require_POST
@may(MANAGE)
def come_back(request: Request, departure_id: int) -> HttpResponse:
    return _carried_out(
        request, departure_id, departures.come_back, _("Cuti diakhiri; pengganti tidak lagi bertindak.")
    )


def _carried_out(
    request: Request, departure_id: int, act: Callable[..., Departure], said: str
) -> HttpResponse:  # fmt: skip
    found = _departure(request, departure_id)
    try:
        with put_on(request.scope.because(found.why)):
            done_now = act(found.pk, **who(request))
    except Refused as refusal:
        again = _departure(request, departure_id)
        form = DecreeForm(initial={"dated": request.today})
        return _shown(request, again, form, status=422, refusal=refusal.phrase.heard())
    messages.success(request, said)
    return see_other(request, "staff_person", done_now.person_id)


@may(MANAGE, look="departure")
def withdraw(request: Request, departure_id: int) -> HttpResponse:
    found = _departure(request, departure_id)
    form = WhyForm(request.POST or None)
    if done(request, form, lambda given: departures.withdraw(found.pk, why=given["why"], **who(request))):
        messages.success(request, _("Rencana dibatalkan."))
        return see_other(request, "staff_person", found.person_id)
    name = {"name": found.person.name}
    if found.asked:
        deed = Deed(
            _("Tolak permintaan cuti %(name)s") % name, _("Alasannya terbaca olehnya."), _("Tolak permintaan"),
            stops=True,
        )  # fmt: skip
    else:
        deed = Deed(
            _("Batalkan rencana untuk %(name)s") % name,
            _("Kelompok yang sudah diserahkan tetap pada pendamping barunya; kembalikan lewat SK di halaman Beban."),
            _("Batalkan rencana"),
            stops=True,
        )
    return asked(request, form, deed, found.person)
