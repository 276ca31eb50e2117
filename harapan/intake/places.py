"""The village of every row, and whether the importer's scope reaches it."""

from __future__ import annotations

from collections.abc import Iterable

from harapan.accounts.roles import Reach
from harapan.core.phrases import Phrase
from harapan.intake.errand import Errand
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region

NAMES = ("province", "regency", "district", "village")


def resolve(errand: Errand, lines: Iterable[int]) -> dict[int, int]:
    """Line -> number of the village; lines without one, or with one outside the post's work area, are refused."""
    sheet, answers = errand.sheet, errand.answers
    wanted = set(lines)
    resolver = Region.objects.resolver(within=_within(errand), needed=Level.VILLAGE)
    columns = [sheet["village_code"], *(sheet[name] for name in NAMES)]
    found: dict[int, int] = {}
    for line, code, province, regency, district, village in zip(sheet.lines, *columns, strict=True):
        if line not in wanted:
            continue
        answer = resolver.resolve(
            code=code or "", province=province, regency=regency, district=district, village=village
        )
        if answer.number is None:
            answers.refuse(line, answer.reason, "village_code")
        elif not _reached(errand, answer.number):
            answers.refuse(line, _OUTSIDE.filled(place=resolver.path(answer.number)), "village_code")
        else:
            found[line] = answer.number
            if answer.warning:
                answers.warn(line, answer.warning)
    return found


_OUTSIDE = Phrase(
    "{place} berada di luar wilayah kerja Anda. Keluarkan baris ini, atau minta petugas wilayah itu yang memasukkannya."
)


def _within(errand: Errand) -> int | None:
    """The smallest subtree that answers every row: loading a province is a fiftieth of loading the nation."""
    if len(errand.post.region_nos) == 1:
        return errand.post.region_nos[0]
    provinces = {code[:2] for code in errand.sheet["village_code"] if code}
    if len(provinces) == 1 and all(errand.sheet["village_code"]):
        number = int(provinces.pop()) * 10**8
        return number if Region.objects.filter(no=number).exists() else None
    return None


def _reached(errand: Errand, number: int) -> bool:
    if errand.post.role.reach is Reach.NATION:
        return True
    return any(low <= number < high for low, high in errand.post.ranges)


def known_districts() -> frozenset[str]:
    """The six digits of every kecamatan that is or was in the official list."""
    return frozenset(codes.compact(number) for number in Region.objects.at(Level.DISTRICT).values_list("no", flat=True))
