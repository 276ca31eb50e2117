"""What pages ask about accounts and cards: a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, QuerySet

from harapan.payments.models import CardStep


def latest_steps() -> QuerySet[CardStep]:
    """The step each family stands at, in the scope that is on; page them by ("region_no", "family_id")."""
    later = CardStep.objects.filter(family=OuterRef("family"), pk__gt=OuterRef("pk"))
    return CardStep.objects.filter(~Exists(later)).select_related("family", "by")


def families_at_each_step() -> dict[CardStep.Step, int]:
    """Step -> families that stand there, in the order of the steps. One query."""
    counted = dict(latest_steps().values_list("step").annotate(Count("pk")).order_by())
    return {step: counted.get(step, 0) for step in CardStep.Step}


def steps_of(families: Iterable[int]) -> QuerySet[CardStep]:
    """Every step of these families, the oldest first."""
    return CardStep.objects.filter(family__in=list(families)).select_related("by").order_by("family_id", "id")
