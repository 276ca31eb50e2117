"""What somebody can do today, as courses that count and certificates from outside prove it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connections
from django.db.models import Q

from harapan.accounts.models import Post
from harapan.database.scope import active_alias
from harapan.training.dated_data import Competence, competences
from harapan.training.models import ExternalCertificate
from harapan.training.needs.law import needs_on
from harapan.training.needs.learned import LEARNED
from harapan.workforce.models import Person

_COURSES = f"""
    SELECT c.code FROM ({LEARNED}) l JOIN training_course c ON c.id = l.course
    WHERE l.person = %(person)s AND l.until >= %(on)s"""  # noqa: S608  (our own statement, its values bound)


@dataclass(frozen=True, slots=True)
class HeldCompetence:
    competence: Competence
    held: bool


def competences_of(person: Person, *, on: date) -> list[HeldCompetence]:
    """Those the person has, and those that the courses of their roles would give. Three queries."""
    roles = set(Post.objects.held_on(on).filter(user=person.user_id).values_list("role_code", flat=True))
    asked = {need.course for need in needs_on(on) if need.role in roles}
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_COURSES, {"person": person.pk, "on": on})
        courses = {code for (code,) in cursor.fetchall()}
    brought = ExternalCertificate.objects.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=on), person=person)
    outside = set(brought.values_list("competence", flat=True))
    found = (
        HeldCompetence(each, each.code in outside or bool(courses.intersection(each.courses)))
        for each in competences(on)
    )
    return [each for each in found if each.held or asked.intersection(each.competence.courses)]
