"""What pages ask about meetings: a constant number of queries, whatever the number of groups and families."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import connections
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.core.periods import month_of
from harapan.database.scope import active_alias
from harapan.p2k2.curriculum import Lesson, default_curriculum
from harapan.p2k2.law import lessons_planned
from harapan.p2k2.models import Attendance, Mark, PlannedSession, Session
from harapan.p2k2.models.attendance import THERE
from harapan.p2k2.planning import number_of
from harapan.registry.models import Family, Group


def sessions_seen_by(post: Post) -> QuerySet[Session]:
    """Meetings of groups in the post's reach, said in the query as the database's policy says it again."""
    if post.role.reach == Reach.NATION:
        return Session.objects.all()
    if post.role.reach == Reach.GROUPS:
        return Session.objects.filter(group__in=post.groups)
    wanted = Q(pk__in=())
    for low, high in post.ranges:
        wanted |= Q(region_no__gte=low, region_no__lt=high)
    return Session.objects.filter(wanted)


@dataclass(slots=True)
class PlanLine:
    """A lesson of a group's plan, with the meeting that held it, if any did that year."""

    month: int
    lesson: Lesson | None
    code: str
    held: Session | None = None
    late: bool = False  # its month is over and nobody held it

    @property
    def month_text(self) -> str:
        """ "2025-04"."""
        return f"{self.month // 100}-{self.month % 100:02d}"


@dataclass(slots=True)
class GroupState:
    """Where a group stands in a year. `due`: planned up to this month; `missing`: months over without a meeting."""

    plan: list[PlanLine] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)  # of the year, the latest first
    heard: set[str] = field(default_factory=set)  # of all years, as they count
    missing: list[int] = field(default_factory=list)
    due: int = 0
    held: int = 0  # of what is due
    this_month: Session | None = None
    next_lesson: Lesson | None = None

    @property
    def late(self) -> int:
        return sum(line.late for line in self.plan)

    @property
    def latest(self) -> Session | None:
        return self.sessions[0] if self.sessions else None


def states_of(groups: Collection[Group], *, year: int, on: date) -> dict[int, GroupState]:
    """The state of each group as of a day: what was held later is not known yet. Three queries."""
    ids = [group.pk for group in groups]
    states = {pk: GroupState() for pk in ids}
    curriculum = default_curriculum()
    of_year = Session.objects.filter(group__in=ids, year=year, held_on__lte=on).order_by("-held_on", "-begins", "-pk")
    for session in of_year.defer("minutes"):
        states[session.group_id].sessions.append(session)
    for group, lesson in (
        Session.objects.filter(group__in=ids, held_on__lte=on).order_by().values_list("group", "lesson").distinct()
    ):
        states[group].heard |= curriculum.subjects([lesson])
    planned = PlannedSession.objects.filter(group__in=ids, month__range=(year * 100 + 1, year * 100 + 12))
    for group, month, code in planned.order_by("month", "pk").values_list("group", "month", "lesson"):
        states[group].plan.append(PlanLine(month, curriculum.lesson(code), code))
    now, since = number_of(month_of(on)), {group.pk: group.since for group in groups}
    lessons = lessons_planned(on)
    for pk, state in states.items():
        _compare(state, now)
        state.missing = _missing(state, year, now, since[pk])
        state.next_lesson = _next(state, lessons, now)
    return states


def _compare(state: GroupState, now: int) -> None:
    curriculum = default_curriculum()
    held: dict[str, Session] = {}
    for session in state.sessions:  # the latest first: the earliest stays
        held.update(dict.fromkeys(curriculum.subjects([session.lesson]), session))
    for line in state.plan:
        (subject,) = curriculum.subjects([line.code])
        line.held = held.get(subject)
        line.late = line.held is None and line.month < now
        state.due += line.month <= now
        state.held += line.month <= now and line.held is not None
    state.this_month = next((each for each in state.sessions if _month(each.held_on) == now), None)


def _missing(state: GroupState, year: int, now: int, since: date | None) -> list[int]:
    met = {_month(session.held_on) for session in state.sessions}
    first = max(year * 100 + 1, _month(since) if since else 0)
    return [month for month in range(first, min(now, year * 100 + 13)) if month not in met]


def _next(state: GroupState, lessons: list[Lesson], now: int) -> Lesson | None:
    """What comes next: what is late, else what is planned from now on, else the first lesson never heard."""
    waiting = [line.lesson for line in state.plan if line.held is None and line.lesson is not None]
    if waiting:
        return waiting[0]
    return next((lesson for lesson in lessons if lesson.subject not in state.heard), lessons[0] if lessons else None)


