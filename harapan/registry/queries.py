"""What pages and files ask of the registry: a constant number of queries, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.core.components import LABELS_ID, Component
from harapan.registry.models import (
    NO_GROUP,
    ComponentSpell,
    Enrolment,
    Family,
    Group,
    Member,
    OutsideFact,
    PaymentAccount,
    Question,
)
from harapan.registry.models.family import FamilyQuerySet

DIGITS_OF_NIK = 16


def find(post: Post, text: str) -> FamilyQuerySet:
    """Families for a search box: NIK, KK, IDDTKS, account number, or words of a name. Only inside the post's scope."""
    families = Family.objects.visible_to(post)
    words = text.strip()
    digits = "".join(sign for sign in words if sign.isdigit())
    if not words:
        return families
    if len(digits) < 6 or any(sign.isalpha() for sign in words):
        return Family.objects.named(words) if not digits else families.filter(dtks_id=words)
    if len(digits) == DIGITS_OF_NIK:
        member = Member.objects.filter(family=OuterRef("pk"), nik_ix=digits)
        return families.filter(Q(kk_ix=digits) | Q(dtks_id=digits) | Exists(member))
    account = PaymentAccount.objects.filter(family=OuterRef("pk"), number_ix=digits)
    return families.filter(Q(dtks_id=digits) | Exists(account))


def listed(families: FamilyQuerySet, *, on: date) -> FamilyQuerySet:
    """With what a list shows beside the name: place, group, facilitator, whether enrolled, latest desil."""
    desil = OutsideFact.objects.filter(family=OuterRef("pk"), kind=OutsideFact.Kind.DESIL).order_by("-as_of", "-pk")
    return families.select_related("region", "group", "group__facilitator").annotate(
        enrolled=Exists(Enrolment.objects.filter(family=OuterRef("pk"), spell__contains=on)),
        desil=Subquery(desil.values("value")[:1]),
        asked=Exists(Question.objects.filter(family=OuterRef("pk"), decided_at__isnull=True)),
    )


@dataclass(frozen=True, slots=True)
class CountedMember:
    """A member as a page shows one: the person, and what they count for on a day."""

    member: Member
    spells: tuple[ComponentSpell, ...] = ()

    def age_on(self, day: date) -> int | None:
        """Completed years, or None where the birth date is unknown."""
        born = self.member.born_on
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    @property
    def labels(self) -> list[str]:
        return [LABELS_ID[Component(spell.component)] for spell in self.spells]


def members_of(family: Family, *, on: date) -> list[CountedMember]:
    """Members who belong to the family on that day, the manager first, each with the components then running."""
    members = list(
        Member.objects.filter(family=family, died_on__isnull=True, left_on__isnull=True).order_by(
            "-manager", "born_on", "pk"
        )
    )
    spells: dict[int, list[ComponentSpell]] = {}
    running = ComponentSpell.objects.filter(family=family, spell__contains=on).select_related("facility")
    for spell in running.order_by("component", "pk"):
        spells.setdefault(spell.member_id, []).append(spell)
    return [CountedMember(member, tuple(spells.get(member.pk, ()))) for member in members]


def components_of(families: Iterable[Family], *, on: date) -> dict[int, dict[Component, int]]:
    """How many members count for each component, per family, in one query."""
    ids = [family.pk for family in families]
    rows = (
        ComponentSpell.objects.filter(family__in=ids, spell__contains=on)
        .values_list("family_id", "component")
        .annotate(persons=Count("member", distinct=True))
    )
    found: dict[int, dict[Component, int]] = {}
    for family_id, component, persons in rows:
        found.setdefault(family_id, {})[Component(component)] = persons
    return found


def groups_in(post: Post) -> QuerySet[Group]:
    """The groups that meet inside the post's reach. Groups name nobody, so no policy of the database narrows them."""
    groups = Group.objects.exclude(pk=NO_GROUP)
    if post.role.reach == Reach.NATION:
        return groups
    if post.role.reach == Reach.GROUPS:
        return groups.filter(pk__in=post.groups)
    wanted = Q(pk__in=())
    for low, high in post.ranges:
        wanted |= Q(region_id__gte=low, region_id__lt=high)
    return groups.filter(wanted)


def groups_of(post: Post) -> QuerySet[Group]:
    """The groups the post reaches, with the number of their families."""
    families = Family.objects.visible_to(post).filter(group=OuterRef("pk")).order_by()
    counted = families.values("group").annotate(number=Count("pk")).values("number")
    groups = groups_in(post).select_related("region", "facilitator")
    return groups.annotate(families_count=Subquery(counted))


def with_component(families: FamilyQuerySet, component: int, *, on: date) -> FamilyQuerySet:
    """Those with a member who counts for the component on that day."""
    spell = ComponentSpell.objects.filter(family=OuterRef("pk"), component=component, spell__contains=on)
    return families.filter(Exists(spell))


def with_open_question(families: FamilyQuerySet) -> FamilyQuerySet:
    """Those of which two sources say different things, undecided."""
    return families.filter(Exists(Question.objects.filter(family=OuterRef("pk"), decided_at__isnull=True)))


def without_group(families: FamilyQuerySet) -> FamilyQuerySet:
    return families.filter(group_id=NO_GROUP)


def counted_to(families: FamilyQuerySet, most: int) -> int:
    """How many there are, but no further than one beyond `most`: a title need not count a nation."""
    return families.order_by()[: most + 1].count()
