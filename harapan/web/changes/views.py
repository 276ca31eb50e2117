"""Data changes: the queue, one request with its proofs, decision and outside, and new ones of a family."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.benefits.previewing import Preview, preview
from harapan.core.asked import wholes
from harapan.core.errors import Refused, Unreadable
from harapan.files import storage
from harapan.regions.models import Region
from harapan.registry.changes import deciding, outside
from harapan.registry.changes.applying import apply
from harapan.registry.changes.asked import Asked, read
from harapan.registry.changes.checking import check
from harapan.registry.changes.kinds import default_kinds
from harapan.registry.changes.several import decide_each
from harapan.registry.models import Change, Family
from harapan.ui import exports
from harapan.ui.pages import keyset, see_other
from harapan.ui.words import heard, number
from harapan.web.changes.forms import ChangeFilters, ChangeForm, EnterForm, ProofForm, WhyForm, villages_near
from harapan.web.changes.one import OneChange, proofs_said

EVIDENCE = "evidence"
ORDER = ("asked_on", "id")
SEVERAL_MAX = 40  # a page of the queue
SEVERAL = {
    "approve": gettext_lazy("%(n)s pemutakhiran diterapkan."), "refuse": gettext_lazy("%(n)s permintaan ditolak."),
}  # fmt: skip


@may("change.view", look="change_list")
def changes(request: Request) -> HttpResponse:
    filters = ChangeFilters.read(request, post=request.post)
    found = filters.changes(request.today).select_related("family", "member", "asked_by", "reverses", "reversed_by")
    page = keyset(request, found, order=ORDER, size=40)
    places = Region.objects.path_names(row.region_no for row in page)
    kinds = dict(default_kinds().codes())
    rows = [
        (row, kinds[row.kind], places.get(row.region_no, ""), outside.standing(row, on=request.today)) for row in page
    ]
    waiting = Change.objects.filter(state=Change.State.ASKED).count()
    deciders = any(deciding.may_decide(row, request.user, request.post) for row in page)
    context = {
        "filters": filters, "page": page, "rows": rows, "waiting": waiting, "deciders": deciders, "recorded": True,
        "may_ask": allows(request.post, "change.request"),
    }  # fmt: skip
    return render(request, "changes/list.html", context)


@may("change.view", look="change_list")
def changes_file(request: Request, form: exports.Form) -> FileResponse:
    """The rows of the queue as a file, without any number of a person."""
    filters = ChangeFilters.read(request, post=request.post)
    rows = filters.changes(request.today).select_related("family", "member", "asked_by").order_by(*ORDER)
    columns = [
        exports.Column("Keluarga"), exports.Column("Desa/kelurahan", width=40), exports.Column("Jenis"),
        exports.Column("Anggota"), exports.Column("Terjadi pada", "date"), exports.Column("Diajukan", "date"),
        exports.Column("Oleh"), exports.Column("Keadaan"), exports.Column("Dimasukkan", "date"),
        exports.Column("Tercermin", "date"),
    ]  # fmt: skip
    return exports.answer("pemutakhiran", columns, _file_rows(rows), form=form)


def _file_rows(rows: QuerySet[Change]) -> Iterator[tuple[Any, ...]]:
    kinds = dict(default_kinds().codes())
    for some in exports.batches(rows):
        places = Region.objects.path_names(row.region_no for row in some)
        for row in some:
            yield (
                row.family.name, places.get(row.region_no, ""), str(kinds[row.kind]),
                row.member.name if row.member else "", row.effective_on, row.asked_on, row.asked_by.name,
                str(Change.State(row.state).label), row.entered_on, row.reflected_on,
            )  # fmt: skip


def _family(request: Request, family_id: int) -> Family:
    reachable = Family.objects.visible_to(request.post).select_related("region", "group")
    return get_object_or_404(reachable, pk=family_id)


@may("change.view", look="family")
def of_family(request: Request, family_id: int) -> HttpResponse:
    family = _family(request, family_id)
    rows = Change.objects.filter(family=family, reverses__isnull=True).select_related(
        "member", "asked_by", "reversed_by"
    )
    kinds = dict(default_kinds().codes())
    context = {
        "family": family,
        "place": family.region.path_name(),
        "rows": [(row, kinds[row.kind], outside.standing(row, on=request.today)) for row in rows.order_by("-pk")],
        "kinds": default_kinds().codes(),
        "may_ask": allows(request.post, "change.request"),
        "recorded": True,
    }
    return render(request, "changes/family.html", context)


@may("change.request", look="family")
def new(request: Request, family_id: int, kind: str) -> HttpResponse:
    """Typed, then seen with what it would do to the next stage, then sent."""
    family = _family(request, family_id)
    of_kind = default_kinds().on(kind, request.today)
    form = ChangeForm(request.POST or None, kind=of_kind, family=family, on=request.today)
    seen: Preview | None = None
    if request.method == "POST" and form.is_valid():
        try:
            seen = _foreseen(request, Asked(of_kind, family, read(of_kind, form.values())))
            if request.POST.get("send"):
                change = deciding.ask(family.pk, kind, form.values(), by=request.user, on=request.today)
                _keep(change, seen)
                messages.success(request, _("Permintaan dikirim. Lampirkan buktinya di bawah."))
                return see_other(request, "change", change.pk)
        except (Refused, Unreadable) as no:
            form.add_error(None, no.phrase.heard())
    context = {"family": family, "place": family.region.path_name(), "kind": of_kind, "form": form, "seen": seen,
               "sent": request.method == "POST" and not form.errors, "recorded": True,
               "proofs": proofs_said(of_kind.proofs), "decider": deciding.DECIDERS[of_kind.level],
               "villages": villages_near(family) if "village" in of_kind.fields else ()}  # fmt: skip
    return render(request, "changes/new.html", context, status=422 if form.errors else 200)


def _foreseen(request: Request, asked: Asked) -> Preview | None:
    """None where no stage is open, or where a move would leave the reader's own groups: the decider sees that one."""
    check(asked, on=request.today)
    if asked.kind.code == "move" and request.post.role.reach == Reach.GROUPS:
        return None
    return preview(asked.family, lambda: apply(asked), since=asked.on)


