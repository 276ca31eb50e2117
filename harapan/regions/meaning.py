"""Which region somebody means who types its code or its name, as people say it: "Tapin Tengah, Tapin"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from harapan.core.phrases import Phrase, joined
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.errors import AmbiguousRegion, UnknownRegion
from harapan.regions.models import Region
from harapan.regions.naming import Kind, kind_of, own_keys, readings

NAMED_MAX = 4
LEVEL_WORDS = {Level.REGENCY: ("KABUPATEN", "KABUPATENADMINISTRASI", "KOTA", "KOTAADMINISTRASI")}


def region_meant(
    text: str, *, widest: Level = Level.PROVINCE, deepest: Level = Level.VILLAGE,
    within: Sequence[tuple[int, int]] = (),
) -> Region:  # fmt: skip
    """By its code; or by its name, with those around it after commas where several bear it. Two queries.

    within: half-open ranges in which a name is looked for; nothing: the nation. Of several levels the widest is meant.
    Raises UnreadableCode, UnknownRegion, or AmbiguousRegion naming the candidates.
    """
    if not any(letter.isalpha() for letter in text):
        return Region.objects.by_code(text)
    name, *around = [part for part in (part.strip() for part in text.split(",")) if part]
    found = _around(_named(name, widest, deepest, within), around)
    levels = {codes.level_of(number) for number in found}
    meant = [number for number in found if codes.level_of(number) == min(levels)]
    if not meant:
        raise UnknownRegion(
            Phrase("Wilayah “{text}” tidak ditemukan. Periksa ejaannya, atau tulis kodenya.", text=text.strip())
        )
    if len(meant) > 1:
        raise _ambiguous(name, meant)
    return Region.objects.get(no=meant[0])


def _named(name: str, widest: Level, deepest: Level, within: Sequence[tuple[int, int]]) -> list[int]:
    wanted = Q(pk__in=())
    for level in Level:
        if widest <= level <= deepest:
            wanted |= Q(level=level, name_key__in=_keys(level, name))
    rows = Region.objects.filter(wanted, until=None)
    if within:
        inside = Q(pk__in=())
        for low, high in within:
            inside |= Q(no__gte=low, no__lt=high)
        rows = rows.filter(inside)
    return [number for number in rows.order_by("no").values_list("no", flat=True) if _fits(number, name)]


def _keys(level: Level, name: str) -> set[str]:
    """As the official list has the name: a kabupaten or kota with its word, whether or not it was typed."""
    keys = {reading.key for reading in readings(level, name)}
    return keys | {word + key for word in LEVEL_WORDS.get(level, ()) for key in keys}


def _fits(number: int, name: str) -> bool:
    """Whether the word that was typed with the name ("Kota", "Desa") is true of the region."""
    kinds = {reading.kind for reading in readings(codes.level_of(number), name)[1:]} - {Kind.UNSAID}
    return not kinds or kind_of(number) in kinds


def _around(found: Iterable[int], around: Sequence[str]) -> list[int]:
    """Those of them that lie in places of all these names."""
    numbers = list(found)
    if not around:
        return numbers
    above = {number: codes.lineage(number)[:-1] for number in numbers}
    names = dict(Region.objects.filter(no__in={no for each in above.values() for no in each}).values_list("no", "name"))
    return [
        number for number in numbers
        if all(any(_called(no, names[no], part) for no in above[number] if no in names) for part in around)
    ]  # fmt: skip


def _called(number: int, name: str, typed: str) -> bool:
    keys = {reading.key for reading in readings(codes.level_of(number), typed)}
    return bool(keys & own_keys(number, name)) and _fits(number, typed)


def _ambiguous(name: str, meant: Sequence[int]) -> AmbiguousRegion:
    told = list(Region.objects.path_names(meant[:NAMED_MAX]).values())
    more = Phrase(" dan {n} lagi", n=len(meant) - NAMED_MAX) if len(meant) > NAMED_MAX else ""
    return AmbiguousRegion(
        Phrase(
            "Nama {name} ada di beberapa tempat: {places}{more}. Tulis juga nama di atasnya, misalnya {first}.",
            name=name, places=joined(told, "; "), more=more, first=told[0],
        )
    )  # fmt: skip
