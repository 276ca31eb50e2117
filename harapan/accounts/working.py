"""Doing background work as the person who asked for it: with their post's scope, never with more, and by its clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from harapan.accounts.models import Post
from harapan.core.errors import Forbidden
from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.jobs import actions
from harapan.jobs.models import Work


def scope_of(work: Work, *, why: str = "") -> Scope:
    """The scope of the post the work was asked in. Raises Forbidden when that post has ended meanwhile."""
    return post_of(work).scope(actor=work.asked_by, via="job", why=why)


def post_of(work: Work) -> Post:
    """The post the work was asked in. Raises Forbidden when it has ended meanwhile."""
    with put_on(Scope.common(actor=work.asked_by, via="job")):
        post = Post.objects.held_on(day.today()).select_related("user").filter(pk=work.post_no or 0).first()
    if post is None:
        raise Forbidden("Peran yang meminta pekerjaan ini sudah berakhir, jadi pekerjaannya tidak dilanjutkan.")
    return post


@contextmanager
def acting_as(work: Work, *, why: str = "") -> Iterator[Scope]:
    """One transaction under the asker's scope and by the clock of the post; the work is done with it, or not at all."""
    post = post_of(work)
    with timezone.override(post.zone), put_on(post.scope(actor=work.asked_by, via="job", why=why)) as scope:
        yield scope
        if not work.ended:
            actions.finish(work)
