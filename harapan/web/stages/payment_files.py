"""Payment files: what each holds and how far it is answered, handing them over, and taking their contents out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, Sum
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from harapan.accounts.models import User
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase, joined
from harapan.database.scope import atomic
from harapan.files import storage
from harapan.payments import handing
from harapan.payments.file_queries import Kind, answers_to, files_of_payers
from harapan.payments.models import PaymentFile, TreasuryDocument
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.ui.pages import deed_of, keyset, see_other, show
from harapan.web.stages import money_frame
from harapan.web.stages.frame import Frame
from harapan.web.stages.money_forms import FileFilters, HandOverForm, OpenAgainForm

ORDER = ("sent", "instruction_id", "payer", "region_no", "part", "id")
SIZE = 20  # each file may hold a hundred thousand orders, whose answers are counted
WAITING = Q(handed_over_at=None)
AT_ONCE_MAX = 50  # files handed over in one go


@may("stage.view")
def files(request: Request, name: str) -> HttpResponse:
    frame = money_frame.computed(request, name)
    return _listed(request, frame, HandOverForm())


def _listed(request: Request, frame: Frame, form: HandOverForm, *, status: int = 200) -> HttpResponse:
    payers = list(
        PaymentFile.objects.filter(stage=frame.stage).order_by("payer").values_list("payer", flat=True).distinct()
    )
    filters = FileFilters.read(request, post=request.post, payers=payers)
    found = _narrowed(filters, frame)
    sums = found.aggregate(
        files=Count("pk"), orders=Sum("rows"), idr=Sum("amount_idr"),
        waiting=Count("pk", filter=WAITING), waiting_idr=Sum("amount_idr", filter=WAITING),
    )  # fmt: skip
    page = keyset(request, found, order=ORDER, size=SIZE)
    names = Region.objects.path_names(file.region_no for file in page)
    answers, paid = answers_to(frame.stage, page), _paid_out(page)
    context = {
        "filters": filters, "page": page, "sums": sums, "form": form, "chosen": money_frame.chosen(request, "file"),
        "rows": [
            (file, names.get(file.region_no, ""), answers.get(file.pk), _ready(file, paid)) for file in page
        ],
        "may_hand_over": allows(request.post, "file.hand_over"),
    }  # fmt: skip
    return show(
        request, "stages/files.html", money_frame.context(frame, "stage_files", **context),
        piece="stages/_files.html", status=status,
    )  # fmt: skip


def _narrowed(filters: FileFilters, frame: Frame) -> QuerySet[Any]:
    chosen = filters.chosen()
    sent = ExpressionWrapper(Q(handed_over_at__isnull=False), output_field=BooleanField())
    found = files_of_payers(frame.stage).annotate(sent=sent)  # what still waits comes first
    if "payer" in chosen:
        found = found.filter(payer=chosen["payer"])
    if "region" in chosen:
        low, high = codes.range_of(chosen["region"])
        found = found.filter(region_no__gte=low, region_no__lt=high)
    match chosen.get("state"):
        case "unwritten":
            return found.filter(written_at=None)
        case "waiting":
            return found.filter(written_at__isnull=False, handed_over_at=None)
        case "handed":
            return found.filter(handed_over_at__isnull=False)
    return found


def _paid_out(files: Iterable[PaymentFile]) -> set[tuple[int, str]]:
    """Instruction and payer of every SP2D that is there. One query."""
    numbers = {file.instruction_id for file in files}
    papers = TreasuryDocument.objects.filter(instruction__in=numbers, kind=Kind.SP2D)
    return set(papers.values_list("instruction_id", "payer"))


def _ready(file: PaymentFile, paid: set[tuple[int, str]]) -> bool:
    """Written, its money let out by SP2D, and not handed over yet."""
    waits = file.written_at is not None and file.handed_over_at is None
    return waits and (file.instruction_id, file.payer) in paid


@deed_of("stage_files")
@may("file.hand_over")
def hand_over(request: Request, name: str) -> HttpResponse:
    """Hand the chosen files of one payer to one person; all of them or none."""
    frame = money_frame.computed(request, name)
    form = HandOverForm(request.POST)
    chosen = money_frame.chosen(request, "file")
    if form.is_valid():
        try:
            handed = _handed(request, frame, chosen, to=form.cleaned_data["to"])
        except Refused as refusal:  # said beside what was typed
            form.add_error(None, str(refusal))
        else:
            return _done(request, frame, handed)
    return _listed(request, frame, form, status=422)


def _handed(request: Request, frame: Frame, chosen: list[int], *, to: str) -> list[PaymentFile]:
    found = list(PaymentFile.objects.filter(stage=frame.stage, pk__in=chosen).order_by("pk"))
    if not found or len(found) != len(set(chosen)):
        raise Refused(_("Pilih sedikitnya satu berkas yang siap diserahkan."))
    if len(found) > AT_ONCE_MAX:
        raise Refused("Paling banyak {n} berkas diserahkan sekaligus. Kurangi pilihannya.", n=AT_ONCE_MAX)
    payers = sorted({file.payer for file in found})
    if len(payers) > 1:
        raise Refused(
            "Berkas {payers} tidak diserahkan kepada orang yang sama. Pilih berkas dari satu penyalur.",
            payers=joined(payers, between=Phrase(" dan ")),
        )
    with atomic():
        return [handing.hand_over(file, to=to, by=request.user, on=request.today) for file in found]


def _done(request: Request, frame: Frame, handed: list[PaymentFile]) -> HttpResponse:
    said = _("%(n)d berkas %(payer)s diserahkan kepada %(to)s. Unduh isinya satu per satu.")
    messages.success(request, said % {"n": len(handed), "payer": handed[0].payer, "to": handed[0].handed_to})
    if len(handed) == 1:
        return see_other(request, "stage_file", frame.stage.name, handed[0].pk)
    return see_other(request, "stage_files", frame.stage.name)


@may("stage.view")
def file(request: Request, name: str, file_id: int) -> HttpResponse:
    """One file: what it is, to whom it went, its answers so far, and who has opened it."""
    frame = money_frame.computed(request, name)
    found = get_object_or_404(files_of_payers(frame.stage), pk=file_id)
    return _shown(request, frame, found, OpenAgainForm())


def _shown(
    request: Request, frame: Frame, found: PaymentFile, form: OpenAgainForm, *, status: int = 200
) -> HttpResponse:
    opened = [trace for trace in log.traces_of("payment_file", found.pk) if trace.verb == handing.OPENED]
    named = {number for trace in opened for number in (trace.actor, trace.on_behalf) if number}
    names = dict(User.objects.filter(pk__in=named).values_list("pk", "name"))
    context = {
        "file": found, "place": Region.objects.path_names([found.region_no]).get(found.region_no, ""),
        "answers": answers_to(frame.stage, [found]).get(found.pk),
        "ready": _ready(found, _paid_out([found])),
        "opened": [(trace, _who(trace, names)) for trace in opened], "form": form, "hand_over": HandOverForm(),
        "may_hand_over": allows(request.post, "file.hand_over"),
        "digest": [found.sha256[at : at + 8] for at in range(0, len(found.sha256), 8)],
    }  # fmt: skip
    return render(request, "stages/file.html", money_frame.context(frame, "stage_files", **context), status=status)


def _who(trace: log.Trace, names: dict[int, str]) -> str:
    """Whoever opened it, and for whom where they act for another."""
    return ", ".join(names[number] for number in (trace.actor, trace.on_behalf) if number in names)


@deed_of("stage_file")
@may("file.hand_over")
def take_out(request: Request, name: str, file_id: int) -> HttpResponseBase:
    """The contents as a download, its entry committed before the first byte; a second time only with a reason."""
    frame = money_frame.computed(request, name)
    found = get_object_or_404(files_of_payers(frame.stage), pk=file_id)
    form = OpenAgainForm(request.POST)
    if not form.is_valid():
        return _shown(request, frame, found, form, status=422)
    try:
        stored = handing.open_file(found, why=form.cleaned_data["why"])
    except Refused as refusal:  # said beside what was typed
        form.add_error("why", str(refusal))
        return _shown(request, frame, found, form, status=422)
    return storage.download(stored, scope=request.scope)
