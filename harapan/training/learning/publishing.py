"""A draft becomes what learners see; what they saw before is kept, with all they did in it."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.training.learning import markdown
from harapan.training.learning.editing import locked_draft, refuse_too_few
from harapan.training.learning.packages import weigh
from harapan.training.models import Course, Edition


def publish(edition_id: int, *, by: User, on: date) -> Edition:
    """Raises NotADraft; Refused where there is nothing to learn, or a lesson or quiz would not work."""
    with atomic():
        edition = locked_draft(edition_id)
        Course.objects.select_for_update().get(pk=edition.course_id)
        lessons = list(edition.lessons.order_by("place"))
        if not lessons:
            raise Refused("Rancangan ini belum punya pelajaran. Tulis paling sedikit satu, lalu terbitkan.")
        for lesson in lessons:
            if not lesson.text and not lesson.parts.exists():
                raise Refused("Pelajaran “{title}” masih kosong. Isi atau hapus dahulu.", title=lesson.title)
            markdown.check(lesson.text, lesson.parts.values_list("name", flat=True))
            weigh(lesson)
        for quiz in edition.quizzes.all():
            refuse_too_few(edition.course_id, quiz.topic, quiz.drawn)
        Edition.objects.filter(course=edition.course_id, state=Edition.State.PUBLISHED).update(
            state=Edition.State.RETIRED
        )
        edition.state, edition.published_on, edition.published_by = Edition.State.PUBLISHED, on, by
        edition.save(update_fields=["state", "published_on", "published_by"])
        log.record("edition.published", kind="course", subject=edition.course_id, body={"edition": edition.number})
    return edition
