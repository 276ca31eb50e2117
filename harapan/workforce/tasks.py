"""Background work of recruitment: what touches every applicant of a large round, as whoever asked for it.

Each is one transaction, so a worker that is killed leaves nothing half done; whoever takes the job over begins anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Max
from procrastinate.tasks import Task

from harapan.accounts.models import Post, User
from harapan.accounts.working import acting_as
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.jobs.actions import ask, progress, working
from harapan.jobs.models import Work
from harapan.workforce.models import Application, RecruitmentRound
from harapan.workforce.recruitment import checking, freezing

AT_ONCE_MAX = 5_000  # applications that a page can wait for
Making = Callable[..., object]


@working("recruitment.check")
def check_later(work: Work, *, round_id: int, after: int) -> None:
    """Decide on the administration of everybody whom nobody has decided on."""
    _carry_out(work, checking.check_all, round_id, after)


@working("recruitment.shortlist")
def shortlist_later(work: Work, *, round_id: int, after: int) -> None:
    """Freeze and rank who is interviewed."""
    _carry_out(work, freezing.make_shortlist, round_id, after)


@working("recruitment.rank")
def rank_later(work: Work, *, round_id: int, after: int) -> None:
    """Freeze and rank the result."""
    _carry_out(work, freezing.make_ranking, round_id, after)


def _carry_out(work: Work, make: Making, round_id: int, after: int) -> None:
    """`after`: the latest version whoever asked had seen; of two who ask for the next one the second is refused."""
    with acting_as(work):
        if latest_version(round_id) != after:
            raise Refused("Peringkat lain sudah disusun sejak ini diminta. Lihat hasilnya; minta lagi bila perlu.")
        by, post = User.objects.get(pk=work.asked_by), Post.objects.get(pk=work.post_no or 0)
        make(round_id, by=by, post=post, told=lambda done, total: progress(work, done=done, total=total))


def latest_version(round_id: int) -> int:
    """Of the round's rankings and shortlists; 0 without any."""
    found: RecruitmentRound = RecruitmentRound.objects.get(pk=round_id)
    return int(found.rankings.aggregate(latest=Max("version"))["latest"] or 0)


def now_or_later(
    task: Task[Any, Any, Any], make: Making, found: RecruitmentRound, *, by: User, post: Post
) -> Work | None:
    """Do it at once where a page can wait (None), else ask for it in the caller's transaction; a second click once.

    Raises Forbidden, Refused, as `make` does.
    """
    if not Application.objects.filter(round=found)[AT_ONCE_MAX : AT_ONCE_MAX + 1].exists():
        make(found.pk, by=by, post=post)
        return None
    with atomic():
        RecruitmentRound.objects.select_for_update().get(pk=found.pk)  # one question after the other
        return under_way(found, by=by) or ask(
            task, asked_by=by.pk, post_no=post.pk, message=found.code, round_id=found.pk,
            after=latest_version(found.pk),
        )  # fmt: skip


KINDS = (check_later.name, shortlist_later.name, rank_later.name)


def under_way(found: RecruitmentRound, *, by: User) -> Work | None:
    """What somebody has asked for this round and has not ended; it carries the round's code as its message."""
    mine = Work.objects.filter(asked_by=by.pk, kind__in=KINDS, message=found.code)
    work: Work | None = mine.filter(state__in=(Work.State.WAITING, Work.State.RUNNING)).order_by("-pk").first()
    return work
