"""What health posts noted of single obligations, schools of six days, and one open confirmation link, written.

Nothing here costs anybody anything: what was missed is noted of yearly visits alone, which no stage observes.
"""

from __future__ import annotations

from django.db import connections

from harapan.accounts.models import Post, User
from harapan.core.components import Component
from harapan.database.scope import active_alias
from harapan.demo.clock import NOW, THIRD
from harapan.demo.staffing import Staffed
from harapan.demo.world import World
from harapan.registry.models import ComponentSpell, Facility
from harapan.verification import linking
from harapan.verification.models import FacilityMonth, SchoolWeek

OPEN_MONTHS = (202504, 202505, 202506)  # what 2025-3 observes
WEEK_OF_SIX = 4  # every so manyth school
# component, obligation, month in which it was noted, one member in so many left out
NOTED = (
    (Component.ELDERLY, "elderly.health_check", 202502, 3),
    (Component.ELDERLY, "elderly.health_check", 202505, 4),
    (Component.DISABILITY, "disability.health_check", 202503, 3),
    (Component.PREGNANT, "pregnant.antenatal_first", 202501, 5),
    (Component.PREGNANT, "pregnant.antenatal_second", 202504, 4),
)
_NOTE = """
    INSERT INTO verification_caremark (id, family_id, region_no, group_id, member_id, facility_id, month, item, outcome,
                                       times, done_on)
    SELECT nextval(pg_get_serial_sequence('verification_caremark', 'id')), c.family_id, c.region_no, c.group_id,
           c.member_id, c.facility_id, d.month, %(item)s, o.outcome, 1,
           CASE o.outcome WHEN 0 THEN %(first)s::date + (c.member_id %% 27)::int END
    FROM registry_componentspell c
    JOIN verification_declaration d ON d.facility_id = c.facility_id AND d.month = %(month)s
         AND d.group_no = c.group_id AND d.district_no = c.region_no / 10000 * 10000
    CROSS JOIN LATERAL (SELECT CASE WHEN c.member_id %% 23 = 0 THEN 2 ELSE 0 END AS outcome) o
    WHERE c.component = %(component)s AND c.spell @> %(first)s::date AND c.member_id %% %(out)s <> 0
    ON CONFLICT DO NOTHING"""


def write_care(world: World, staffed: Staffed) -> None:
    """A few statements, whatever the number of families."""
    with connections[active_alias()].cursor() as cursor:
        for component, item, month, out in NOTED:
            first = f"{month // 100}-{month % 100:02d}-01"
            values: dict[str, str | int] = {
                "component": int(component),
                "item": item,
                "month": month,
                "out": out,
                "first": first,
            }
            cursor.execute(_NOTE, values)
    officers = {
        worker.region_no // 10**6: staffed.of(worker) for worker in world.staff if worker.role == "data_officer"
    }
    schools = list(Facility.objects.filter(kind=Facility.Kind.SCHOOL).order_by("pk"))
    example = world.province.villages_first[0] // 10**6 if world.province.villages_first else 0
    schools.sort(key=lambda school: school.region_id // 10**6 != example)  # where the accounts to try are
    SchoolWeek.objects.bulk_create(
        SchoolWeek(facility=school, days=6, by_id=officers[school.region_id // 10**6], on=NOW)
        for school in schools[::WEEK_OF_SIX]
    )
    _send_link(schools, officers)


def _send_link(schools: list[Facility], officers: dict[int, int]) -> None:
    """To the first school of which nobody has said anything this quarter; it stays open, to be tried on a phone."""
    spoken = set(FacilityMonth.objects.filter(month__in=OPEN_MONTHS).values_list("facility", flat=True))
    for school in schools:
        regency = school.region_id // 10**6
        pupils = ComponentSpell.objects.filter(
            facility=school, spell__contains=NOW, region_no__gte=regency * 10**6, region_no__lt=(regency + 1) * 10**6
        )
        members = sorted(set(pupils.values_list("member", flat=True))) if school.pk not in spoken else []
        post = Post.objects.filter(user=officers[regency], role_code="data_officer").first() if members else None
        if post is not None:
            by = User.objects.get(pk=post.user_id)
            linking.make_link(school, OPEN_MONTHS, members, stage=THIRD, post=post, by=by)
            return
