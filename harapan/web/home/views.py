"""Home: what waits for the reader, and where the stage stands."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.middleware import next_post_of
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.benefits.models import Stage, State
from harapan.benefits.whose_move import WAITS_FOR
from harapan.registry.models import Family
from harapan.ui.parts import Deed, Empty, Figure, StageBar, Task, chain
from harapan.ui.words import months, number, percent, rupiah
from harapan.web.home.worklist import Desk

SHOWN = 7
STAYS_CAPITAL = "Anda "  # the polite "you" keeps its capital letter wherever it stands
ALONE = frozenset({"home.view"})  # a role that so far may do nothing else


def landing(incoming: HttpRequest) -> HttpResponseBase:
    """Home; whoever signed in and holds no post today is told why nothing opens, and from when it will."""
    request = cast(Request, incoming)
    if request.user.is_authenticated and request.post is None:
        return render(request, "home/no_post.html", {"coming": next_post_of(request.user, request.today)})
    return home(request)


@may("home.view")
def home(request: Request) -> HttpResponse:
    desk = Desk(request.post, on=request.today)
    context = {
        "desk": desk,
        "tasks": desk.tasks[:SHOWN],
        "first": _first(desk.tasks[0]) if desk.tasks else "",
        "rest": desk.tasks[SHOWN:],
        "computed": [(each, WAITS_FOR.get(each.state, "")) for each in desk.computed],
        "stagebar": _bar(desk) if desk.stage else None,
        "figures": _figures(desk),
        "empty": None if desk.tasks else _nothing(request),
        "observed": months(desk.law.observes_months[0], desk.law.observes_months[-1]) if desk.months else "",
        "may_import": allows(request.post, "import.families"),
    }
    return render(request, "home/home.html", context)


def _first(task: Task) -> str:
    """The most pressing task inside a sentence: "12 jawaban bank yang belum cocok"."""
    what = str(task.what)
    if not what.startswith(STAYS_CAPITAL) and not what[1:2].isupper():  # "RTL" stays, too
        what = what[:1].lower() + what[1:]
    return what if task.count == 1 else f"{number(task.count)}{'+' if task.more else ''} {what}"


def _state(stage: Stage, standing: dict[State, int]) -> State:
    """That of the regency furthest behind in reach; of the stage where no list has come."""
    return next(iter(standing), State(stage.state))


def _bar(desk: Desk) -> StageBar:
    stage = desk.stage
    assert stage is not None  # noqa: S101 - asked by the caller
    steps = chain([(state, state.label) for state in stage.states], _state(stage, desk.regencies))
    return StageBar(stage.name, steps, url=reverse("stage", args=[stage.name]))


def _figures(desk: Desk) -> list[Figure]:
    """Due, credited, withdrawn, still lying there; nothing before money has moved."""
    glance = desk.glance
    if glance is None or not glance.moved:
        return []
    whole = glance.due_idr or glance.credited_idr + glance.missed_idr
    of_whole = _("%(share)s dari yang harus dibayar") if glance.due_idr else _("%(share)s dari yang terjawab")
    figures = [
        Figure(_("Masuk rekening"), rupiah(glance.credited_idr), of_whole % _share(glance.credited_idr, whole)),
        Figure(
            _("Sudah diambil"),
            rupiah(glance.withdrawn_idr),
            _("%(share)s dari yang masuk") % _share(glance.withdrawn_idr, glance.credited_idr),
        ),
        Figure(
            _("Masih di rekening"),
            rupiah(glance.lying_idr),
            _("%(share)s dari yang masuk") % _share(glance.lying_idr, glance.credited_idr),
        ),
        Figure(_("Gagal atau kembali"), rupiah(glance.missed_idr), of_whole % _share(glance.missed_idr, whole)),
    ]
    if glance.lost_idr:
        share = _("%(share)s dari yang masuk") % _share(glance.lost_idr, glance.credited_idr)
        figures.insert(3, Figure(_("Sudah kembali ke kas negara"), rupiah(glance.lost_idr), share))
    if glance.due_idr is not None:
        unanswered = _("%(count)d belum terjawab") % {"count": glance.unanswered}
        figures.insert(0, Figure(_("Harus dibayar"), rupiah(glance.due_idr), unanswered if glance.unanswered else ""))
    return figures


def _share(part: int, whole: int) -> dict[str, str]:
    return {"share": percent(part, whole)}


def _nothing(request: Request) -> Empty:
    """Nobody waits: why, and what would bring work."""
    post = request.post
    if post.role.permissions <= ALONE:
        return Empty(
            _("Peran ini belum punya halaman kerja"),
            _("Anda dapat mengatur akun lewat nama Anda di kanan atas. Bila seharusnya ada tugas, hubungi operator."),
        )
    if allows(post, "import.families") and not Family.objects.visible_to(post).exists():
        return Empty(
            _("Belum ada keluarga di wilayah Anda"),
            _("Mulai dengan daftar kementerian. Berkasnya diuji dahulu; tidak ada yang tersimpan sebelum Anda setuju."),
            (Deed(_("Impor daftar"), reverse("import_new"), icon="file-upload", main=True),),
        )
    if not allows(post, "stage.view"):
        return Empty(_("Semua sudah beres"), _("Tugas muncul di sini begitu ada yang menunggu Anda."))
    return Empty(
        _("Semua sudah beres"),
        _("Tugas muncul di sini begitu ada jawaban yang belum cocok, selisih, pertanyaan data, atau bulan baru."),
    )
