"""Files brought in: the list, the form, one file with the answer to every row, and the button that writes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import demand, may
from harapan.accounts.request import Request
from harapan.core.errors import HarapanError
from harapan.files.storage import download
from harapan.intake import actions, tasks
from harapan.intake.layouts import LAYOUTS
from harapan.intake.models import ImportRow, ImportRun
from harapan.intake.queries import answers_of, runs_listed, waiting_to_be_written
from harapan.ui.pages import keyset, see_other, show
from harapan.ui.parts import Progress
from harapan.ui.words import number
from harapan.web import progress as bar
from harapan.web.imports.forms import ImportFilters, UploadForm
from harapan.web.imports.page import TAGS, ImportPage, layout_title


@may("import.rehearse")
def imports(request: Request) -> HttpResponse:
    filters = ImportFilters.read(request)
    found = runs_listed().filter(**filters.chosen())
    page = keyset(request, found, order=("-id",))
    rows = [(run, layout_title(run.layout), *TAGS[ImportRun.State(run.state)]) for run in page]
    context = {"filters": filters, "page": page, "rows": rows, "waiting": waiting_to_be_written()}
    return show(request, "imports/list.html", context, piece="imports/_list.html")


@may("import.rehearse")
def upload(request: Request) -> HttpResponse:
    """Choose what comes in; every file is stored as it came and rehearsed at once, or later where it is large."""
    given = {"stage": request.GET.get("tahap", ""), "layout": request.GET.get("jenis", "")}
    form = UploadForm(request.POST or None, request.FILES or None, initial=given, post=request.post, on=request.today)
    if request.method == "POST" and form.is_valid():
        runs, refusals = _bring_in(request, form)
        if runs:
            return _received(request, runs, refusals)
        for refusal in refusals:
            form.add_error("uploads", refusal)
    return render(request, "imports/upload.html", {"form": form}, status=422 if request.method == "POST" else 200)


def _bring_in(request: Request, form: UploadForm) -> tuple[list[ImportRun], list[str]]:
    """The runs that were taken, and a sentence for each file that cannot be read at all."""
    chosen, runs, refusals = form.cleaned_data, [], []
    who: dict[str, Any] = {"by": request.user, "post": request.post}
    for file in chosen["uploads"]:
        run = actions.receive(
            file.read(), name=file.name, layout=chosen["layout"], stage=chosen.get("stage", ""),
            facilitator=chosen.get("facilitator"), **who,
        )  # fmt: skip
        try:
            tasks.answer_now_or_later(run, commit=False, by=request.user, on=request.today)
        except HarapanError as refusal:
            said = refusal.phrase.heard()
            refusals.append(f"{file.name}: {said}" if len(chosen["uploads"]) > 1 else said)
        else:
            runs.append(run)
    return runs, refusals


def _received(request: Request, runs: list[ImportRun], refusals: list[str]) -> HttpResponse:
    for refusal in refusals:
        messages.error(request, refusal)
    if len(runs) == 1:
        return see_other(request, "import", runs[0].pk)
    messages.success(
        request, _("%(files)d berkas diterima dan diuji. Periksa satu per satu, lalu simpan.") % {"files": len(runs)}
    )
    return see_other(request, "imports")


def one(run_id: int) -> ImportRun:
    """The import, if it lies in the reader's scope; else the page that says neither yes nor no."""
    return get_object_or_404(runs_listed().select_related("refused_file", "facilitator"), pk=run_id)


@may("import.rehearse", look="import")
def one_import(request: Request, run_id: int) -> HttpResponse:
    run = one(run_id)
    shown = ImportPage(run, post=request.post)
    context: dict[str, Any] = {
        "run_row": run,
        "page_of": shown,
        "recorded": True,
    }
    if shown.answered:
        verdict = shown.verdict_shown(request.GET.get("verdict", ""))
        context["verdict"] = verdict
        page = context["page"] = keyset(request, answers_of(run, verdict), order=("line",))
        context["about"] = _about(page)
    elif shown.reading and not shown.stuck:
        context["run"] = _bar(shown)
    return show(request, "imports/one.html", context, piece="imports/_rows.html")


@may("import.rehearse")
def progress(request: Request, run_id: int) -> HttpResponse:
    """How far the reading is; once it is over, the whole page."""
    run = one(run_id)
    shown = ImportPage(run, post=request.post)
    if shown.stuck or not shown.reading:
        return see_other(request, "import", run.pk)
    return render(request, "ui/run.html", {"run": _bar(shown)})


def _bar(page: ImportPage) -> Progress:
    run = page.run
    return bar.shown(page.work, title=run.file.name, poll_url=reverse("import_progress", args=[run.pk]))


@require_POST
@may("import.commit")
def commit(request: Request, run_id: int) -> HttpResponse:
    run = one(run_id)
    demand(request.post, LAYOUTS[run.layout].permission)
    later = tasks.answer_now_or_later(run, commit=True, by=request.user, on=request.today)
    if not later:
        written = run.accepted + run.changed
        messages.success(
            request,
            ngettext("%(rows)s baris disimpan.", "%(rows)s baris disimpan.", written) % {"rows": number(written)},
        )
    return see_other(request, "import", run.pk)


@require_POST
@may("import.rehearse")
def rehearse(request: Request, run_id: int) -> HttpResponse:
    """Read the file once more against what is stored now."""
    run = one(run_id)
    demand(request.post, LAYOUTS[run.layout].permission)
    tasks.answer_now_or_later(run, commit=False, by=request.user, on=request.today)
    return see_other(request, "import", run.pk)


@may("import.rehearse")
def refused(request: Request, run_id: int) -> StreamingHttpResponse:
    """The refused rows in the layout they came in, with their reasons."""
    run = one(run_id)
    if run.refused_file is None:
        raise Http404
    return download(run.refused_file, scope=request.scope)


def _about(page: Iterable[ImportRow]) -> str:
    """The head over those the lines are about: families, or people only the file names; "" where it names nobody."""
    rows = list(page)
    if any(row.family_id for row in rows):
        return _("Keluarga")
    return _("Nama") if any(row.name for row in rows) else ""
