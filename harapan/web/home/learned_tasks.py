"""The tasks of learning: courses one must still have, plans to evaluate, papers to issue, questions to answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.models import Post
from harapan.accounts.permission import allows
from harapan.database.counting import Waiting, waiting
from harapan.training.certificates.queries import uncertified
from harapan.training.following.plans import plans_due
from harapan.training.models import FieldProblem, Practice
from harapan.training.needs.standing import State, standings
from harapan.ui.parts import Task, Words
from harapan.workforce.models import Person


class Desk(Protocol):
    """What is asked of the reader's desk (`worklist.Desk`)."""

    post: Post
    on: date

    def task(
        self, waits: Waiting, permission: str, what: Words, detail: Words, url: str, deed: Words, state: str = ""
    ) -> Iterator[Task]: ...


OVERDUE = (State.LATE, State.EXPIRED)


def learned_tasks(desk: Desk) -> Iterator[Task]:
    """One's own first. A constant number of statements."""
    if allows(desk.post, "learned.view"):
        yield from _own(desk)
    if allows(desk.post, "certificate.issue"):
        yield from desk.task(
            waiting(uncertified(desk.post), since="ends"), "certificate.issue",
            _("Angkatan yang lulus tanpa sertifikat"), _("Terbitkan untuk satu angkatan sekaligus."),
            reverse("certificate_batches"), _("Terbitkan"), "wait",
        )  # fmt: skip
    if allows(desk.post, "follow_up.check"):
        yield from desk.task(
            waiting(plans_due(on=desk.on)), "follow_up.check", _("RTL menunggu evaluasi"),
            _("Rencana tindak lanjut peserta diklat di wilayah Anda."), reverse("follow_ups"), _("Evaluasi"),
        )  # fmt: skip
    if allows(desk.post, "problem.answer"):
        yield from desk.task(
            waiting(FieldProblem.objects.filter(published_on__isnull=True), since="raised_on"), "problem.answer",
            _("Masalah lapangan menunggu jawaban"), _("Jawaban yang disepakati diumumkan kepada semua SDM."),
            reverse("problems"), _("Jawab"),
        )  # fmt: skip
    if allows(desk.post, "practice.review"):
        yield from desk.task(
            waiting(Practice.objects.filter(state=Practice.State.SUBMITTED), since="entered_on"), "practice.review",
            _("Praktik baik menunggu telaah"), _("Yang layak ditiru terbuka bagi semua SDM."), reverse("practices"),
            _("Telaah"),
        )  # fmt: skip


def _own(desk: Desk) -> Iterator[Task]:
    """What concerns the reader's own record; nothing for whoever fills another's post. At most three statements."""
    me = Person.objects.filter(user=desk.post.user_id).first()
    if me is None:
        return
    late = [each for each in standings(on=desk.on, people=[me.pk]) if each.state in OVERDUE]
    if late:
        names = ", ".join(each.course_name for each in late)
        yield from desk.task(
            Waiting(len(late), min(each.due_on for each in late)), "learned.view",
            _("Diklat wajib Anda lewat batas waktu"), names, reverse("my_courses"), _("Lihat"),
        )  # fmt: skip
    yield from desk.task(
        waiting(plans_due(on=desk.on, person=me.pk)), "learned.view", _("RTL Anda menunggu evaluasi"),
        _("Tulis apa yang sudah tercapai."), reverse("my_courses"), _("Evaluasi"),
    )  # fmt: skip