def _month(day: date) -> int:
    return day.year * 100 + day.month


@dataclass(frozen=True, slots=True)
class Tally:
    """Marks of one meeting. `open`: families of whom nobody has spoken."""

    families: int
    marks: dict[int, int]

    def of(self, mark: Mark) -> int:
        return self.marks.get(int(mark), 0)

    @property
    def there(self) -> int:
        return sum(self.of(mark) for mark in THERE)

    @property
    def excused(self) -> int:
        """Away for a reason."""
        return self.of(Mark.SICK) + self.of(Mark.EXCUSED)

    @property
    def present(self) -> int:
        return self.of(Mark.PRESENT)

    @property
    def represented(self) -> int:
        return self.of(Mark.REPRESENTED)

    @property
    def sick(self) -> int:
        return self.of(Mark.SICK)

    @property
    def leave(self) -> int:
        return self.of(Mark.EXCUSED)

    @property
    def absent(self) -> int:
        return self.of(Mark.ABSENT)

    @property
    def said(self) -> int:
        return sum(self.marks.values())

    @property
    def open(self) -> int:
        return max(self.families - self.said, 0)


def marks_in(session_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """Meeting -> mark -> how many families in the scope that is on. One query."""
    found: dict[int, dict[int, int]] = {}
    rows = Attendance.objects.filter(session__in=list(session_ids)).order_by()
    for session, mark, number in rows.values_list("session", "mark").annotate(number=Count("pk")):
        found.setdefault(session, {})[mark] = number
    return found


_ROSTERS = """
    SELECT session_id, count(DISTINCT family_id) FROM (
        SELECT s.id AS session_id, f.id AS family_id
        FROM p2k2_session s JOIN registry_family f ON f.group_id = s.group_id
        JOIN registry_enrolment e ON e.family_id = f.id AND e.region_no = f.region_no
        WHERE s.id = ANY (%(ids)s) AND (lower_inf(e.spell) OR lower(e.spell) <= s.held_on)
          AND (upper_inf(e.spell) OR upper(e.spell) > s.held_on)
        UNION ALL SELECT session_id, family_id FROM p2k2_attendance WHERE session_id = ANY (%(ids)s)) known
    GROUP BY 1"""


def tallies_of(sessions: Iterable[Session]) -> dict[int, Tally]:
    """Meeting -> marks and how many families they are of: the group's own, enrolled that day, and those already marked.
    As `attending.roster` counts them, for many meetings at once. Two queries."""
    ids = [session.pk for session in sessions]
    marks = marks_in(ids)
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_ROSTERS, {"ids": ids})
        families = dict(cursor.fetchall())
    return {pk: Tally(families.get(pk, 0), marks.get(pk, {})) for pk in ids}


def heard_by(family: Family) -> list[Attendance]:
    """Every meeting of which something was said for a family, the latest first, also of groups it has left."""
    rows = Attendance.objects.filter(family=family).select_related("said_by")
    return list(rows.order_by("-held_on", "-begins", "-pk"))


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was heard of the lessons planned now; `next` is the first one not heard."""

    heard: list[Lesson]
    open: list[Lesson]

    @property
    def next(self) -> Lesson | None:
        return self.open[0] if self.open else None

    @property
    def total(self) -> int:
        return len(self.heard) + len(self.open)


def coverage(codes: Iterable[str], *, on: date) -> Coverage:
    """codes: lessons heard, by any name."""
    subjects = default_curriculum().subjects(codes)
    lessons = lessons_planned(on)
    return Coverage(
        [each for each in lessons if each.subject in subjects],
        [each for each in lessons if each.subject not in subjects],
    )


def coverage_of_families(families: Iterable[Family], *, on: date) -> dict[int, Coverage]:
    """Family -> what it has heard, present or represented. One query."""
    ids = [family.pk for family in families]
    heard: dict[int, list[str]] = {pk: [] for pk in ids}
    there = Attendance.objects.filter(family__in=ids, mark__in=THERE).order_by()
    for family, lesson in there.values_list("family", "lesson").distinct():
        heard[family].append(lesson)
    return {pk: coverage(codes, on=on) for pk, codes in heard.items()}


def without_session(groups: QuerySet[Group], month: int) -> QuerySet[Group]:
    """Those of the groups that did not meet in the month."""
    year, number = divmod(month, 100)
    met = Session.objects.filter(group=OuterRef("pk"), held_on__year=year, held_on__month=number)
    return groups.filter(~Exists(met))
