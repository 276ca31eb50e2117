"""The tasks of learning: invitations, classes, courses one must still have, plans, papers, questions to answer."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows
from harapan.database.counting import Waiting, waiting
from harapan.training.answering import waiting_of
from harapan.training.certificates.queries import uncertified
from harapan.training.following.plans import plans_due
from harapan.training.learning.queries import batches_online, enrolments_of
from harapan.training.models import Batch, Enrolment, FieldProblem, Inquiry, Practice
from harapan.training.needs.standing import State, standings
from harapan.training.queries import unconcluded
from harapan.training.teaching import taught_by
from harapan.ui import words
from harapan.ui.parts import Task
from harapan.ui.words import counted
from harapan.web.home.desk import Desk
from harapan.workforce.models import Person

OVERDUE = (State.LATE, State.EXPIRED)


def learned_tasks(desk: Desk) -> Iterator[Task]:
    """One's own first. A constant number of statements."""
    if allows(desk.post, "course.view"):
        yield from _days(desk)
    if allows(desk.post, "learning.view"):
        yield from _online(desk)
    if allows(desk.post, "learned.view"):
        yield from _own(desk)
    yield from _organised(desk)
    if allows(desk.post, "certificate.issue"):
        yield from desk.task(
            waiting(uncertified(desk.post), since="ends"), "certificate.issue",
            counted("Angkatan yang lulus tanpa sertifikat"),
            _("Terbitkan untuk satu angkatan sekaligus."),
            reverse("certificate_batches"), _("Terbitkan"), "wait",
        )  # fmt: skip
    if allows(desk.post, "follow_up.check"):
        yield from desk.task(
            waiting(plans_due(on=desk.on)), "follow_up.check",
            counted("RTL menunggu evaluasi"),
            _("Rencana tindak lanjut peserta diklat di wilayah Anda."), reverse("follow_ups"), _("Evaluasi"),
        )  # fmt: skip
    if allows(desk.post, "problem.answer"):
        yield from desk.task(
            waiting(FieldProblem.objects.filter(published_on__isnull=True), since="raised_on"), "problem.answer",
            counted("Masalah lapangan menunggu jawaban"),
            _("Jawaban yang disepakati diumumkan kepada semua SDM."),
            reverse("problems"), _("Jawab"),
        )  # fmt: skip
    if allows(desk.post, "practice.review"):
        yield from desk.task(
            waiting(Practice.objects.filter(state=Practice.State.SUBMITTED), since="entered_on"), "practice.review",
            counted("Praktik baik menunggu telaah"),
            _("Yang layak ditiru terbuka bagi semua SDM."), reverse("practices"),
            _("Telaah"),
        )  # fmt: skip


def _organised(desk: Desk) -> Iterator[Task]:
    """Batches that are over without a result, and questions of learners without an answer. Three statements at most."""
    if allows(desk.post, "course.manage"):
        yield from desk.task(
            waiting(unconcluded(desk.post, on=desk.on), since="ends"), "course.manage",
            counted("Angkatan sudah lewat, hasilnya belum ditetapkan"),
            _("Lengkapi kehadiran dan nilainya, lalu tetapkan hasilnya."), reverse("batches") + "?state=running",
            _("Buka"), "wait",
        )  # fmt: skip
    if allows(desk.post, "learning.coach"):
        open_still = Inquiry.objects.filter(answered_at__isnull=True, batch__in=batches_online().values("pk"))
        first = open_still.order_by("asked_at", "pk").first()  # the next batch follows once this one is answered
        if first is not None:
            yield from desk.task(
                waiting(open_still, since="asked_at"), "learning.coach",
                counted("Pertanyaan peserta belum dijawab"),
                _("Jawabannya dibaca semua peserta angkatan itu."),
                reverse("learning_inquiries", args=[first.batch_id]), _("Jawab"),
            )  # fmt: skip


def _days(desk: Desk) -> Iterator[Task]:
    """Invitations without one's answer, and the classes one teaches today. Two statements."""
    asked = waiting_of(desk.post.user, desk.on)
    if asked:
        said = ", ".join(f"{each.batch.course.name} ({words.day(each.batch.begins)})" for each in asked)
        yield from desk.task(
            Waiting(len(asked)), "course.view",
            counted("Undangan diklat menunggu jawaban Anda"),
            said,
            reverse("training_own"), _("Jawab"), "wait",
        )  # fmt: skip
    yield from desk.task(
        waiting(taught_by(desk.post.user).filter(day=desk.on)), "course.view",
        counted("Sesi yang Anda ajar hari ini"),
        _("Catat kehadiran dan nilainya selama kelas berlangsung."), reverse("training_own"), _("Buka"), "wait",
    )  # fmt: skip


def _online(desk: Desk) -> Iterator[Task]:
    """Online courses of the day that one has not passed. One statement."""
    over = (Enrolment.State.PASSED, Enrolment.State.FAILED)
    of_today = enrolments_of(desk.post.user).filter(batch__begins__lte=desk.on, batch__ends__gte=desk.on)
    midway = list(of_today.exclude(batch__state=Batch.State.CANCELLED).exclude(state__in=over))
    if midway:
        said = ", ".join(
            _("%(course)s sampai %(day)s") % {"course": each.batch.course.name, "day": words.day(each.batch.ends)}
            for each in midway
        )
        yield from desk.task(
            Waiting(len(midway)), "learning.view",
            counted("Pelatihan daring belum Anda selesaikan"),
            said,
            reverse("learning"), _("Lanjutkan"),
        )  # fmt: skip


def _own(desk: Desk) -> Iterator[Task]:
    """What concerns the reader's own record; nothing for whoever fills another's post. At most four statements."""
    me = Person.objects.filter(user=desk.post.user_id).first()
    if me is None:
        return
    late = [each for each in standings(on=desk.on, people=[me.pk]) if each.state in OVERDUE]
    if late:
        names = ", ".join(each.course_name for each in late)
        yield from desk.task(
            Waiting(len(late), min(each.due_on for each in late)), "learned.view",
            counted("Diklat wajib Anda lewat batas waktu"),
            names, reverse("my_courses"), _("Lihat"),
        )  # fmt: skip
    yield from desk.task(
        waiting(plans_due(on=desk.on, person=me.pk)), "learned.view",
        counted("RTL Anda menunggu evaluasi"),
        _("Tulis apa yang sudah tercapai."), reverse("my_courses"), _("Evaluasi"),
    )  # fmt: skip
    returned = list(Practice.objects.filter(author=me.user_id, state=Practice.State.RETURNED).order_by("pk"))
    if returned:
        yield from desk.task(
            Waiting(len(returned)), "learned.view",
            counted("Praktik Anda dikembalikan untuk dilengkapi"),
            ", ".join(each.title for each in returned), reverse("practice", args=[returned[0].pk]), _("Lengkapi"),
            "wait",
        )  # fmt: skip
