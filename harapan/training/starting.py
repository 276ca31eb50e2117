"""What training knows of somebody's first days: whether the courses that are due in them have been passed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from harapan.accounts.models import Post
from harapan.training.needs.law import needs_on
from harapan.training.needs.standing import MISSING, standings
from harapan.workforce.models import Person
from harapan.workforce.staff import law
from harapan.workforce.staff.beginning import reads

DAYS_A_MONTH = 30  # as policy counts the first days, against the months of a need


@reads("courses")
def taught(people: Collection[Person], on: date) -> Mapping[int, date | None]:
    """Who holds a post and lacks no course that is due while their first days run. Two queries."""
    users = {person.user_id: person.pk for person in people if person.user_id}
    posted = Post.objects.filter(user__in=users).held_on(on).values_list("user", flat=True)
    serving = {users[user] for user in posted}
    first = law.first_days(on)
    due = {need.course for need in needs_on(on) if need.months * DAYS_A_MONTH <= first}
    rows = standings(on=on, people=sorted(serving), states=MISSING) if serving else ()
    lacking = {row.person for row in rows if row.course_code in due}
    return dict.fromkeys(serving - lacking)