def _foreseen_back(change: Change) -> Preview | None:
    """What taking it back would do: the next lists are asked whether they show just this."""
    if change.state != Change.State.APPLIED or change.reverses_id:
        return None
    return preview(change.family, lambda: deciding.take_back(change), since=change.effective_on)


def _keep(change: Change, seen: Preview | None) -> None:
    change.effect = seen.stored() if seen else None
    change.save(update_fields=["effect"])


def change_of(request: Request, change_id: int) -> Change:
    """Of a family in reach, or the page that says neither yes nor no."""
    known = Change.objects.select_related(
        "family__region", "family__group", "member", "asked_by", "decided_by", "entered_by", "reverses",
        "reversed_by__decided_by", "reversed_by__entered_by",
    )  # fmt: skip
    return get_object_or_404(known, pk=change_id, family__in=Family.objects.visible_to(request.post))


def _shown(request: Request, change: Change, *, status: int = 200, **forms: Any) -> HttpResponse:
    page = OneChange(change, post=request.post, by=request.user, on=request.today)
    context = {
        "page": page,
        "change": change,
        "family": change.family,
        "proving": ProofForm(asked=page.proof_codes, initial={"kind": page.proof_next}) if page.may_prove else None,
        "deciding": WhyForm(required=page.may_reverse) if page.may_decide or page.may_reverse else None,
        "entering": EnterForm(initial={"entered_on": request.today}) if page.may_enter else None,
        "recorded": True,
        **forms,
    }
    return render(request, "changes/one.html", context, status=status)


@may("change.view", look="change")
def change(request: Request, change_id: int) -> HttpResponse:
    """A counter-entry is told on the page of what it takes back."""
    row = change_of(request, change_id)
    return see_other(request, "change", row.reverses_id) if row.reverses_id else _shown(request, row)


@require_POST
@may("change.request", look="change")
def prove(request: Request, change_id: int) -> HttpResponse:
    row = change_of(request, change_id)
    page = OneChange(row, post=request.post, by=request.user, on=request.today)
    form = ProofForm(request.POST, request.FILES, asked=page.proof_codes)
    if not form.is_valid():
        return _shown(request, row, proving=form, status=422)
    given = form.cleaned_data["file"]
    file = storage.store(
        given.name or "bukti", kind=EVIDENCE, contents=given.read(), owner=request.user.pk, region_no=row.region_no,
        group_no=row.group_no, media_type=given.content_type or "",
    )  # fmt: skip
    deciding.add_proof(row.pk, form.cleaned_data["kind"], file, by=request.user, on=request.today)
    messages.success(request, _("Bukti ditambahkan."))
    return see_other(request, "change", row.pk)


