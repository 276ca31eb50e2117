"""The steps of a round: which may come next, what each asks, and doing it, at once or as work with a bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from procrastinate.tasks import Task

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.asked import whole
from harapan.core.errors import Forbidden, Refused
from harapan.jobs.models import Work
from harapan.ui.pages import see_other
from harapan.ui.parts import Progress
from harapan.web import progress as bar
from harapan.workforce.models import Ranking, RecruitmentRound
from harapan.workforce.recruitment import checking, freezing, offering, rounds
from harapan.workforce.recruitment.queries import rounds_seen
from harapan.workforce.recruitment.rounds import rules_of
from harapan.workforce.tasks import check_later, now_or_later, rank_later, shortlist_later, under_way

State = RecruitmentRound.State


@dataclass(frozen=True, slots=True)
class Deed:
    """`task`: what does it in the background where the round is large."""

    code: str
    label: Promise
    asks: Promise
    said: Promise
    do: Callable[..., Any]  # (round, by=, post=), and on= where `dated`
    task: Task[Any, Any, Any] | None = None
    dated: bool = True


DEEDS = {
    deed.code: deed
    for deed in (
        Deed(
            "buka", _("Buka pendaftaran"),
            _("Sejak dibuka, kuota, bobot, dan batas lulus tidak dapat diubah siapa pun."),
            _("Pendaftaran dibuka; aturan dan formasi dibekukan."), rounds.open_round,
        ),
        Deed(
            "tutup", _("Tutup pendaftaran"),
            _("Tidak ada lamaran lagi yang diterima, dan undian untuk nilai yang sama ditarik."),
            _("Pendaftaran ditutup. Periksa administrasinya."), rounds.close_applications,
        ),
        Deed(
            "periksa", _("Periksa administrasi"),
            _("Yang belum diputuskan diluluskan atau digugurkan menurut isian dan berkasnya."),
            _("Administrasi diperiksa menurut syarat; yang meragukan dapat diputuskan satu per satu."),
            checking.check_all, check_later, dated=False,
        ),
        Deed(
            "panggil", _("Susun panggilan wawancara"),
            _("Nilai tahap sebelum wawancara dibekukan ke dalam berkas, dan yang terbaik untuk tiap tempat dipilih."),
            _("Panggilan wawancara disusun. Periksa di tab Peringkat, lalu umumkan."),
            freezing.make_shortlist, shortlist_later, dated=False,
        ),
        Deed(
            "umumkan-panggilan", _("Umumkan panggilan"),
            _("Setiap pelamar melihat apakah ia dipanggil wawancara. Pewawancara dapat mulai menilai."),
            _("Panggilan wawancara diumumkan."), rounds.announce_shortlist,
        ),
        Deed(
            "urutkan", _("Bekukan nilai dan susun peringkat"),
            _("Nilai sekarang dibekukan ke dalam berkas. Peserta tanpa nilai di satu tahap gugur."),
            _("Nilai dibekukan dan peringkat disusun. Periksa, lalu umumkan."),
            freezing.make_ranking, rank_later, dated=False,
        ),
        Deed(
            "umumkan", _("Umumkan hasil"),
            _("Setiap pelamar melihat nilai, urutan, dan alasannya. Ini tidak dapat ditarik kembali."),
            _("Hasil diumumkan kepada setiap pelamar."), rounds.publish,
        ),
        Deed(
            "tetapkan", _("Tetapkan hasil"), _("Sanggah tidak diterima lagi, dan hasilnya tidak berubah lagi."),
            _("Hasil ditetapkan; tempat dapat ditawarkan."), rounds.settle,
        ),
        Deed(
            "tawarkan", _("Tawarkan tempat kosong"),
            _("Tawaran yang lewat batas dicabut; tempat kosong ditawarkan kepada urutan berikutnya."),
            _("Tempat kosong ditawarkan menurut urutan."), offering.offer_places,
        ),
    )
}  # fmt: skip
AT = {
    State.PLANNED: ("buka",), State.OPEN: ("tutup",), State.CLOSED: ("periksa", "urutkan"),
    State.PUBLISHED: ("tetapkan", "urutkan"), State.SETTLED: ("tawarkan",),
}  # fmt: skip


def next_of(found: RecruitmentRound) -> list[Deed]:
    """The steps that may come next, the likeliest first. Two queries at most."""
    names = list(AT[State(found.state)])
    made = Ranking.objects.filter(round=found)
    latest = made.results().newest()
    if found.state == State.CLOSED and rules_of(found).shortlists and latest is None:
        names.insert(1, "panggil")
        shortlist = made.shortlists().newest()
        if shortlist is not None:
            names = ["urutkan", "panggil"] if shortlist.published_on else ["umumkan-panggilan", "panggil"]
    if latest is not None and "periksa" in names:
        names.remove("periksa")  # it is frozen in the ranking
    if latest is not None and latest.published_on is None:
        names.insert(0, "umumkan")
    return [DEEDS[name] for name in names]


@require_POST
@may("recruitment.manage")
def step(request: Request, round_id: int, deed: str) -> HttpResponse:
    """Do it, or ask for it and show how far it is; a second click asks for nothing."""
    found = get_object_or_404(rounds_seen(), pk=round_id)
    if deed not in DEEDS:
        raise Http404
    chosen, who = DEEDS[deed], {"by": request.user, "post": request.post}
    try:
        if chosen.task is not None:
            work = now_or_later(chosen.task, chosen.do, found, by=request.user, post=request.post)
            if work is not None:
                return see_other(request, f"{reverse('round', args=[found.pk])}?kerja={work.pk}")
        else:
            chosen.do(found.pk, **who, **({"on": request.today} if chosen.dated else {}))
    except (Refused, Forbidden) as refusal:
        messages.error(request, refusal.phrase.heard())
    else:
        messages.success(request, str(chosen.said))
    return see_other(request, "round", found.pk)


def running(request: Request, found: RecruitmentRound) -> Progress | None:
    """What this reader has asked for the round and has not ended."""
    work = under_way(found, by=request.user)
    return _bar(found, work) if work is not None else None


def refused(request: Request) -> str:
    """Why the work that the address names failed; nothing where it did not."""
    number = whole(request.GET.get("kerja", ""))
    mine = Work.objects.filter(asked_by=request.user.pk, state=Work.State.FAILED)
    failed = mine.filter(pk=number).first() if number is not None else None
    return failed.message if failed is not None else ""


def _bar(found: RecruitmentRound, work: Work) -> Progress:
    title = next(deed.label for deed in DEEDS.values() if deed.task is not None and deed.task.name == work.kind)
    url = f"{reverse('round_progress', args=[found.pk])}?kerja={work.pk}"
    return replace(bar.shown(work, title=str(title), poll_url=url), done="")  # its message is the round's code


@may("recruitment.manage")
def progress(request: Request, round_id: int) -> HttpResponse:
    """How far the work is; once it is over, the whole page."""
    found = get_object_or_404(rounds_seen(), pk=round_id)
    shown = running(request, found)
    if shown is None:
        number = whole(request.GET.get("kerja", ""))
        return see_other(request, f"{reverse('round', args=[found.pk])}?kerja={'' if number is None else number}")
    return render(request, "ui/run.html", {"run": shown})
