"""Whose month it is: a person in the post that makes them a facilitator or a lead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min

from harapan.accounts.models import Post, PostQuerySet, User
from harapan.accounts.roles import Reach
from harapan.core.errors import Refused
from harapan.regions import codes

FACILITATOR = "facilitator"
LEADS = ("district_lead", "regency_coordinator")


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody with a month of their own. `lead`: reports on the facilitators in reach instead of own families."""

    user: User
    post: Post

    @property
    def pk(self) -> int:
        return self.user.pk

    @property
    def lead(self) -> bool:
        return self.post.role_code in LEADS

    @property
    def region_no(self) -> int:
        """The place under which the person's own rows are kept."""
        if not self.post.region_nos:
            raise Refused(
                "Jabatan {name} belum punya wilayah. Minta pengelola pengguna melengkapinya.", name=self.user.name
            )
        return int(self.post.region_nos[0])


def began_on(user_id: int) -> date | None:
    """The first day somebody served as a facilitator or lead, in whatever post. One query."""
    posts = Post.objects.filter(user=user_id, role_code__in=(FACILITATOR, *LEADS))
    first: date | None = posts.aggregate(first=Min("since"))["first"]
    return first


def worker_of(post: Post) -> Worker:
    """The holder of the post, also where another acts in it."""
    return Worker(post.user, post)


def is_worker(post: Post) -> bool:
    return post.role_code in (FACILITATOR, *LEADS)


def workers_in(post: Post, *, on: date) -> list[Worker]:
    """Facilitators and leads whose posts lie in the reach of this one, by name: facilitators first. One query.

    The nation's forty thousand are nobody's team: whoever sees the nation names a person (`worker_named`).
    """
    if post.role.reach == Reach.GROUPS:
        return [worker_of(post)]
    if post.role.reach == Reach.NATION:
        return []
    found = _with_a_month(on).within(*post.ranges)
    rows = [Worker(each.user, each) for each in found if each.region_nos]
    return sorted(rows, key=lambda each: (each.lead, each.user.name, each.pk))


def worker_named(post: Post, user_id: int, *, on: date) -> Worker | None:
    """One person in the reach of the post, as a facilitator before a lead; None where there is none. One query."""
    found = _with_a_month(on).filter(user=user_id)
    if post.role.reach == Reach.GROUPS:
        found = found.filter(pk=post.pk)
    elif post.role.reach != Reach.NATION:
        found = found.within(*post.ranges)
    rows = sorted((Worker(each.user, each) for each in found if each.region_nos), key=lambda each: each.lead)
    return rows[0] if rows else None


def _with_a_month(on: date) -> PostQuerySet:
    """Posts of those who have a month of their own."""
    return Post.objects.held_on(on).filter(role_code__in=(FACILITATOR, *LEADS)).select_related("user")


def facilitators_under(lead: Worker, workers: Iterable[Worker]) -> list[Worker]:
    """Those of the facilitators whose place lies in the lead's."""
    ranges = lead.post.ranges
    return [
        each for each in workers
        if not each.lead and any(low <= each.region_no < high for low, high in ranges)
    ]  # fmt: skip


def district_of(worker: Worker) -> int:
    return codes.ancestor(worker.region_no, codes.Level.DISTRICT)
