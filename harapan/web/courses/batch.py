"""One batch: planned, its places, moved, cancelled, concluded, its letters."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.regions.models import name_of
from harapan.training import concluding, moving, planning
from harapan.training.following import linking
from harapan.training.letters import latest_letter, number_letter
from harapan.training.models import Batch, ClassSession, Enrolment, OrderLetter, TrainingClass
from harapan.training.queries import courses_on, quota_lines, tallies
from harapan.training.quotas import words_of
from harapan.ui.pages import see_other
from harapan.ui.words import day, number
from harapan.web.courses.forms import BatchForm, LetterForm, MoveForm, QuotaForm, QuotasForm, below
from harapan.web.courses.frame import batch_of, framed, own_batch

TOLD_MAX = 10


@may("course.manage")
def new(request: Request) -> HttpResponse:
    home = planning.home_of(request.post)
    initial = {"organiser": name_of(home) if home else ""}
    form = BatchForm(request.POST or None, courses=courses_on(request.today), initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        facts = planning.BatchFacts(**{**told, "number": told["number"] or 0})
        try:
            made = planning.plan_batch(facts, post=request.post, by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Angkatan direncanakan. Isi kuotanya, lalu undang peserta."))
            return see_other(request, "batch", made.pk)
    return render(request, "courses/batch_form.html", {"form": form}, status=422 if request.method == "POST" else 200)


@may("course.view", look="batch")
def batch(request: Request, batch_id: int) -> HttpResponse:
    return shown(request, batch_of(request, batch_id))


def shown(
    request: Request, found: Batch, *, status: int = 200, quota_form: QuotaForm | None = None,
    letter_form: LetterForm | None = None,
) -> HttpResponse:  # fmt: skip
    lines = quota_lines(found)
    standing = {line.region_id: line.places for line, _taken, _agreed in lines if not line.who}
    regions, letters = below(request.post), list(OrderLetter.objects.filter(batch=found).order_by("version"))
    initial = {f"q{region.no}": standing.get(region.no) for region in regions}
    context = framed(
        request, found, "batch",
        tally=tallies([found])[found.pk],
        quotas=[(words_of(line), line.places, taken, agreed) for line, taken, agreed in lines],
        places=sum(line.places for line, _taken, _agreed in lines),
        taken=sum(taken for _line, taken, _agreed in lines),
        agreed=sum(agreed for _line, _taken, agreed in lines),
        classes=TrainingClass.objects.filter(batch=found).count(),
        sessions=ClassSession.objects.filter(batch=found).count(),
        letter=latest_letter(found),
        letters=letters,
        quota_form=quota_form or QuotaForm(),
        quotas_form=QuotasForm(regions=regions, initial=initial),
        letter_form=letter_form or LetterForm(initial=_as_before(letters) | {"dated": request.today}),
        over=found.ends <= request.today, feedback_waits=linking.waiting(found, on=request.today).count(),
    )  # fmt: skip
    return render(request, "courses/batch.html", context, status=status)


def _as_before(letters: Sequence[OrderLetter]) -> dict[str, str]:
    """Who signed the version before, and on what basis: a batch that moved has the same most often."""
    return {name: getattr(letters[-1], name) for name in ("signer", "signer_post", "basis")} if letters else {}


@require_POST
@may("course.manage", look="batch")
def set_quota(request: Request, batch_id: int) -> HttpResponse:
    found = own_batch(request, batch_id)
    form = QuotaForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            planning.set_quota(found.pk, told["region"], told["places"], who=told["who"], by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Kuota disimpan."))
            return see_other(request, "batch", found.pk)
    return shown(request, found, status=422, quota_form=form)


@require_POST
@may("course.manage", look="batch")
def set_quotas(request: Request, batch_id: int) -> HttpResponse:
    found = own_batch(request, batch_id)
    form = QuotasForm(request.POST, regions=below(request.post))
    if not form.is_valid():
        raise Refused("Kuota harus bilangan bulat 0 sampai 2.000. Periksa angkanya.")
    planning.set_quotas(found.pk, form.places(), by=request.user)
    messages.success(request, _("Kuota disimpan."))
    return see_other(request, "batch", found.pk)


@may("course.manage", look="batch")
def move(request: Request, batch_id: int) -> HttpResponse:
    found = own_batch(request, batch_id)
    initial = {"begins": found.begins, "ends": found.ends, "place": found.place}
    form = MoveForm(request.POST or None, initial=initial, invited=found.state != Batch.State.PLANNED)
    if request.method == "POST" and form.is_valid():
        try:
            moved = moving.move_batch(found.pk, by=request.user, on=request.today, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            told = ngettext(
                "Angkatan dipindahkan; %(n)s orang ditanya lagi.", "Angkatan dipindahkan; %(n)s orang ditanya lagi.",
                moved.asked,
            )  # fmt: skip
            messages.success(request, told % {"n": number(moved.asked)})
            _tell_clashes(request, moved.clashes)
            return see_other(request, "batch", found.pk)
    context = framed(request, found, "batch", form=form, tally=tallies([found])[found.pk])
    return render(request, "courses/move.html", context, status=422 if request.method == "POST" else 200)


def _tell_clashes(request: Request, clashes: Sequence[Enrolment]) -> None:
    """Who has a place elsewhere on the new days, to be settled by whoever moved the batch."""
    for row in clashes[:TOLD_MAX]:
        told = {"name": row.person.name, "course": row.batch.course.name,
                "begins": day(row.batch.begins), "ends": day(row.batch.ends)}  # fmt: skip
        said = _("%(name)s pada hari yang baru juga mendapat tempat di %(course)s, %(begins)s sampai %(ends)s.")
        messages.warning(request, said % told)
    if (left := len(clashes) - TOLD_MAX) > 0:
        more = ngettext("%(n)s orang lain juga.", "%(n)s orang lain juga.", left)
        messages.warning(request, more % {"n": number(left)})


@require_POST
@may("course.manage", look="batch")
def cancel(request: Request, batch_id: int) -> HttpResponse:
    found = own_batch(request, batch_id)
    moving.cancel_batch(found.pk, why=request.POST.get("why", ""), by=request.user, on=request.today)
    messages.success(request, _("Angkatan dibatalkan; semua pesertanya bebas untuk angkatan lain."))
    return see_other(request, "batch", found.pk)


@require_POST
@may("course.manage", look="batch")
def conclude(request: Request, batch_id: int) -> HttpResponse:
    found = own_batch(request, batch_id)
    counts = concluding.conclude(found.pk, by=request.user, on=request.today)
    told = _("Hasil ditetapkan: %(passed)s lulus, %(failed)s belum lulus, %(absent)s tidak hadir.")
    messages.success(request, told % {name: number(counts[name]) for name in ("passed", "failed", "absent")})
    return see_other(request, "batch_scores", found.pk)


@require_POST
@may("course.manage", look="batch")
def reopen(request: Request, batch_id: int) -> HttpResponse:
    found = own_batch(request, batch_id)
    concluding.reopen(found.pk, why=request.POST.get("why", ""), by=request.user, on=request.today)
    messages.success(request, _("Angkatan dibuka lagi. Sesudah diperbaiki, tetapkan hasilnya sekali lagi."))
    return see_other(request, "batch", found.pk)


@require_POST
@may("course.manage", look="batch")
def letter(request: Request, batch_id: int) -> HttpResponse:
    found = own_batch(request, batch_id)
    form = LetterForm(request.POST)
    if form.is_valid():
        try:
            made = number_letter(found.pk, by=request.user, on=request.today, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Surat tugas bernomor %(number)s.") % {"number": made.full_number})
            return see_other(request, "batch", found.pk)
    return shown(request, found, status=422, letter_form=form)
