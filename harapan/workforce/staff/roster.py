"""Who serves where, against how many should: lines by region, figures by cohort, kind and contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Q, QuerySet

from harapan.accounts.models import Post, User
from harapan.accounts.roles import Reach, catalogue
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.registry.actions import NotYours
from harapan.workforce.models import Departure, Establishment, Person
from harapan.workforce.queries import reaches
from harapan.workforce.staff import reach

KINDS = [kind for kind in Person.serving_kinds() if kind is not Person.Kind.OFFICE]  # officials carry no families


@dataclass(frozen=True, slots=True)
class Line:
    """One region. `places` None: nobody has said how many. `away`: on leave today.

    `vacant` and `above` are counted kecamatan by kecamatan: one's surplus does not fill another's vacancy.
    """

    region_no: int
    serving: int
    vacant: int
    above: int
    away: int
    people: Mapping[str, int]  # by kind, with or without an account
    places: int | None = None

    @property
    def kinds(self) -> list[tuple[str, int]]:
        return [(kind.label, self.people.get(kind, 0)) for kind in KINDS]


def serving(post: Post, *, on: date) -> QuerySet[Person]:
    """Everybody in reach who has come and not gone."""
    rows = reach.persons_in(post).filter(since__lte=on)
    return rows.filter(Q(until__isnull=True) | Q(until__gt=on))


def coming(post: Post, *, on: date) -> QuerySet[Person]:
    """Everybody in reach who is taken on and has not begun."""
    return reach.persons_in(post).filter(since__gt=on, until__isnull=True)


def lines(post: Post, around: Region | None, *, on: date) -> list[Line]:
    """A line for each region below one (None: the provinces) where somebody serves or should. Four queries."""
    level = Level(min((around.level if around else 0) + 1, Level.DISTRICT))
    low, high = around.range if around else codes.NATION
    people = _people(post, low, high, codes.SPAN_OF[level], on)
    meeting, places = _meeting(low, high, on), _places(low, high, on)
    away, found = _away(post, low, high, level, on), set(people)
    summed: dict[str, Counter[int]] = {name: Counter() for name in ("serving", "vacant", "above", "places")}
    for district in {*meeting, *places}:
        here, serves = codes.ancestor(district, level), meeting[district]
        found.add(here)
        summed["serving"][here] += serves
        if district in places:
            summed["places"][here] += places[district]
            summed["vacant"][here] += max(places[district] - serves, 0)
            summed["above"][here] += max(serves - places[district], 0)
    return [
        Line(
            no, summed["serving"][no], summed["vacant"][no], summed["above"][no], away[no], people.get(no, Counter()),
            summed["places"][no] if no in summed["places"] else None,
        )
        for no in sorted(found)
    ]  # fmt: skip


def whole(lines: Collection[Line]) -> Line:
    """The sum of lines."""
    people: Counter[str] = Counter()
    for line in lines:
        people.update(line.people)
    told = [line.places for line in lines if line.places is not None]
    serving, vacant = sum(line.serving for line in lines), sum(line.vacant for line in lines)
    above, away = sum(line.above for line in lines), sum(line.away for line in lines)
    return Line(0, serving, vacant, above, away, people, sum(told) if told else None)


def cohorts(post: Post, around: Region | None, *, on: date) -> list[tuple[int | None, int]]:
    """Year of recruitment -> how many of it serve, the earliest first. One query."""
    low, high = around.range if around else (0, codes.NATION[1])
    rows = serving(post, on=on).filter(kind=Person.Kind.PKH, region_no__gte=low, region_no__lt=high).order_by()
    counted = dict(rows.values_list("cohort").annotate(n=Count("pk")))
    return sorted(counted.items(), key=lambda each: (each[0] is None, each[0]))


def set_establishment(
    region: Region, places: int, *, since: date, source: str, post: Post, by: User, on: date
) -> Establishment:
    """How many facilitators a kecamatan should have. Said twice for a day, the last word stands. Raises Refused."""
    if region.level != Level.DISTRICT:
        raise Refused("Formasi dicatat per kecamatan; {place} bukan itu.", place=region.display_name)
    if not reaches(post, region.no):
        raise NotYours(Phrase("Kecamatan"))
    if not 0 <= places <= 999:
        raise Refused("Formasi {n} tidak masuk akal untuk satu kecamatan. Isi 0 sampai 999.", n=places)
    with atomic():
        row, _made = Establishment.objects.update_or_create(
            region=region, since=since, defaults={"places": places, "source": source.strip(), "set_by": by}
        )
        log.record("establishment.set", kind="establishment", subject=row.pk, body={"places": places})
    return row


def history_of(region_no: int) -> QuerySet[Establishment]:
    return Establishment.objects.filter(region=region_no).select_related("set_by").order_by("-since")


def _people(post: Post, low: int, high: int, span: int, on: date) -> dict[int, Counter[str]]:
    """Region -> people on record there, by kind."""
    found: dict[int, Counter[str]] = {}
    rows = serving(post, on=on).filter(region_no__gte=low, region_no__lt=high).order_by()
    place = ExpressionWrapper(F("region_no") - F("region_no") % span, output_field=BigIntegerField())
    for region, kind, n in rows.annotate(place=place).values_list("place", "kind").annotate(n=Count("pk")):
        found.setdefault(region, Counter())[kind] += n
    return found


def _meeting(low: int, high: int, on: date) -> Counter[int]:
    """Kecamatan -> people whose post meets groups there. Once each, at the first of their kecamatan."""
    roles = [code for code, role in catalogue().items() if role.reach is Reach.GROUPS]
    posts = Post.objects.held_on(on).filter(role_code__in=roles, user__is_active=True).within((low, high))
    first: dict[int, int] = {}
    for user, regions in posts.order_by("pk").values_list("user", "region_nos"):
        first.setdefault(user, next(no for no in regions if low <= no < high))
    return Counter(first.values())


def _places(low: int, high: int, on: date) -> dict[int, int]:
    """Kecamatan -> how many should serve there, by the latest word."""
    rows = Establishment.objects.filter(region__gte=low, region__lt=high, since__lte=on).order_by("since", "pk")
    return dict(rows.values_list("region_id", "places"))


def _away(post: Post, low: int, high: int, level: Level, on: date) -> Counter[int]:
    rows = reach.departures_in(post).filter(kind=Departure.Kind.LEAVE, settled_on__isnull=False)
    rows = rows.filter(leaves_on__lte=on, back_on__gt=on, region_no__gte=low, region_no__lt=high)
    return Counter(codes.ancestor(no, level) for no in rows.order_by().values_list("region_no", flat=True))
