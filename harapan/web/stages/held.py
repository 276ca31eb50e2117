"""Money of a computed stage that is held back: why, since when, whether the account is right now, and letting it go."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.benefits.models import State
from harapan.core.errors import Refused
from harapan.payments import holding
from harapan.payments.checking import payable_accounts
from harapan.payments.file_queries import let_go
from harapan.payments.models import Hold
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.ui.pages import deed_of, keyset, see_other, show
from harapan.ui.words import number
from harapan.web.stages import money_frame
from harapan.web.stages.frame import Frame
from harapan.web.stages.money_forms import HeldFilters, ManyForm

ORDER = ("region_no", "family_id", "id")
EXAMPLE = gettext_lazy("rekening baru sudah dibuka di BRI")
SETTLED = (State.RECONCILED, State.CLOSED, State.FINAL)


@may("stage.view", look="hold_list")
def held(request: Request, name: str) -> HttpResponse:
    frame = money_frame.computed(request, name)
    return _listed(request, frame, ManyForm(example=EXAMPLE))


def _listed(request: Request, frame: Frame, form: ManyForm, *, status: int = 200) -> HttpResponse:
    filters = HeldFilters.read(request, post=request.post)
    found = _narrowed(filters, frame)
    sums = found.aggregate(families=Count("pk"), idr=Sum("amount_idr"))
    page = keyset(request, found.select_related("family", "by"), order=ORDER)
    places = Region.objects.path_names(row.region_no for row in page)
    ready = payable_accounts([row.family_id for row in page], on=frame.on)
    context = {
        "filters": filters, "page": page, "form": form, "families": sums["families"], "idr": int(sums["idr"] or 0),
        "rows": [(row, places.get(row.region_no, ""), ready.get(row.family_id, "")) for row in page],
        "free": let_go(frame.stage), "settled": frame.stage.state in SETTLED,
        "may_release": allows(request.post, "exception.close") and frame.stage.state not in SETTLED,
        "chosen": money_frame.chosen(request, "family"), "recorded": True,
    }  # fmt: skip
    return show(
        request, "stages/held.html", money_frame.context(frame, "stage_held", **context),
        piece="stages/_held.html", status=status,
    )  # fmt: skip


def _narrowed(filters: HeldFilters, frame: Frame) -> QuerySet[Hold]:
    chosen = filters.chosen()
    found = Hold.objects.filter(stage=frame.stage, lifted_on=None)
    if "cause" in chosen:
        found = found.filter(cause=chosen["cause"])
    if "region" in chosen:
        low, high = codes.range_of(chosen["region"])
        found = found.filter(region_no__gte=low, region_no__lt=high)
    return found


@deed_of("stage_held")
@may("exception.close")
def release(request: Request, name: str) -> HttpResponse:
    """Let the money of the chosen families go, with one reason; orders are drawn for it at the next instruction."""
    frame = money_frame.computed(request, name)
    form = ManyForm(request.POST, example=EXAMPLE)
    chosen = money_frame.chosen(request, "family")
    if form.is_valid():
        try:
            lifted = holding.release(
                frame.stage, chosen, why=form.cleaned_data["why"], by=request.user, on=request.today
            )
            if not lifted:
                raise Refused(
                    _("Tidak ada uang yang ditahan pada keluarga yang dipilih. Pilih sedikitnya satu keluarga.")
                )
        except Refused as refusal:  # said beside what was typed
            form.add_error(None, str(refusal))
        else:
            said = _("Penahanan %(n)s keluarga dilepas. Ordernya ditarik pada perintah bayar berikutnya.")
            messages.success(request, said % {"n": number(lifted)})
            return see_other(request, "stage_held", frame.stage.name)
    return _listed(request, frame, form, status=422)
