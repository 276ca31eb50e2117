"""Who holds how many families where, as the records stand on a day: the same number of queries for any region."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach, catalogue
from harapan.core.errors import Refused
from harapan.core.periods import month_days, month_of
from harapan.core.phrases import Phrase
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.registry.actions import NotYours
from harapan.registry.models import NO_GROUP, Enrolment, Family, Group
from harapan.workforce.balancing.problem import Band, Bundle, Person
from harapan.workforce.duties import duty_days, in_force
from harapan.workforce.law import CaseloadLaw, law_on
from harapan.workforce.models import Difficulty, Terrain


@dataclass(frozen=True, slots=True)
class Facilitator:
    """Somebody who can hold families, with what they hold. `home`: the kecamatan or kabupaten/kota they serve."""

    user: int
    name: str
    username: str
    home: int
    terrain: Difficulty
    duty_days: int
    band: Band
    weight: int
    load: int = 0
    groups: int = 0
    villages: int = 0
    districts: int = 0

    @property
    def outside(self) -> int:
        """Families too many or too few."""
        return self.band.outside(self.load)

    @property
    def person(self) -> Person:
        return Person(self.user, self.band, self.weight, self.home)


@dataclass(frozen=True)
class Caseload:
    """A region's loads. `bundles`: all families of those who serve there, and those that nobody holds."""

    region: Region
    day: date
    law: CaseloadLaw
    facilitators: Mapping[int, Facilitator]
    bundles: Sequence[Bundle]
    group_names: Mapping[int, str]
    villages_untold: int  # villages with families whose terrain nobody has told

    @property
    def families(self) -> int:
        return sum(bundle.families for bundle in self.bundles)

    @property
    def unheld(self) -> int:
        return sum(bundle.families for bundle in self.bundles if bundle.holder is None)


def read_caseload(post: Post, region: Region, *, on: date, without: Iterable[int] = ()) -> Caseload:
    """The loads of a region as the post sees them; `without`: users counted as gone, whose families nobody holds.

    A facilitator belongs to the kecamatan of the post; where the post is wider, to where most of their families are.
    Eight queries. Raises NotYours outside the post's reach, Refused for a region narrower than a kecamatan.
    """
    _refuse(post, region)
    around = codes.ancestor(region.no, Level(min(region.level, Level.REGENCY)))
    counted = _counted(post, around, on)
    groups = {pk: (name, place, holder) for pk, name, place, holder in _groups(counted)}
    posts = _posts(around, on, set(without))
    bundles = _bundles(counted, groups, posts.keys())
    held = defaultdict(list)
    for bundle in bundles:
        held[bundle.holder].append(bundle)
    homes = {user: _home(post, held[user]) for user, post in posts.items()}
    serving = {user: post for user, post in posts.items() if codes.contains(region.no, homes[user])}
    law, told, duties = law_on(on), _terrain(around, on), _duties(homes, on)
    described = {
        user: _described(post, homes[user], held[user], law, told, duties.get(user, 0))
        for user, post in serving.items()
    }
    kept = [
        bundle for bundle in bundles
        if bundle.holder in described or (bundle.holder is None and codes.contains(region.no, bundle.village))
    ]  # fmt: skip
    untold = {each.village for each in kept} - {place for place, group in told if not group}
    return Caseload(
        region, on, law, described, kept, {pk: name for pk, (name, _place, _holder) in groups.items()}, len(untold)
    )


def read_own(post: Post, *, on: date) -> Facilitator:
    """The load of somebody who meets groups, by the groups of the post. Five queries."""
    rows = groups_held(post, on=on)
    held = [Bundle(group.pk, int(group.region_id or 0), number, post.user_id) for group, number in rows if number]
    home = _home(post, held)
    around = codes.ancestor(home, Level(min(codes.level_of(home), Level.REGENCY)))
    days = _duties({post.user_id: home}, on).get(post.user_id, 0)
    return _described(post, home, held, law_on(on), _terrain(around, on), days)


def groups_held(post: Post, *, on: date) -> list[tuple[Group, int]]:
    """The groups of the post with their families of the day: those who meet, and those not yet in one. Two queries."""
    enrolled = Enrolment.objects.filter(spell__contains=on)
    families = Family.objects.visible_to(post).filter(pk__in=enrolled.values("family")).order_by()
    counted = dict(families.values_list("group").annotate(number=Count("pk")))
    groups = Group.objects.filter(pk__in=post.groups).select_related("region").order_by("region_id", "name", "pk")
    return [(group, counted.get(group.pk, 0)) for group in groups]


