"""What P2K2 knows of somebody's first days: the first meeting they held with their mentor beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from harapan.p2k2.models import Session
from harapan.workforce.models import Person
from harapan.workforce.staff.beginning import reads


@reads("first_session")
def led(people: Collection[Person], on: date) -> Mapping[int, date | None]:
    """Who has held a meeting since they came, and names their mentor beside them. One query."""
    came = {person.user_id: person for person in people if person.user_id}
    since = min((person.since for person in came.values()), default=on)
    mentored = Session.objects.filter(recorded_by__in=came, beside__isnull=False)
    held = mentored.filter(held_on__gte=since, held_on__lte=on).order_by()
    days = held.values_list("recorded_by", "held_on").distinct().order_by("-held_on")
    return {came[user].pk: day for user, day in days if day >= came[user].since}
