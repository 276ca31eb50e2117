"""Today's tasks: of a facilitator by how pressing they are and village, of a lead's facilitators in numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.models import User
from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.core.errors import Refused
from harapan.fieldwork.answering import answer_task
from harapan.fieldwork.due import Load, Task, area_of, loads_by_holder, tasks_in
from harapan.fieldwork.task_kinds import TaskKind, kind_named, kinds_on
from harapan.fieldwork.workers import FACILITATOR
from harapan.regions.models import Region
from harapan.registry.models import Family, Group
from harapan.registry.queries import groups_in, villages_in
from harapan.ui.pages import keyset, see_other, show
from harapan.web.whose import WHOSE, chosen_worker
from harapan.web.work.forms import AnswerForm, LeadFilters, TaskFilters
from harapan.web.work.frame import frame

PAGE_SIZE = 20
WITHOUT_SUBJECT = ("sanctions", "unplaced")  # pages that list what waits; others show their subject
OF_STAGE = ("facility",)  # the mark of such a task is the stage whose months are open
ORDER = ("late", "soon", "later")


@dataclass(slots=True)
class Errand:
    """Tasks of one kind in one village: one journey, one line."""

    kind: TaskKind
    village: str
    tasks: list[tuple[Task, str]] = field(default_factory=list)  # with its address

    @property
    def due_on(self) -> date:
        return min(task.due_on for task, _url in self.tasks)


@may("work.view")
def landing(request: Request) -> HttpResponse:
    """Who has families sees their own tasks; others who is behind, and on asking one person's."""
    worker = chosen_worker(request)
    if worker is not None and worker.post.role_code == FACILITATOR:
        return _list(request, worker.post.groups if worker.post.role.reach == Reach.GROUPS else ())
    return _overview(request)


def _list(request: Request, groups: Iterable[int]) -> HttpResponse:
    worker = chosen_worker(request)
    own = list(groups)
    reached = [
        *groups_in(request.post).filter(pk__in=own).values_list("pk", flat=True),
        *villages_in(request.post).filter(pk__in=own).values_list("pk", flat=True),  # those with candidates
    ]
    area = area_of(worker.post if worker else request.post, on=request.today, groups=reached)
    found = tasks_in(area, kinds_on(request.today, post=request.post))
    villages = Region.objects.filter(no__in={task.region_no for task in found}).in_bulk()
    names = {no: region.display_name for no, region in villages.items()}
    filters = TaskFilters.read(request, post=request.post, on=request.today, villages=names)
    chosen = [task for task in found if _wanted(task, filters.chosen(), request.today)]
    context = frame(
        request, "work", worker, filters=filters, sections=_sections(chosen, names, request.today), total=len(found),
        late=sum(task.urgency(request.today) == "late" for task in found),
        group_names=dict(Group.objects.filter(pk__in=reached).values_list("pk", "name")),
    )  # fmt: skip
    return show(request, "work/tasks.html", context, piece="work/_sections.html")


def _wanted(task: Task, chosen: dict[str, object], on: date) -> bool:
    return (
        chosen.get("kind", task.kind.code) == task.kind.code
        and chosen.get("village", task.region_no) == task.region_no
        and chosen.get("urgency", task.urgency(on)) == task.urgency(on)
    )


def _sections(tasks: Iterable[Task], villages: dict[int, str], on: date) -> list[tuple[str, list[Errand]]]:
    """(how pressing, its errands), empty ones left out; most pressing first, villages together."""
    found: dict[str, dict[tuple[str, int], Errand]] = {name: {} for name in ORDER}
    for task in tasks:
        place = task.kind.code, task.region_no
        errands = found[task.urgency(on)]
        errand = errands.setdefault(place, Errand(task.kind, villages.get(task.region_no, "")))
        errand.tasks.append((task, address_of(task.kind, task.subject_no, task.mark)))
    return [(name, list(errands.values())) for name, errands in found.items() if errands]


def address_of(kind: TaskKind, subject_no: int, mark: str) -> str:
    """The page on which such a task is done."""
    if kind.link in WITHOUT_SUBJECT:
        return reverse(kind.link)
    address = reverse(kind.link, args=[subject_no])
    return f"{address}?stage={mark}" if kind.link in OF_STAGE else address


@dataclass(slots=True)
class Line:
    """A facilitator with what waits, by kind, the most first."""

    user: User
    loads: list[tuple[TaskKind, Load]]

    @property
    def load(self) -> Load:
        return sum((load for _kind, load in self.loads), Load())


def _overview(request: Request) -> HttpResponse:
    """One page of facilitators in reach; the statements do not grow with their number."""
    filters = LeadFilters.read(request, post=request.post)
    groups = filters.groups()
    having = Exists(groups.order_by().filter(facilitator=OuterRef("pk")))
    page = keyset(request, User.objects.filter(having), order=("name", "id"), size=PAGE_SIZE)
    people = [user.pk for user in page]
    holders = dict(groups.order_by().filter(facilitator__in=people).values_list("pk", "facilitator"))
    holders |= dict(filters.villages().filter(facilitator__in=people).values_list("pk", "facilitator"))
    kinds = kinds_on(request.today, post=request.post)
    area = area_of(request.post, on=request.today, groups=list(holders))
    loads = loads_by_holder(area, kinds, holders) if holders else {}
    lines = [Line(user, _by_kind(kinds, loads.get(user.pk, {}))) for user in page]
    unheld = _by_kind(kinds, loads.get(0, {}))
    context = frame(
        request, "work", chosen_worker(request), filters=filters, page=page, lines=lines, unheld=unheld, whose_key=WHOSE
    )
    return show(request, "work/overview.html", context, piece="work/_lines.html")


def _by_kind(kinds: Iterable[TaskKind], loads: dict[str, Load]) -> list[tuple[TaskKind, Load]]:
    rows = [(kind, loads[kind.code]) for kind in kinds if loads.get(kind.code, Load()).total]
    return sorted(rows, key=lambda pair: (-pair[1].late, -pair[1].total))


@may("work.record", look="family")
def answer(request: Request, family_id: int, kind: str, mark: str) -> HttpResponse:
    """What was found out, in a sentence; only for kinds that may be answered."""
    family = get_object_or_404(Family.objects.visible_to(request.post), pk=family_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_task(family.pk, kind, mark, form.cleaned_data["text"], by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error("text", refusal.phrase.heard())
        else:
            messages.success(request, _("Jawaban dicatat; tugasnya selesai."))
            return see_other(request, "work")
    context = {"family": family, "kind": kind_named(kind), "form": form, "mark": mark, "recorded": True}
    status = 422 if request.method == "POST" else 200
    return render(request, "work/answer.html", context, status=status)
