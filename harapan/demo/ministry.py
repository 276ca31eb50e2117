"""The people of the ministry in a demonstration that stands, each of whom does a part of a computed stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from harapan.accounts.models import Post, User
from harapan.database.scope import Scope, put_on
from harapan.demo.staffing import DEMO_ADDRESS
from harapan.demo.world import World
from harapan.registry.models import Family

MAKER, APPROVER, SIGNER, TREASURER = "commitment_officer", "policy_maker", "payment_signer", "treasurer"


@dataclass(frozen=True, slots=True)
class Ministry:
    """Posts by role, and the province as it was invented."""

    world: World
    posts: dict[str, Post]

    @classmethod
    def of(cls, world: World) -> Ministry:
        with put_on(Scope.batch(via="demo")):
            posts = Post.objects.filter(user__email__endswith=DEMO_ADDRESS).select_related("user")
            found = posts.filter(role_code__in=(MAKER, APPROVER, SIGNER, TREASURER))
            return cls(world, {post.role_code: post for post in found})

    @contextmanager
    def acting(self, role: str) -> Iterator[User]:
        """Under the batch scope, in the name of whoever holds the role."""
        user = self.posts[role].user
        with put_on(Scope.batch(actor=user.pk, via="demo")):
            yield user

    @property
    def maker(self) -> int:
        return int(self.posts[MAKER].user_id)

    def planted(self, code: str) -> list[int]:
        """Numbers of the families with a difficulty, in order of their rows. Needs a scope."""
        rows = [self.world.families.iddtks[row] for row in self.world.planted[code]]
        found = dict(Family.objects.filter(dtks_id__in=rows).values_list("dtks_id", "pk"))
        return [found[row] for row in rows if row in found]
