"""Who owes what: the obligations of the months by facility, and the list of those not verified."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.registry.models import Facility, Member
from harapan.ui.pages import keyset, show
from harapan.verification.obligations import MISSED, OPEN, Owed, Tally, owed, tally
from harapan.verification.queries import facilities_of, served
from harapan.web.verification.quarter import Quarter
from harapan.web.verification.views import page_of


@dataclass(frozen=True, slots=True)
class Place:
    """A facility with the tally of each month."""

    facility: Facility
    months: list[Tally]

    @property
    def open(self) -> int:
        return sum(month.open for month in self.months)


@dataclass(frozen=True, slots=True)
class Person:
    """A member and what of their obligations is not done, or was missed."""

    member: Member
    owed: list[Owed]

    @property
    def waits(self) -> bool:
        """Whether anything of it is more than an obligation that may still be met later."""
        return not all(each.running for each in self.owed)


@may("verification.view")
def obligations(request: Request) -> HttpResponse:
    """Facilities of the reach, page by page, each with what is owed and not verified. A constant number of queries."""
    quarter = Quarter.chosen(request.GET.get("stage", ""), on=request.today)
    rows = facilities_of(request.post, quarter.months, quarter.obligated).select_related("region")
    page = keyset(request, rows, order=("region_id", "kind", "name_key", "id"), size=25)
    counted = tally(owed(quarter.months, facilities=[each.pk for each in page], percent_min=quarter.line))
    places = [Place(each, [counted.get((each.pk, number), Tally()) for number in quarter.numbers]) for each in page]
    context = {"quarter": quarter, "page": page, "places": places, "without": _without_place(request, quarter)}
    return show(request, "verification/obligations.html", context)


def _without_place(request: Request, quarter: Quarter) -> int:
    """Members with an obligation whom no facility serves; not counted for a whole nation."""
    if request.post.role.reach == Reach.NATION:
        return 0
    rows = served(quarter.months, quarter.obligated, placed=False).order_by()
    return rows.values("member").distinct().count()


@may("verification.view", look="facility")
def of_facility(request: Request, facility_id: int) -> HttpResponse:
    """Who of a facility still owes what."""
    page = page_of(request, facility_id)
    waiting = [each for each in page.owed if each.state in (OPEN, MISSED)]
    of_member: dict[int, list[Owed]] = {}
    for each in waiting:
        of_member.setdefault(each.member_id, []).append(each)
    members = {spell.member_id: spell.member for spell in page.spells}
    people = [Person(members[pk], own) for pk, own in of_member.items() if pk in members]
    people.sort(key=lambda person: person.member.name_key)
    context = {
        "facility": page.facility, "page": page, "people": people, "owed": page.owed,
        "waiting": sum(person.waits for person in people), "recorded": True,
    }  # fmt: skip
    return show(request, "verification/owing.html", context)
