"""The register of sanctions, and carrying out a dismissal by whom the decision names."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.database.scope import put_on
from harapan.regions.models import Region
from harapan.ui import exports
from harapan.ui.exports import Column
from harapan.ui.pages import keyset, see_other
from harapan.web.ethics.frame import tabs
from harapan.workforce.ethics import deciding
from harapan.workforce.ethics.catalogue import level_words, measure_words, offence_words
from harapan.workforce.ethics.queries import register_of, to_execute
from harapan.workforce.models import EthicsDecision, Step


@may("ethics.register", look="sanction_register")
def register(request: Request) -> HttpResponse:
    rows = register_of(request.post, on=request.today)
    page = keyset(request, rows, order=("-decided_on", "-id"), size=30)
    places = Region.objects.path_names(row.region_no for row in page)
    context = {
        "page": page, "rows": [(row, places.get(row.region_no, "Indonesia"), *_words(row)) for row in page],
        "today": request.today, "total": rows.count(), "recorded": True, **tabs(request, "register"),
    }  # fmt: skip
    return render(request, "ethics/register.html", context)


COLUMNS = (
    Column("NAMA", width=28), Column("TEMPAT TUGAS", width=32), Column("PELANGGARAN", width=32), Column("SANKSI"),
    Column("TINDAKAN", width=32), Column("NOMOR PUTUSAN", width=24), Column("DIPUTUS", "date"),
    Column("DIHITUNG SAMPAI", "date"), Column("BERKEKUATAN TETAP"), Column("DILAKSANAKAN", "date"),
)  # fmt: skip


@may("ethics.register", look="sanction_register_file")
def download(request: Request, form: str) -> HttpResponseBase:
    """The register as a file: the rows of the page, in the same reach, with nothing of who reported."""
    if form not in exports.CONTENT_TYPES:
        raise Http404
    found = list(register_of(request.post, on=request.today).order_by("-decided_on", "-pk"))
    places = Region.objects.path_names(row.region_no for row in found)
    rows = [
        [
            row.person.name, places.get(row.region_no, "Indonesia"), str(offence_words(row.offence)),
            str(level_words(row.level)), ", ".join(str(measure_words(code)) for code in row.measures), row.letter,
            row.decided_on, row.until, "ya" if row.case.step == Step.FINAL else "belum", row.executed_on,
        ]
        for row in found
    ]  # fmt: skip
    return exports.answer("daftar-sanksi", COLUMNS, rows, form="csv" if form == "csv" else "xlsx")


def _words(row: EthicsDecision) -> tuple[object, object, list[object]]:
    return offence_words(row.offence), level_words(row.level), [measure_words(code) for code in row.measures]


@may("ethics.execute", look="sanction_register")
def waiting(request: Request) -> HttpResponse:
    """Decisions that name the reader."""
    rows = to_execute(request.user).order_by("decided_on", "pk")
    context = {"rows": [(row, *_words(row)) for row in rows], "recorded": True, **tabs(request, "execute")}
    return render(request, "ethics/execute.html", context)


@require_POST
@may("ethics.execute")
def execute(request: Request, decision_id: int) -> HttpResponse:
    try:
        with put_on(request.scope):
            done = deciding.execute(decision_id, by=request.user, on=request.today)
    except Refused as refusal:  # most often: groups are still theirs
        messages.error(request, refusal.phrase.heard())
    else:
        said = _("Putusan %(letter)s dilaksanakan: jabatannya berakhir, akunnya ditutup, kartunya dicabut.")
        messages.success(request, said % {"letter": done.letter})
    return see_other(request, "ethics_execute")