def _refuse(post: Post, region: Region) -> None:
    if region.level == Level.VILLAGE:
        raise Refused(
            "{region} terlalu sempit: pendamping bertugas di satu kecamatan. Sebut kecamatan, kabupaten/kota, atau "
            "provinsi.",
            region=region.display_name,
        )
    if post.role.reach is not Reach.NATION and not any(low <= region.no < high for low, high in post.ranges):
        raise NotYours(Phrase("Wilayah"))


def _counted(post: Post, around: int, on: date) -> dict[tuple[int, int], int]:
    """(group, village) -> families that belong to the programme on the day; those without a group by village."""
    low, high = codes.range_of(around)
    enrolled = Enrolment.objects.filter(spell__contains=on, region_no__gte=low, region_no__lt=high)
    families = Family.objects.visible_to(post).inside(low, high).filter(pk__in=enrolled.values("family"))
    found: Counter[tuple[int, int]] = Counter()
    rows = families.order_by().values_list("group", "region_id").annotate(number=Count("pk"))
    for group, village, number in rows:
        found[group, village if group == NO_GROUP else 0] += number
    return found


def _groups(counted: Iterable[tuple[int, int]]) -> Iterable[tuple[int, str, int, int | None]]:
    wanted = {group for group, _village in counted}
    rows = Group.objects.filter(pk__in=wanted).exclude(pk=NO_GROUP).order_by()
    return rows.values_list("pk", "name", "region_id", "facilitator")


def _posts(around: int, on: date, without: set[int]) -> dict[int, Post]:
    """User -> the post that meets groups."""
    roles = [code for code, role in catalogue().items() if role.reach is Reach.GROUPS]
    posts = Post.objects.filter(role_code__in=roles, user__is_active=True).held_on(on).within(codes.range_of(around))
    found: dict[int, Post] = {}
    for post in posts.exclude(user__in=without).select_related("user").order_by("pk"):
        found.setdefault(post.user_id, post)
    return found


def _bundles(
    counted: Mapping[tuple[int, int], int], groups: Mapping[int, tuple[str, int, int | None]], serving: Iterable[int]
) -> list[Bundle]:
    """In order of place and group. A group whose facilitator no longer serves is held by nobody."""
    here, bundles = set(serving), []
    for (group, village), families in counted.items():
        _name, place, holder = groups.get(group, ("", village, None))
        bundles.append(Bundle(group, place or village, families, holder if holder in here else None))
    return sorted(bundles, key=lambda each: (each.village, each.group))


def _home(post: Post, held: Sequence[Bundle]) -> int:
    own = [codes.ancestor(no, Level(min(codes.level_of(no), Level.DISTRICT))) for no in post.region_nos]
    districts: Counter[int] = Counter()
    for bundle in held:
        districts[codes.ancestor(bundle.village, Level.DISTRICT)] += bundle.families
    exact = [no for no in own if codes.level_of(no) is Level.DISTRICT]
    if len(exact) == 1 or not districts:
        return (exact or own)[0]
    among = {no: n for no, n in districts.items() if not exact or no in exact} or districts
    return min(among, key=lambda no: (-among[no], no))


def _terrain(around: int, on: date) -> dict[tuple[int, int | None], Difficulty]:
    """(village, group or None) -> the latest that was told."""
    low, high = codes.range_of(around)
    rows = Terrain.objects.filter(region__gte=low, region__lt=high, since__lte=on).order_by("since", "pk")
    return {
        (region, group): Difficulty(difficulty)
        for region, group, difficulty in rows.values_list("region_id", "group_id", "difficulty")
    }


def _duties(homes: Mapping[int, int], on: date) -> dict[int, int]:
    """User -> working days of this month that go to extra duties which are not over yet. One query."""
    month = month_of(on)
    return {user: duty_days(duties, month) for user, duties in in_force(homes, on, month_days(month)[1]).items()}


def _described(
    post: Post,
    home: int,
    held: Sequence[Bundle],
    law: CaseloadLaw,
    told: Mapping[tuple[int, int | None], Difficulty],
    days: int,
) -> Facilitator:
    user = post.user_id
    weighed: Counter[Difficulty] = Counter()
    for bundle in held:
        at = told.get((bundle.village, bundle.group)) or told.get((bundle.village, None)) or law.unknown
        weighed[at] += bundle.families
    # the terrain of most families; of two equal ones the harder
    terrain = max(weighed, key=lambda each: (weighed[each], each), default=law.unknown)
    return Facilitator(
        user, post.user.name, post.user.username, home, terrain, days,
        band=law.band(terrain, duty_days=days),
        weight=law.days_left(days),
        load=sum(bundle.families for bundle in held),
        groups=len({bundle.group for bundle in held}),
        villages=len({bundle.village for bundle in held}),
        districts=len({codes.ancestor(bundle.village, Level.DISTRICT) for bundle in held}),
    )  # fmt: skip
