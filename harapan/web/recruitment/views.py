"""The rounds, and one of them: its places, its rules, and the steps it goes through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import Forbidden, HarapanError, Refused
from harapan.regions.models import Region
from harapan.ui import words
from harapan.ui.pages import keyset, see_other
from harapan.ui.parts import Step
from harapan.web.recruitment.forms import FormationForm, RoundForm, StagesForm
from harapan.workforce.models import RecruitmentRound
from harapan.workforce.recruitment import checking, freezing, offering, rounds
from harapan.workforce.recruitment.queries import applicants_of, figures, rounds_seen

PAGE_SIZE = 40
State = RecruitmentRound.State


@may("recruitment.view")
def listed(request: Request) -> HttpResponse:
    page = keyset(request, rounds_seen(), order=("-opens_on", "-id"), size=PAGE_SIZE)
    context = {"page": page, "may_manage": allows(request.post, "recruitment.manage")}
    return render(request, "recruitment/rounds.html", context)


@may("recruitment.manage")
def new(request: Request) -> HttpResponse:
    form = RoundForm(request.POST or None, post=request.post)
    if request.method == "POST" and form.is_valid():
        try:
            made = rounds.plan_round(**form.cleaned_data, by=request.user, post=request.post)
        except (Refused, Forbidden) as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Putaran direncanakan. Isi formasinya, lalu periksa bobot dan batas lulus."))
            return see_other(request, "round", made.pk)
    return render(request, "recruitment/new.html", {"form": form}, status=422 if form.errors else 200)


def round_of(round_id: int) -> RecruitmentRound:
    return get_object_or_404(rounds_seen(), pk=round_id)


@may("recruitment.view", look="round")
def one(request: Request, round_id: int) -> HttpResponse:
    return _shown(request, round_of(round_id))


def _shown(request: Request, found: RecruitmentRound, *, status: int = 200, **forms: Any) -> HttpResponse:
    told = rounds.rules_of(found)
    manages = allows(request.post, "recruitment.manage") and found.run_by(request.post)
    formations = found.formations.select_related("region")
    page = keyset(request, formations, order=("region_id", "position", "id"), size=PAGE_SIZE)
    names = Region.objects.path_names(each.region_id for each in page)
    sent = applicants_of(page.rows)
    latest = found.rankings.select_related("made_by").order_by("-version").first()
    context: dict[str, Any] = {
        "round": found, "rules": told, "figures": figures(found, request.post), "steps": _steps(found),
        "page": page, "rows": [(each, names.get(each.region_id, ""), sent.get(each.pk, 0)) for each in page],
        "ranking": latest, "may_manage": manages, "deeds": _deeds(found, latest) if manages else [],
        "stages": StagesForm(rules=told), "formation": FormationForm(),
    }  # fmt: skip
    return render(request, "recruitment/round.html", context | forms, status=status)


def _steps(found: RecruitmentRound) -> list[Step]:
    states = list(State)
    now = states.index(State(found.state))
    notes = {State.OPEN: found.opens_on, State.CLOSED: found.closes_on, State.PUBLISHED: found.objections_until}
    return [
        Step(
            each.label,
            "done" if at < now else "now" if at == now else "",
            words.day(notes[each]) if notes.get(each) else "",
        )
        for at, each in enumerate(states)
    ]


@require_POST
@may("recruitment.manage")
def rules(request: Request, round_id: int) -> HttpResponse:
    found = round_of(round_id)
    form = StagesForm(request.POST, rules=rounds.rules_of(found))
    if form.is_valid():
        try:
            rounds.set_stages(found.pk, form.stages(), by=request.user, post=request.post)
        except (Refused, Forbidden) as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Bobot dan batas lulus disimpan."))
            return see_other(request, "round", found.pk)
    return _shown(request, found, status=422, stages=form)


@require_POST
@may("recruitment.manage")
def formation(request: Request, round_id: int) -> HttpResponse:
    found = round_of(round_id)
    form = FormationForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            region = Region.objects.by_code(told["region"])
            rounds.set_formations(found.pk, {(region.no, told["position"]): told["quota"]}, post=request.post)
        except HarapanError as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Formasi disimpan."))
            return see_other(request, "round", found.pk)
    return _shown(request, found, status=422, formation=form)


# address -> what is done, and what is said then
Deed = tuple[Callable[[int, Request], Any], Any]
DEEDS: dict[str, Deed] = {
    "buka": (
        lambda no, r: rounds.open_round(no, by=r.user, post=r.post, on=r.today),
        gettext_lazy("Pendaftaran dibuka; aturan dan formasi dibekukan."),
    ),
    "tutup": (
        lambda no, r: rounds.close_applications(no, by=r.user, post=r.post, on=r.today),
        gettext_lazy("Pendaftaran ditutup; nomor peserta sudah diundi."),
    ),
    "periksa": (
        lambda no, r: checking.check_all(no, by=r.user, post=r.post),
        gettext_lazy("Administrasi diperiksa menurut syarat; yang meragukan dapat diputuskan satu per satu."),
    ),
    "urutkan": (
        lambda no, r: freezing.make_ranking(no, by=r.user, post=r.post),
        gettext_lazy("Nilai dibekukan dan peringkat disusun. Periksa, lalu umumkan."),
    ),
    "umumkan": (
        lambda no, r: rounds.publish(no, by=r.user, post=r.post, on=r.today),
        gettext_lazy("Hasil diumumkan kepada setiap pelamar."),
    ),
    "tetapkan": (
        lambda no, r: rounds.settle(no, by=r.user, post=r.post, on=r.today),
        gettext_lazy("Hasil ditetapkan; tempat dapat ditawarkan."),
    ),
    "tawarkan": (
        lambda no, r: offering.offer_places(no, by=r.user, post=r.post, on=r.today),
        gettext_lazy("Tempat kosong ditawarkan menurut urutan."),
    ),
}
# what touches every applicant outlasts a page's patience in a large round: the command has more
BY_COMMAND = {"tutup": "close", "periksa": "check", "urutkan": "rank"}
ON_A_PAGE_MAX = 10_000
LABELS = {
    "buka": gettext_lazy("Buka pendaftaran"), "tutup": gettext_lazy("Tutup pendaftaran"),
    "periksa": gettext_lazy("Periksa administrasi"), "urutkan": gettext_lazy("Bekukan nilai dan susun peringkat"),
    "umumkan": gettext_lazy("Umumkan hasil"), "tetapkan": gettext_lazy("Tetapkan hasil"),
    "tawarkan": gettext_lazy("Tawarkan tempat kosong"),
}  # fmt: skip
ASKS = {
    "buka": gettext_lazy("Sejak dibuka, kuota, bobot, dan batas lulus tidak dapat diubah siapa pun."),
    "tutup": gettext_lazy("Tidak ada lamaran lagi yang diterima. Nomor peserta diundi, lamaran ganda disisihkan."),
    "periksa": gettext_lazy("Yang belum diputuskan diluluskan atau digugurkan menurut isian dan berkasnya."),
    "urutkan": gettext_lazy("Nilai sekarang dibekukan ke dalam berkas. Peserta tanpa nilai di satu tahap gugur."),
    "umumkan": gettext_lazy("Setiap pelamar melihat nilai, urutan, dan alasannya. Ini tidak dapat ditarik kembali."),
    "tetapkan": gettext_lazy("Sanggah tidak diterima lagi, dan hasilnya tidak berubah lagi."),
    "tawarkan": gettext_lazy("Tawaran yang lewat batas dicabut; tempat kosong ditawarkan kepada urutan berikutnya."),
}  # fmt: skip
AT = {
    State.PLANNED: ("buka",), State.OPEN: ("tutup",), State.CLOSED: ("periksa", "urutkan"),
    State.PUBLISHED: ("tetapkan", "urutkan"), State.SETTLED: ("tawarkan",),
}  # fmt: skip


def _deeds(found: RecruitmentRound, latest: Any) -> list[tuple[str, Any, Any]]:
    """The steps that may come next, the likeliest first."""
    names = AT[State(found.state)]
    if latest is not None and latest.published_on is None:
        names = ("umumkan", *names)
    return [(name, LABELS[name], ASKS[name]) for name in names]


@require_POST
@may("recruitment.manage")
def step(request: Request, round_id: int, deed: str) -> HttpResponse:
    found = round_of(round_id)
    if deed not in DEEDS:
        raise Http404
    do, said = DEEDS[deed]
    if deed in BY_COMMAND and figures(found, request.post).sent > ON_A_PAGE_MAX:
        told = _("Putaran sebesar ini dikerjakan lewat perintah: harapan recruitment %(deed)s %(code)s")
        messages.error(request, told % {"deed": BY_COMMAND[deed], "code": found.code})
        return see_other(request, "round", found.pk)
    try:
        do(found.pk, request)
    except (Refused, Forbidden) as refusal:
        messages.error(request, refusal.phrase.heard())
    else:
        messages.success(request, said)
    return see_other(request, "round", found.pk)
