"""What may be done with a case where it stands: each deed with its form, its words and the action that it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import User
from harapan.accounts.permission import allows
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.regions.models import Region, name_of
from harapan.ui.words import heard
from harapan.web.ethics.forms import (
    DecideForm,
    ExamineForm,
    ExecutorForm,
    FileForm,
    HearForm,
    JoinForm,
    LateForm,
    LinkForm,
    SummonForm,
    TextForm,
    VerifyForm,
)
from harapan.workforce.ethics import deciding, evidence, handling, joining, law
from harapan.workforce.ethics.deciding import Verdict
from harapan.workforce.ethics.queries import executors, people_like
from harapan.workforce.ethics.recusal import standing_aside
from harapan.workforce.models import EthicsCase, EthicsDecision, Step

SEARCH = "cari"  # of the address: whom the report may mean
Make = Callable[[Request, EthicsCase, Any], forms.Form]
Do = Callable[[Request, int, dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Deed:
    """`decides`: for those who may decide; else for the handler. `aside`: stands folded below the deed of the step."""

    title: Any
    button: Any
    done: Any
    steps: tuple[Step, ...]
    make: Make
    do: Do
    decides: bool = False
    aside: bool = False
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """A deed as the page shows it."""

    name: str
    deed: Deed
    form: forms.Form


def _text(label: Any) -> Make:
    return lambda request, case, data: TextForm(data, label=label)


def _late(form: type[LateForm]) -> Make:
    return lambda request, case, data: form(data, case=case, on=request.today)


def _people(request: Request, case: EthicsCase, data: Any) -> forms.Form:
    asked = request.GET.get(SEARCH, "").strip() or case.accused_name
    people = people_like(request.post, asked) or people_like(request.post, asked.split()[0])
    places = Region.objects.path_names(each.region_no for each in people)
    return LinkForm(data, people=people, places=places)


def _verdict(request: Request, case: EthicsCase, data: Any) -> forms.Form:
    return DecideForm(data, case=case, on=request.today, people=_executors(request, case))


def _executors(request: Request, case: EthicsCase) -> list[tuple[int, str]]:
    """Each person once, with the post that lets them: there is an office in every kabupaten, and names repeat."""
    found: dict[int, str] = {}
    for post in executors(request.today):
        if post.user_id not in (request.user.pk, case.accused_id):
            title = f"{heard(post.title_on(request.today))} {', '.join(name_of(no) for no in post.region_nos)}".strip()
            found.setdefault(post.user_id, f"{post.user.name} ({title})")
    return list(found.items())


def _name_executor(request: Request, case_id: int, given: dict[str, Any]) -> None:
    executor = User.objects.filter(pk=given["executor"]).first()
    deciding.name_executor(
        case_id, executor, why=given["why"], post=request.post, by=request.user, on=request.today
    )  # fmt: skip


def _decide(action: Callable[..., Any]) -> Do:
    def do(request: Request, case_id: int, given: dict[str, Any]) -> None:
        executor = User.objects.filter(pk=given["executor"]).first() if given["executor"] else None
        verdict = Verdict(given["letter"], given["why"], given["level"], given["measures"], executor)
        late = given.get("late_because", "")
        action(case_id, verdict, post=request.post, by=request.user, on=request.today, late_because=late)

    return do


def _step(action: Callable[..., Any]) -> Do:
    return lambda request, case_id, given: action(case_id, by=request.user, on=request.today, **given)


def _mine_about(request: Request, case: EthicsCase) -> list[EthicsCase]:
    """Other cases about the same person that the reader handles and that may still take reports."""
    rows = joining.others_about(case, post=request.post)
    return list(rows.filter(handler=request.user, step__in=joining.JOINED))


OPEN = tuple(step for step in Step if step.open)
DEEDS: Mapping[str, Deed] = {
    "kenali": Deed(
        _("Siapa yang dimaksud"), _("Tautkan orang ini"), _("Orang yang dilaporkan dikenali."), (Step.RECEIVED,),
        _people,
        lambda request, case_id, given: handling.link_person(
            case_id, given["person"], by=request.user, on=request.today
        ),
    ),
    "verifikasi": Deed(
        _("Layak diperiksa?"), _("Nyatakan layak"), _("Laporan dinyatakan layak diperiksa."), (Step.RECEIVED,),
        _late(VerifyForm), _step(handling.verify),
    ),
    "periksa": Deed(
        _("Selesaikan pemeriksaan"), _("Simpan sangkaan"), _("Pemeriksaan selesai."), (Step.VERIFIED,),
        _late(ExamineForm), _step(handling.examine),
    ),
    "bukti": Deed(
        _("Tambah bukti"), _("Simpan bukti"), _("Bukti disimpan."), (Step.VERIFIED,),
        _text(_("Yang diperiksa dan hasilnya")),
        lambda request, case_id, given: handling.add_evidence(
            case_id, given["text"], by=request.user, on=request.today
        ),
        aside=True,
    ),
    "berkas": Deed(
        _("Tambah berkas"), _("Simpan berkas"), _("Berkas disimpan."), joining.JOINED,
        lambda request, case, data: FileForm(data, None if data is None else request.FILES),
        lambda request, case_id, given: evidence.add_file(
            case_id, given["file"], given["text"], by=request.user, on=request.today
        ),
        aside=True,
    ),
    "gabung": Deed(
        _("Gabungkan ke perkara lain"), _("Gabungkan"), _("Laporannya kini ada di perkara yang menerima."),
        joining.JOINED,
        lambda request, case, data: JoinForm(data, cases=_mine_about(request, case)),
        lambda request, case_id, given: joining.join(case_id, given["into"], by=request.user, on=request.today),
        aside=True,
    ),
    "panggil": Deed(
        _("Panggil yang dilaporkan"), _("Kirim panggilan"), _("Panggilan terkirim; sangkaannya kini terbaca olehnya."),
        (Step.EXAMINED,), _late(SummonForm), _step(handling.summon),
    ),
    "sidang": Deed(
        _("Catat sidang"), _("Simpan jalannya sidang"), _("Sidang dicatat."), (Step.SUMMONED,), _late(HearForm),
        _step(handling.hear),
    ),
    "putus": Deed(
        _("Putus perkara"), _("Simpan putusan"), _("Putusan disimpan; masa banding dimulai."), (Step.HEARD,), _verdict,
        _decide(deciding.decide), decides=True,
    ),
    "putus-banding": Deed(
        _("Putus banding"), _("Simpan putusan banding"), _("Banding diputus; putusannya tetap."), (Step.APPEALED,),
        _verdict, _decide(deciding.decide_appeal), decides=True,
    ),
    "tetap": Deed(
        _("Nyatakan tetap"), _("Nyatakan putusan tetap"), _("Putusan dinyatakan tetap."), (Step.DECIDED,),
        lambda request, case, data: forms.Form(data), _step(deciding.finalise), decides=True,
    ),
    "pelaksana": Deed(
        _("Ganti pelaksana putusan"), _("Simpan pelaksana"), _("Putusannya kini menunggu pelaksana yang baru."),
        (Step.DECIDED, Step.FINAL),
        lambda request, case, data: ExecutorForm(data, people=_executors(request, case)), _name_executor,
        decides=True, aside=True,
    ),
    "tutup": Deed(
        _("Tutup perkara"), _("Tutup perkara"), _("Perkara ditutup."), (Step.RECEIVED, Step.VERIFIED, Step.EXAMINED),
        _text(_("Alasan ditutup")),
        lambda request, case_id, given: handling.close(case_id, why=given["text"], by=request.user, on=request.today),
        aside=True, stops=True,
    ),
    "lepas": Deed(
        _("Lepas perkara"), _("Lepas perkara ini"), _("Perkara dilepas, orang lain dapat mengambilnya."), OPEN,
        _text(_("Mengapa dilepas")),
        lambda request, case_id, given: handling.give_back(case_id, why=given["text"], by=request.user), aside=True,
    ),
}  # fmt: skip


def next_of(request: Request, case: EthicsCase, filled: Mapping[str, forms.Form]) -> list[Next]:
    """The deeds that the reader may do here, the step's own first."""
    mine = case.handler_id == request.user.pk
    decides = allows(request.post, "ethics.decide") and not _aside(request, case)
    decides = decides and (mine or request.post.role.reach is Reach.NATION)
    found = []
    for name, deed in DEEDS.items():
        if case.step not in deed.steps or not (decides if deed.decides else mine):
            continue
        if not _fits(name, case, request):
            continue
        found.append(Next(name, deed, filled.get(name) or deed.make(request, case, None)))
    return found


def _aside(request: Request, case: EthicsCase) -> bool:
    return request.user.pk in standing_aside(case, law.deciding_recused(request.today), on=request.today)


def _fits(name: str, case: EthicsCase, request: Request) -> bool:
    """Whom the report means is said before anything else; a hearing and an appeal have their days."""
    if name == "kenali":
        return case.person_id is None
    if name == "verifikasi":
        return case.person_id is not None
    if name == "gabung":
        return bool(_mine_about(request, case))
    if name == "sidang":
        return case.hearing_on is None or request.today >= case.hearing_on
    if name == "pelaksana":
        return deciding.to_carry_out(case.pk).exists()
    if name == "putus-banding":  # somebody else decides than who gave the first verdict
        return not EthicsDecision.objects.filter(case=case, decided_by=request.user).exists()
    if name == "tetap":
        return case.due_on is None or request.today > case.due_on
    return True