@may("change.view")
def proof(request: Request, change_id: int, file_id: UUID) -> HttpResponseBase:
    """The paper as it came. Handing it over is written before the first byte."""
    row = change_of(request, change_id)
    found = get_object_or_404(row.proofs.select_related("file"), file_id=file_id)
    return storage.download(found.file, scope=request.scope, inline=True)


@require_POST
@may("change.view", look="change")
def decide(request: Request, change_id: int) -> HttpResponse:
    """Approve, refuse, withdraw, take back, or look again at what it would do; who may is asked by the deed."""
    row = change_of(request, change_id)
    told: dict[str, Any] = {"by": request.user, "post": request.post, "on": request.today}
    why, deed = request.POST.get("why", ""), request.POST.get("deed", "")
    if deed == "look":
        _keep(row, _foreseen(request, Asked.of(row, row.family)))
        messages.info(request, _("Akibatnya dihitung lagi dengan keadaan sekarang."))
    elif deed == "approve":
        _keep(row, _foreseen(request, Asked.of(row, row.family)))
        deciding.approve(row.pk, why=why, **told)
        messages.success(request, _("Pemutakhiran diterapkan. Masukkan juga ke SIKS-NG."))
    elif deed == "refuse":
        deciding.refuse(row.pk, why=why, **told)
        messages.success(request, _("Permintaan ditolak; yang mengajukan membaca alasannya."))
    elif deed == "withdraw":
        deciding.withdraw(row.pk, by=request.user)
        messages.success(request, _("Permintaan ditarik."))
    elif deed == "reverse":
        seen = _foreseen_back(row)
        counter = deciding.reverse(row.pk, why=why, **told)
        if seen:
            _keep(counter, seen)
        messages.success(request, _("Pemutakhiran dibalik; keduanya tetap tercatat."))
    else:
        raise Refused("Tindakan itu tidak dikenal. Muat ulang halamannya.")
    return see_other(request, "change", row.pk)


@require_POST
@may("change.view", look="change_list")
def decide_several(request: Request) -> HttpResponse:
    """The requests ticked in the queue, each decided in its own right; whoever may not be is named with the cause."""
    numbers = wholes(request.POST.getlist("change"))
    known = Change.objects.select_related("family__region", "family__group", "member", "asked_by")
    rows = list(known.filter(pk__in=numbers, family__in=Family.objects.visible_to(request.post))[:SEVERAL_MAX])
    if not rows:
        raise Refused("Belum ada permintaan yang dicentang. Centang yang hendak diputuskan.")
    why, deed = request.POST.get("why", ""), request.POST.get("deed", "")
    if deed not in SEVERAL:
        raise Refused("Tindakan itu tidak dikenal. Muat ulang halamannya.")
    told: dict[str, Any] = {"by": request.user, "post": request.post, "on": request.today, "why": why}

    def one(row: Change) -> None:
        if deed == "refuse":
            deciding.refuse(row.pk, **told)
            return
        if row.state == Change.State.ASKED:
            _keep(row, _foreseen(request, Asked.of(row, row.family)))
        deciding.approve(row.pk, **told)

    found = decide_each(rows, one, why=why, on=request.today)
    if found.done:
        messages.success(request, SEVERAL[deed] % {"n": number(len(found.done))})
    kinds = dict(default_kinds().codes())
    for row, no in found.refused:
        messages.error(request, f"{row.family.name}, {heard(kinds[row.kind])}: {heard(no.phrase)}")
    query = request.GET.urlencode()
    return see_other(request, reverse("changes") + (f"?{query}" if query else ""))


@require_POST
@may("change.request", look="change")
def enter(request: Request, change_id: int) -> HttpResponse:
    row = change_of(request, change_id)
    form = EnterForm(request.POST)
    if form.is_valid():
        try:
            outside.enter(row.pk, by=request.user, on=request.today, **form.cleaned_data)
        except Refused as no:
            form.add_error(None, no.phrase.heard())
        else:
            messages.success(request, _("Dicatat. Harapan mencarinya di daftar berikutnya."))
            return see_other(request, "change", row.reverses_id or row.pk)
    shown = change_of(request, row.reverses_id) if row.reverses_id else row
    return _shown(request, shown, entering=form, status=422)
