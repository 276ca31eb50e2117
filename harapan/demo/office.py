"""Acting as the people of a demonstration: whoever does a thing stands in the log as who did it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from harapan.accounts.models import Post, User
from harapan.database.scope import Scope, put_on
from harapan.demo.registering import Registered
from harapan.demo.staffing import Staffed
from harapan.demo.world import World
from harapan.regions import codes
from harapan.regions.codes import Level


@dataclass(slots=True)
class Office:
    """The province with everybody in it, as written: what the acts of the stages need."""

    world: World
    staffed: Staffed
    written: Registered
    _posts: dict[tuple[str, int], Post] = field(default_factory=dict)

    def __post_init__(self) -> None:
        posts = Post.objects.filter(user_id__in=self.staffed.users.values()).select_related("user")
        for post in posts.exclude(role_code="facilitator"):
            self._posts[post.role_code, post.region_nos[0] if post.region_nos else 0] = post

    @property
    def regencies(self) -> list[int]:
        return list(self.world.plan.regencies)

    def post(self, role: str, region_no: int) -> Post:
        return self._posts[role, region_no]

    @contextmanager
    def acting(self, role: str, region_no: int) -> Iterator[tuple[User, Post]]:
        """Under the batch scope, in the name of whoever holds this post."""
        post = self.post(role, region_no)
        with put_on(Scope.batch(actor=post.user_id, via="demo")):
            yield post.user, post

    def by_regency(self, rows: Iterator[int]) -> dict[int, list[int]]:
        """Family rows by the regency they live in; each regency of the plan is there."""
        found: dict[int, list[int]] = {regency: [] for regency in self.regencies}
        for row in rows:
            found[codes.ancestor(self.world.families.region_no[row], Level.REGENCY)].append(row)
        return found
