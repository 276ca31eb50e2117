"""What pages and files ask of the registry: a constant number of queries, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from harapan.accounts.models import Post, User
from harapan.accounts.roles import Reach, catalogue
from harapan.core.components import LABELS_ID, Component
from harapan.regions import codes
from harapan.regions.models import Region
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
FOUND_MAX = 200  # families that share one number; more would be a mistake of the data


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
        bearers = list(Member.objects.filter(nik_ix=digits).values_list("family", flat=True)[:FOUND_MAX])
        return families.filter(Q(kk_ix=digits) | Q(dtks_id=digits) | Q(pk__in=bearers))
    holders = list(PaymentAccount.objects.filter(number_ix=digits).values_list("family", flat=True)[:FOUND_MAX])
    return families.filter(Q(dtks_id=digits) | Q(pk__in=holders))


def is_name(text: str) -> bool:
    """Whether `find` looks for a name; of more than `NAMED_MAX` bearers it lists the first."""
    return bool(text.strip()) and not any(sign.isdigit() for sign in text)


def listed(families: FamilyQuerySet) -> FamilyQuerySet:
    """With the place, group and facilitator that a list shows beside each name. The rest is `marks_of` its page."""
    return families.select_related("region", "group", "group__facilitator")


def keys_only(families: FamilyQuerySet) -> FamilyQuerySet:
    """Only what a list is ordered by: a province is then sorted from an index, without reading its rows."""
    return families.only("id", "name_key")


def whole(keys: Iterable[Family]) -> list[Family]:
    """The page's families in full, in the order of their keys. One query."""
    ids = [family.pk for family in keys]
    found = {family.pk: family for family in listed(Family.objects.filter(pk__in=ids))}
    return [found[pk] for pk in ids if pk in found]


@dataclass(frozen=True, slots=True)
class Marks:
    """What a list says of one family beside its place."""

    enrolled: bool = False
    desil: str = ""  # the latest; "" where none was told
    asked: bool = False  # two sources differ, undecided


def marks_of(families: Iterable[Family], *, on: date) -> dict[int, Marks]:
    """The marks of each family of a page, in three queries.

    Asked for the page's rows alone: as conditions inside the list's own query PostgreSQL would answer them for every
    family in scope first.
    """
    ids = [family.pk for family in families]
    enrolled = set(Enrolment.objects.filter(family__in=ids, spell__contains=on).values_list("family", flat=True))
    told = OutsideFact.objects.filter(family__in=ids, kind=OutsideFact.Kind.DESIL, member=None)
    desil = dict(told.order_by("as_of", "pk").values_list("family", "value"))
    asked = set(Question.objects.filter(family__in=ids, decided_at__isnull=True).values_list("family", flat=True))
    return {pk: Marks(pk in enrolled, desil.get(pk, ""), pk in asked) for pk in ids}


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

    @property
    def facilities(self) -> list[str]:
        """Schools and health posts the components name, each once."""
        return list(dict.fromkeys(spell.facility.name for spell in self.spells if spell.facility))


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
    return _within(Group.objects.exclude(pk=NO_GROUP).exclude(candidates=True), post)


def villages_in(post: Post) -> QuerySet[Group]:
    """The groups that hold candidates inside the post's reach, one a village."""
    return _within(Group.objects.filter(candidates=True), post)


def _within(groups: QuerySet[Group], post: Post) -> QuerySet[Group]:
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


def held_by_nobody(groups: QuerySet[Group], *, on: date) -> QuerySet[Group]:
    """Those of the groups given to nobody, or whose facilitator holds no post on the day that meets groups."""
    roles = [each.code for each in catalogue().values() if each.reach is Reach.GROUPS]
    serving = Post.objects.held_on(on).filter(user=OuterRef("facilitator"), role_code__in=roles)
    return groups.filter(~Exists(serving))


def facilitators_in(post: Post, *, region: int | None = None, only: int | None = None) -> list[tuple[int, str]]:
    """User and name of those who hold groups there, by name. One query; of a province or more ask for `only` one."""
    groups = groups_in(post).filter(facilitator__isnull=False)
    if only is not None:
        groups = groups.filter(facilitator=only)
    if region is not None:
        low, high = Region(no=region).range
        groups = groups.filter(region_id__gte=low, region_id__lt=high)
    return list(groups.order_by("facilitator__name").values_list("facilitator", "facilitator__name").distinct())


def facilitators_serving(post: Post, group: Group | None, *, on: date) -> list[tuple[str, str]]:
    """Those who hold a facilitator's post today in the kabupaten of the group, or of the reader. One query."""
    roles = [each.code for each in catalogue().values() if each.reach is Reach.GROUPS]
    held = Post.objects.held_on(on).filter(role_code__in=roles, user__is_active=True)
    regions = [codes.ancestor(int(group.region_id or 0), codes.Level.REGENCY)] if group else post.region_nos
    if not regions:
        return []
    posts = held.within(*(codes.range_of(number) for number in regions))
    people = User.objects.filter(pk__in=posts.values("user")).order_by("name", "pk")
    return [(str(user.pk), user.name) for user in people]


def counted_to(families: FamilyQuerySet, most: int) -> int:
    """How many there are, but no further than one beyond `most`: a title need not count a nation."""
    return families.order_by()[: most + 1].count()
