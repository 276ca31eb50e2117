"""Background work of a month: the pack of all reports in reach."""

from __future__ import annotations

from django.utils import timezone

from harapan.accounts.models import Post, User
from harapan.accounts.working import acting_as, post_of
from harapan.database import day, places
from harapan.database.scope import Scope, put_on
from harapan.fieldwork import packs
from harapan.files import storage
from harapan.jobs.actions import ask, finish, progress, working
from harapan.jobs.models import Work
from harapan.regions.models import name_of


@working("fieldwork.pack")
def pack_reports(work: Work, *, month: str, address: str) -> None:
    """Make and gather the reports of everybody in the asker's reach; the zip is kept encrypted."""
    post = post_of(work)
    scope = post.scope(actor=work.asked_by, via="job")
    with put_on(Scope.common(actor=work.asked_by, via="job")):
        by = User.objects.get(pk=work.asked_by)
    place = name_of(post.region_nos[0]) if post.region_nos else "Indonesia"
    with timezone.override(post.zone), places.thrown_away("packs") as folder:
        out = folder / packs.pack_name(month, place)
        packs.pack(
            post, month, out, scope=scope, by=by, on=day.today(), address=address,
            told=lambda done, total: progress(work, done=done, total=total),
        )  # fmt: skip
        with acting_as(work):
            region_no = post.region_nos[0] if post.region_nos else 0
            file = storage.store(out.name, kind="pack", contents=out, owner=by.pk, region_no=region_no)
            finish(work, result=file.pk)


def pack_later(month: str, *, by: User, post: Post, address: str) -> Work:
    """Ask for the pack in the caller's transaction."""
    return ask(pack_reports, asked_by=by.pk, post_no=post.pk, month=month, address=address)
