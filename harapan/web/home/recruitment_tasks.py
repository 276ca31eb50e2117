"""The tasks of recruitment: participants to mark, rounds whose next step has had its day, objections to answer."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows
from harapan.database.counting import Waiting, waiting
from harapan.ui.parts import Task
from harapan.ui.words import counted
from harapan.web.home.desk import Desk
from harapan.workforce.recruitment import waiting as of_recruitment


def recruitment_tasks(desk: Desk) -> Iterator[Task]:
    """At most three statements."""
    post = desk.post
    if allows(post, "recruitment.mark"):
        yield from desk.task(
            waiting(of_recruitment.to_mark(post.user, post)), "recruitment.mark",
            counted("Peserta wawancara menunggu nilai Anda"),
            _("Anda menilai nomor peserta, tanpa nama."),
            reverse("interviews"), _("Nilai"), "wait",
        )  # fmt: skip
    if not allows(post, "recruitment.manage"):
        return
    due = of_recruitment.rounds_due(post, on=desk.on)
    if due:
        said = ", ".join(f"{each.name}: {each.get_state_display()}" for each in due)
        url = reverse("round", args=[due[0].pk]) if len(due) == 1 else reverse("recruitment")
        yield from desk.task(
            Waiting(len(due)), "recruitment.manage",
            counted("Putaran rekrutmen menunggu langkah berikutnya"),
            said, url,
            _("Buka"), "wait",
        )  # fmt: skip
    objections = of_recruitment.unanswered(post)
    yield from desk.task(
        waiting(objections, since="made_on"), "recruitment.manage",
        counted("Sanggah pelamar belum dijawab"),
        _("Jawabannya dibaca pelamar di halaman lamarannya."), reverse("recruitment"), _("Jawab"), "wait",
    )  # fmt: skip
