"""Regions as rows, and every question asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Self

from django.db import models

from harapan.core.phrases import Phrase
from harapan.regions import codes, naming
from harapan.regions.codes import Level
from harapan.regions.errors import UnknownRegion
from harapan.regions.resolver import KnownRegion, Resolver


class RegionQuerySet(models.QuerySet["Region"]):
    def inside(self, number: int) -> Self:
        """The region with everything below it."""
        low, high = codes.range_of(number)
        return self.filter(no__gte=low, no__lt=high)

    def at(self, level: Level) -> Self:
        return self.filter(level=level)

    def current_on(self, day: date) -> Self:
        """In the official list on that day."""
        return self.exclude(since__gt=day).exclude(until__lte=day)

    def named_like(self, text: str) -> Self:
        """Names that begin with `text`, whatever case and punctuation: for search boxes."""
        return self.filter(name_key__startswith=naming.name_key(text))

    def by_code(self, code: str | int) -> Region:
        """The region with this code, with or without dots. Raises UnreadableCode or UnknownRegion."""
        number = codes.parse(code)
        region = self.filter(no=number).first()
        if region is None:
            raise UnknownRegion(
                Phrase(
                    "Kode wilayah {number} tidak ada dalam daftar Kemendagri. Periksa kodenya atau cari dengan "
                    "nama wilayah.",
                    number=codes.dotted(number),
                )
            )
        return region

    def by_name(self, name: str, *, parent: int | None = None, level: Level | None = None) -> Region:
        """The region of this name inside `parent`, one level below it unless `level` says deeper.

        Without a parent a province is meant. Raises UnknownRegion, or AmbiguousRegion naming the candidates.
        """
        deeper = level or (Level.PROVINCE if parent is None else Level(min(codes.level_of(parent) + 1, Level.VILLAGE)))
        return self.get(no=self.resolver(within=parent).find({deeper: name}, within=parent))

    def resolver(self, *, within: int | None = None, needed: Level = Level.PROVINCE) -> Resolver:
        """Load a subtree (the nation without `within`) once, to answer the rows of a whole file. Two queries.

        Rows that do not reach the level `needed` are refused.
        """
        wanted = self.all() if within is None else self.inside(within) | self.filter(no__in=codes.lineage(within))
        former: dict[int, list[str]] = {}
        for number, name in (
            FormerName.objects.using(self.db).filter(region__in=wanted).values_list("region_id", "name")
        ):
            former.setdefault(number, []).append(name)
        rows = wanted.values_list("no", "name", "until")
        known = (KnownRegion(no, name, until is not None, former.get(no, ())) for no, name, until in rows)
        return Resolver(known, scope=within, needed=needed)

    def path_names(self, numbers: Iterable[int]) -> dict[int, str]:
        """`Region.path_name()` of many regions in one query, for lists."""
        asked = set(numbers)
        lineage = {each for number in asked for each in codes.lineage(number)}
        names = dict(self.filter(no__in=lineage).values_list("no", "name"))
        return {number: naming.path_name(number, names) for number in asked if number in names}


class Region(models.Model):
    """One administrative region of any level. Its number is its code (see `codes`), so a subtree is a range of `no`."""

    no = models.BigIntegerField("nomor wilayah", primary_key=True)
    level = models.SmallIntegerField("tingkat", choices=[(level.value, codes.LEVEL_LABELS[level]) for level in Level])
    name = models.TextField("nama")
    # Collation C, so that a prefix search is an index range and leakproof.
    name_key = models.TextField("kunci nama", db_collation="C")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="induk")
    since = models.DateField("berlaku sejak", null=True, blank=True)
    until = models.DateField("berlaku sampai", null=True, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "wilayah"
        verbose_name_plural = "wilayah"
        indexes = [models.Index(fields=["name_key", "no"], name="region_by_name")]
        constraints = [
            models.CheckConstraint(condition=models.Q(level__range=(1, 4)), name="region_level_is_known"),
            models.CheckConstraint(
                condition=models.Q(since__isnull=True)
                | models.Q(until__isnull=True)
                | models.Q(until__gte=models.F("since")),
                name="region_ends_not_before_it_began",
            ),
            models.CheckConstraint(
                condition=models.Q(level=1, parent__isnull=True) | models.Q(level__gt=1, parent__isnull=False),
                name="region_has_a_parent_below_province",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def code(self) -> str:
        """ "63.05.03.2009", as the ministry prints it."""
        return codes.dotted(self.no)

    @property
    def code_compact(self) -> str:
        """ "6305032009", as lists carry it."""
        return codes.compact(self.no)

    @property
    def range(self) -> tuple[int, int]:
        return codes.range_of(self.no)

    @property
    def village_kind(self) -> codes.VillageKind | None:
        return codes.village_kind(self.no)

    @property
    def display_name(self) -> str:
        """ "Desa Hiyung", "Kec. Tapin Tengah", "Kab. Tapin", "Kalimantan Selatan"."""
        return naming.display_name(self.no, self.name)

    def path_name(self) -> str:
        """ "Desa Hiyung, Kec. Tapin Tengah, Kab. Tapin". One query; for lists use `Region.objects.path_names`."""
        return Region.objects.using(self._state.db).path_names([self.no])[self.no]


@cache
def name_of(no: int) -> str:
    """ "Kab. Tapin". Names change once in years; a process may remember the few dozen its readers work in."""
    region = Region.objects.filter(pk=no).first()
    return region.display_name if region else ""


class FormerName(models.Model):
    """A name that a region bore until a day. Older lists still use it, so the resolver knows it."""

    id = models.BigAutoField(primary_key=True)
    region = models.ForeignKey(Region, models.CASCADE, related_name="former_names", verbose_name="wilayah")
    name = models.TextField("nama")
    until = models.DateField("sampai")

    class Meta:
        verbose_name = "nama lama wilayah"
        verbose_name_plural = "nama lama wilayah"
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="former_name_once")]

    def __str__(self) -> str:
        return f"{self.name} (sampai {self.until:%Y-%m-%d})"
