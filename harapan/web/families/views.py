"""Families: the list, one family, who looked at it, and the two small deeds on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.models import User
from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.audit.log import Trace, traces_of
from harapan.audit.words import in_words
from harapan.benefits.lists import due_of
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.files.models import StoredFile
from harapan.files.storage import download
from harapan.jobs.actions import ask
from harapan.jobs.models import Work
from harapan.payments import sheet as papers
from harapan.regions.models import Region
from harapan.registry import actions
from harapan.registry.models import Family, Question
from harapan.registry.models.family import FamilyQuerySet
from harapan.registry.queries import components_of, counted_to, keys_only, marks_of, whole
from harapan.ui import exports
from harapan.ui.pages import KeysetPage, keyset, see_other, show
from harapan.ui.parts import Progress
from harapan.ui.words import number
from harapan.web import progress as bars
from harapan.web.families import tasks
from harapan.web.families.exporting import AT_ONCE_MAX, ORDER, columns, latest_stage, numbers_of, rows
from harapan.web.families.forms import FamilyFilters, NoteForm, QuestionForm, UnmaskForm
from harapan.web.families.page import FamilyPage
from harapan.web.families.questions import sides_of, two_words
from harapan.web.families.why import Why, stage_for

COUNTED_MAX = 10_000
PAGE_SIZE = 50


@may("family.view")
def families(request: Request) -> HttpResponse:
    filters = FamilyFilters.read(request, post=request.post)
    found = filters.families(request.today)
    keys = keyset(request, keys_only(found), order=ORDER, size=PAGE_SIZE)
    page = replace(keys, rows=whole(keys))
    marks = marks_of(page, on=request.today)
    places = Region.objects.path_names(family.region_id for family in page)
    counted = components_of(page, on=request.today)
    stage = latest_stage()
    due = due_of([family.pk for family in page], stage) if stage else {}
    shown = [
        (family, marks[family.pk], places.get(family.region_id, ""), counted.get(family.pk, {}), due.get(family.pk))
        for family in page
    ]
    context = {
        "filters": filters,
        "page": page,
        "rows": shown,
        "stage": stage,
        "may_import": allows(request.post, "import.families"),
        "how_many": how_many(found, page, probed=filters.probed),
        "cut": filters.cut,
        "search_text": filters.chosen().get("q", ""),
        "may_export": allows(request.post, "family.export"),
        "own_list": request.post.role.reach == Reach.GROUPS and allows(request.post, "caseload.view"),
        "groupless": request.post.role.reach == Reach.GROUPS and not request.post.groups,
    }
    return show(request, "families/list.html", context, piece="families/_rows.html")


def how_many(families: FamilyQuerySet, page: KeysetPage, *, probed: bool) -> str:
    """The figure of the title; what is not worth counting it says as "lebih dari".

    A filter beyond the family's own row is not counted at all: the page itself tells whether there are more.
    """
    if probed:
        found, most = len(page), PAGE_SIZE - 1 if page.next_query or page.previous_query else PAGE_SIZE
    else:
        found, most = counted_to(families, COUNTED_MAX), COUNTED_MAX
    return _("lebih dari %(n)s") % {"n": number(most)} if found > most else number(found)


@may("family.export", look="family_list")
def families_file(request: Request, form: exports.Form) -> HttpResponseBase:
    """The list as a file: exactly what the filters show. More than a page can wait for is made in the background."""
    if form not in exports.CONTENT_TYPES:
        raise Http404
    filters = FamilyFilters.read(request, post=request.post)
    if counted_to(filters.families(request.today), AT_ONCE_MAX) <= AT_ONCE_MAX:
        numbers, stage = numbers_of(filters, form, on=request.today), latest_stage()
        return exports.answer("keluarga", columns(stage), rows(numbers, stage, on=request.today), form=form)
    if request.method == "POST":
        query = filters.query_string()
        ask(tasks.write_families, asked_by=request.user.pk, post_no=request.post.pk, query=query, form=form)
        return see_other(request, "family_exports")
    return render(request, "families/exports.html", {"asked": True, "most": AT_ONCE_MAX})


@may("family.export")
def family_exports(request: Request) -> HttpResponse:
    """The reader's latest large file: how far it is, or where it waits."""
    work = _latest_export()
    context = {"work": work, "run": _bar(work) if work and not work.ended else None}
    return render(request, "families/exports.html", context)


@may("family.export")
def family_exporting(request: Request) -> HttpResponse:
    """How far it is; once it has ended, the whole page."""
    work = _latest_export()
    if work is None or work.ended:
        return see_other(request, "family_exports")
    return render(request, "ui/run.html", {"run": _bar(work)})


@may("family.export", look="family_list")
def family_export(request: Request, work_id: int) -> HttpResponseBase:
    work = get_object_or_404(Work.objects.filter(kind=tasks.write_families.name, result__isnull=False), pk=work_id)
    return download(get_object_or_404(StoredFile, pk=work.result), scope=request.scope)


def _latest_export() -> Work | None:
    """Nobody sees another's work."""
    return Work.objects.filter(kind=tasks.write_families.name).order_by("-asked_at").first()


