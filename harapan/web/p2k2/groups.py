"""Groups with what comes next, one group's year: plan, meetings, what its families have heard."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.models import Post
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.core.errors import Refused
from harapan.core.periods import add_months, month_of
from harapan.p2k2.behaviours import changes
from harapan.p2k2.committing import open_commitments
from harapan.p2k2.curriculum import default_curriculum
from harapan.p2k2.models import PlannedSession
from harapan.p2k2.planning import number_of, propose_plans, set_month
from harapan.p2k2.queries import Tally, coverage, coverage_of_families, marks_in, states_of
from harapan.regions.models import Region
from harapan.registry.models import Family, Group
from harapan.registry.narrowing import enrolled
from harapan.registry.queries import groups_of
from harapan.ui.pages import keyset, see_other, show
from harapan.ui.words import number
from harapan.web.p2k2.forms import GroupFilters, PlanForm


@may("session.view")
def groups(request: Request) -> HttpResponse:
    return listed(request)


def listed(request: Request) -> HttpResponse:
    """The groups in reach, each with what comes next; behind `@may`."""
    filters = GroupFilters.read(request, post=request.post)
    month = month_of(request.today)
    found = filters.groups_met(now=number_of(month), last=number_of(add_months(month, -1)))
    page = keyset(request, found, order=("region_id", "name", "id"), size=30)
    states = states_of(page.rows, year=request.today.year, on=request.today)
    places = Region.objects.path_names(group.region_id for group in page)
    rows = [(group, places.get(group.region_id, ""), states[group.pk]) for group in page]
    own = request.post.role.reach == Reach.GROUPS
    waiting = sum(state.this_month is None for _group, _place, state in rows)
    context = {
        "filters": filters,
        "page": page,
        "rows": rows,
        "own": own,
        "waiting": waiting if own else None,
        "month": month,
        "may_record": allows(request.post, "session.record"),
    }
    return show(request, "p2k2/groups.html", context, piece="p2k2/_groups.html")


def group_of(post: Post, group_id: int) -> Group:
    """The group, if the post reaches it; else the page that says neither yes nor no."""
    return get_object_or_404(groups_of(post), pk=group_id)


@may("session.view", look="group")
def group(request: Request, group_id: int) -> HttpResponse:
    shown = group_of(request.post, group_id)
    asked = request.GET.get("tahun", "")
    year = int(asked) if asked.isdecimal() and 2007 <= int(asked) <= request.today.year + 1 else request.today.year
    state = states_of([shown], year=year, on=request.today)[shown.pk]
    families = list(_families(shown, request.today))
    counted = marks_in(session.pk for session in state.sessions)
    covered = coverage_of_families(families, on=request.today)
    promised, curriculum = open_commitments(families), default_curriculum()
    context = {
        "group": shown,
        "place": shown.region.path_name() if shown.region else "",
        "year": year,
        "years": (year - 1, year + 1),
        "state": state,
        "sessions": [
            (session, curriculum.lesson(session.lesson), Tally(len(families), counted.get(session.pk, {})))
            for session in state.sessions
        ],
        "heard": coverage(state.heard, on=request.today),
        "families": [(each, covered[each.pk], len(promised.get(each.pk, ()))) for each in families],
        "changes": changes(each.pk for each in families),
        "now": number_of(month_of(request.today)),
        "may_record": allows(request.post, "session.record"),
        "recorded": True,
    }
    return render(request, "p2k2/group.html", context)


def _families(group: Group, on: date) -> list[Family]:
    found = enrolled(Family.objects.filter(group=group), on=on)
    return list(found.order_by("name_key", "pk"))


@require_POST
@may("session.record")
def propose(request: Request, group_id: int) -> HttpResponse:
    shown = group_of(request.post, group_id)
    given = request.POST.get("year", "")
    year = int(given) if given.isdecimal() else request.today.year
    count = propose_plans([shown.pk], year, by=request.user, on=request.today)
    messages.success(request, _("%(n)s pertemuan direncanakan. Ubah bulan mana pun yang perlu.") % {"n": number(count)})
    return see_other(request, f"{request.path.removesuffix('rencana/')}?tahun={year}")


@may("session.record")
def plan_month(request: Request, group_id: int, month: int) -> HttpResponse:
    shown = group_of(request.post, group_id)
    planned = PlannedSession.objects.filter(group=shown, month=month).values_list("lesson", flat=True)
    form = PlanForm(request.POST or None, on=request.today, initial={"lessons": list(planned)})
    if request.method == "POST" and form.is_valid():
        try:
            set_month(shown.pk, month, form.cleaned_data["lessons"], by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Rencana kelompok %(name)s diubah.") % {"name": shown.name})
            return see_other(request, "p2k2_group", shown.pk)
    text = f"{month // 100}-{month % 100:02d}" if 200701 <= month <= 209912 and 1 <= month % 100 <= 12 else ""
    context = {"group": shown, "form": form, "month": text}
    return render(request, "p2k2/plan_month.html", context, status=422 if request.method == "POST" else 200)
