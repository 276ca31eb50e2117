"""Doing background work as the person who asked for it: with their post's scope, never with more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from harapan.accounts.models import Post
from harapan.core.errors import Forbidden
from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.jobs import actions
from harapan.jobs.models import Work


def scope_of(work: Work, *, why: str = "") -> Scope:
    """The scope of the post the work was asked in. Raises Forbidden when that post has ended meanwhile."""
    with put_on(Scope.common(actor=work.asked_by, via="job")):
        post = Post.objects.held_on(day.today()).filter(pk=work.post_no or 0).first()
    if post is None:
        raise Forbidden("Peran yang meminta pekerjaan ini sudah berakhir, jadi pekerjaannya tidak dilanjutkan.")
    return post.scope(actor=work.asked_by, via="job", why=why)


@contextmanager
def acting_as(work: Work, *, why: str = "") -> Iterator[Scope]:
    """One transaction under the asker's scope; the work is marked done with it, or not at all."""
    with put_on(scope_of(work, why=why)) as scope:
        yield scope
        if not work.ended:
            actions.finish(work)
