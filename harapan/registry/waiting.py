"""What of families and groups waits for a person, in the scope that is on. One query each."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import Post
from harapan.database.counting import Waiting, waiting
from harapan.registry.models import Family, Question
from harapan.registry.narrowing import without_group
from harapan.registry.queries import groups_in, held_by_nobody


def open_questions() -> Waiting:
    """Numbers and names on which two sources differ, undecided."""
    return waiting(Question.objects.filter(decided_at__isnull=True), since="asked_at")


def families_without_group(post: Post) -> Waiting:
    return waiting(without_group(Family.objects.visible_to(post)))


def groups_without_facilitator(post: Post, *, on: date) -> Waiting:
    return waiting(held_by_nobody(groups_in(post), on=on))
