"""Background work: a list of families larger than a page can wait for."""

from __future__ import annotations

import tempfile

from django.http import QueryDict

from harapan.accounts.models import Post
from harapan.accounts.working import acting_as
from harapan.database import day
from harapan.files import storage
from harapan.jobs.actions import finish, progress, working
from harapan.jobs.models import Work
from harapan.ui import exports
from harapan.web.families import exporting
from harapan.web.families.forms import FamilyFilters


@working("web.families")
def write_families(work: Work, *, query: str, form: exports.Form) -> None:
    """Write the list of families of that address, as the person who asked; the file is kept encrypted."""

    def tell(done: int, total: int) -> None:
        progress(work, done=done, total=total)

    with acting_as(work), tempfile.TemporaryFile() as file:
        on = day.today()
        (post,) = Post.objects.filter(pk=work.post_no or 0)  # `acting_as` has found it
        numbers = exporting.numbers_of(FamilyFilters.of(QueryDict(query), post=post), form, on=on)
        stage = exporting.latest_stage()
        exports.write(file, exporting.columns(stage), exporting.rows(numbers, stage, on=on, told=tell), form=form)
        region_no = post.region_nos[0] if post.region_nos else 0
        kept = storage.store(f"keluarga.{form}", kind="export", contents=file, owner=work.asked_by, region_no=region_no)
        finish(work, result=kept.pk)