def _bar(work: Work) -> Progress:
    return bars.shown(work, title=_("Menyiapkan berkas keluarga"), poll_url=reverse("family_exporting"))


def one(request: Request, family_id: int) -> Family:
    """The family, if it is in the reader's scope; else the page that says neither yes nor no."""
    reachable = Family.objects.visible_to(request.post).select_related("region", "group__facilitator")
    return get_object_or_404(reachable, pk=family_id)


@may("family.view", look="family")
def family(request: Request, family_id: int) -> HttpResponse:
    page = FamilyPage(one(request, family_id), post=request.post, on=request.today)
    why = Why(page.family, stage_for(page.family, request.GET.get("tahap", "")), request.today)
    return render(request, "families/one.html", {"page": page, "family": page.family, "why": why, "recorded": True})


def _who(trace: Trace, people: Mapping[int, str]) -> str:
    """Whoever did it; of somebody who acts for another (Plt., Plh., a.n.) both."""
    name = people.get(trace.actor, _("Sistem"))
    if not trace.on_behalf:
        return name
    return _("%(name)s, untuk %(holder)s") % {"name": name, "holder": people.get(trace.on_behalf, "?")}


@may("family.view", look="family")
def traces(request: Request, family_id: int) -> HttpResponse:
    shown = one(request, family_id)
    found = traces_of("family", shown.pk)
    named = {number for trace in found for number in (trace.actor, trace.on_behalf) if number}
    people = dict(User.objects.filter(pk__in=named).values_list("pk", "name"))
    rows = [(trace, _who(trace, people), in_words(trace.verb)) for trace in found]
    page = FamilyPage(shown, post=request.post, on=request.today)
    return render(request, "families/traces.html", {"page": page, "family": shown, "rows": rows, "recorded": True})


@may("sheet.print", look="family")
def sheet(request: Request, family_id: int) -> HttpResponse:
    """The lembar KPM of one family, as PDF."""
    shown = one(request, family_id)
    stage = _stage_of(shown, request)
    paper = papers.pdf([papers.sheet_of(shown, stage, on=request.today)], by=request.user, at=timezone.localtime())
    return HttpResponse(paper, content_type="application/pdf")


@may("sheet.print", look="family")
def text(request: Request, family_id: int) -> HttpResponse:
    """The same words to copy into a message, or to hand to WhatsApp on this device."""
    shown = one(request, family_id)
    words = papers.as_text(papers.sheet_of(shown, _stage_of(shown, request), on=request.today))
    page = FamilyPage(shown, post=request.post, on=request.today)
    context = {"page": page, "family": shown, "words": words, "encoded": quote(words), "recorded": True}
    return render(request, "families/text.html", context)


def _stage_of(family: Family, request: Request) -> Stage:
    stage = stage_for(family, request.GET.get("tahap", ""))
    if stage is None:
        raise Refused("Belum ada tahap. Impor daftar kementerian lebih dahulu, lalu cetak lembar ini.")
    return stage


@may("family.unmask")
def unmask(request: Request, family_id: int) -> HttpResponse:
    """Ask which number and why; show it once, after the reason is written."""
    shown = one(request, family_id)
    page = FamilyPage(shown, post=request.post, on=request.today)
    form = UnmaskForm(request.POST or None, choices=page.sealed_choices())
    if request.method == "POST" and form.is_valid():
        label, sealed = page.sealed(form.cleaned_data["number"])
        full = actions.open_number(sealed, family=shown, why=form.cleaned_data["why"], by=request.user)
        context = {"page": page, "family": shown, "label": label, "number": full, "recorded": True}
        return render(request, "families/unmasked.html", context)
    status = 422 if request.method == "POST" else 200
    return render(request, "families/unmask.html", {"page": page, "family": shown, "form": form}, status=status)


@may("family.change", look="family")
def question(request: Request, family_id: int, question_id: int) -> HttpResponse:
    """Two sources differ: see both, and say which stands. Numbers open in full only for a reason, which is logged."""
    shown = one(request, family_id)
    open_ones = Question.objects.filter(family=shown, decided_at__isnull=True).select_related("member")
    asked = get_object_or_404(open_ones, pk=question_id)
    form = QuestionForm(request.POST or None)
    deed = request.POST.get("deed", "")
    context = {"family": shown, "question": asked, "form": form, "two": two_words(asked), "recorded": True}
    context["page"] = FamilyPage(shown, post=request.post, on=request.today)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        if deed == "open":
            demand(request.post, "family.unmask")
            sides = [actions.open_number(side, family=shown, why=why, by=request.user) for side in sides_of(asked)]
            return render(request, "families/question.html", {**context, "two": sides, "opened": True})
        actions.decide_question(asked.pk, take=deed == "take", by=request.user, on=request.today, why=why)
        return see_other(request, "family", shown.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "families/question.html", context, status=status)


@require_POST
@may("family.note")
def note(request: Request, family_id: int) -> HttpResponse:
    shown = one(request, family_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        actions.note(shown, text=form.cleaned_data["note"], by=request.user, on=request.today)
    return see_other(request, "family", shown.pk)
