"""Two lists side by side: who is new, who is gone, whose amount, component, bank or place changed. Set-based SQL.

A component changed when both lists name it and differ; where they do not (the ministry's list has no such column), when
both stages were computed here and the counted components differ. Neither known: nothing is said about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connections

from harapan.benefits.computing import live_run
from harapan.benefits.models import Stage
from harapan.benefits.places import naming, range_for
from harapan.core.components import Component
from harapan.core.errors import Misuse
from harapan.core.phrases import Phrase, joined
from harapan.database.scope import active_alias

ROWS_AT_ONCE = 5000


class Change(StrEnum):
    NEW = "new"
    GONE = "gone"
    AMOUNT = "amount"
    COMPONENT = "component"
    BANK = "bank"
    PLACE = "place"


CHANGE_LABELS = {
    Change.NEW: Phrase("Baru"),
    Change.GONE: Phrase("Keluar"),
    Change.AMOUNT: Phrase("Jumlah berubah"),
    Change.COMPONENT: Phrase("Komponen berubah"),
    Change.BANK: Phrase("Bank berubah"),
    Change.PLACE: Phrase("Pindah wilayah"),
}

_SIDE = """
    SELECT family_id, sum(nominal_idr)::bigint AS idr, string_agg(DISTINCT bank, ', ' ORDER BY bank) AS bank,
           max(listed_region_no) AS place, string_agg(nullif(component, ''), ', ' ORDER BY wave) AS words
    FROM benefits_listing WHERE stage_id = %({side})s {narrowed} GROUP BY family_id"""
_COUNTED = """
    SELECT family_id, string_agg(component::text, ',' ORDER BY component) AS components
    FROM benefits_line WHERE run_id = %({side}_run)s AND counted {narrowed} GROUP BY family_id"""
_BOTH = f"""
    WITH a AS ({_SIDE.format(side="first", narrowed="{narrowed}")}),
         b AS ({_SIDE.format(side="second", narrowed="{narrowed}")}),
         ac AS ({_COUNTED.format(side="first", narrowed="{narrowed}")}),
         bc AS ({_COUNTED.format(side="second", narrowed="{narrowed}")}),
    sides AS (
        SELECT coalesce(a.family_id, b.family_id) AS family_id, a.idr AS idr_before, b.idr AS idr_after,
               a.bank AS bank_before, b.bank AS bank_after, a.place AS place_before, b.place AS place_after,
               coalesce(a.words, ac.components) AS components_before,
               coalesce(b.words, bc.components) AS components_after,
               a.family_id IS NULL AS "new", b.family_id IS NULL AS gone,
               coalesce(a.idr <> b.idr, false) AS amount,
               CASE WHEN a.family_id IS NULL OR b.family_id IS NULL THEN false
                    WHEN a.words IS NOT NULL AND b.words IS NOT NULL THEN a.words <> b.words
                    WHEN %(first_run)s::bigint IS NULL OR %(second_run)s::bigint IS NULL THEN false
                    ELSE ac.components IS DISTINCT FROM bc.components END AS component,
               coalesce(a.bank <> b.bank, false) AS bank,
               coalesce(a.place <> b.place, false) AND a.place > 0 AND b.place > 0 AS place
        FROM a FULL JOIN b ON b.family_id = a.family_id
        LEFT JOIN ac ON ac.family_id = a.family_id LEFT JOIN bc ON bc.family_id = b.family_id
    )"""  # noqa: S608 - our own text
_ANY = '("new" OR gone OR amount OR component OR bank OR place)'

# what totals are grouped by: the key and its words
_BY = {
    "district": ("f.region_no / 10000 * 10000", "NULL::text"),
    "village": ("f.region_no", "NULL::text"),
    "desil": ("coalesce(t.value, '')", "NULL::text"),
    "facilitator": ("coalesce(g.facilitator_id, 0)", "u.name"),
}
# what must be joined to group or to narrow by one of them
_JOINED = {
    "desil": (
        "LEFT JOIN LATERAL (SELECT o.value FROM registry_outsidefact o WHERE o.family_id = f.id AND o.kind = 'desil'"
        " ORDER BY o.as_of DESC, o.id DESC LIMIT 1) t ON true"
    ),
    "facilitator": (
        "LEFT JOIN registry_group g ON g.id = f.group_id LEFT JOIN accounts_user u ON u.id = g.facilitator_id"
    ),
}


@dataclass(frozen=True, slots=True)
class Within:
    """Which families are compared; None narrows nothing.

    region: its number. desil: as told, "" for those of whom none was told. facilitator: the user, 0 for families whose
    group has none.
    """

    region: int | None = None
    desil: str | None = None
    facilitator: int | None = None

    def joined(self, by: str = "") -> str:
        """What the family must be joined with to be grouped by `by` and narrowed by these."""
        asked = {by, *(name for name in _JOINED if getattr(self, name) is not None)}
        return " ".join(words for name, words in _JOINED.items() if name in asked)

    @property
    def condition(self) -> str:
        wanted = [f"{_BY[name][0]} = %({name})s" for name in _JOINED if getattr(self, name) is not None]
        return " AND ".join(wanted) or "true"


EVERYBODY = Within()


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One place, desil or facilitator (`key`, `name`): how many families of each change, and rupiah on both lists."""

    key: int | str
    name: str
    families_before: int
    families_after: int
    new: int
    gone: int
    amount: int
    component: int
    bank: int
    place: int
    idr_before: int
    idr_after: int


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """One family that differs. None on the side where it is not listed; components as the list or the run has them."""

    family_id: int
    region_no: int
    name: str
    changes: tuple[Change, ...]
    idr_before: int | None
    idr_after: int | None
    bank_before: str | None
    bank_after: str | None
    place_before: int | None
    place_after: int | None
    components_before: str
    components_after: str
    desil: str = ""  # in an export; "" where none was told
    facilitator: str = ""  # in an export; "" where the group has none

    @property
    def key(self) -> tuple[int, int]:
        """Where the next page begins."""
        return self.region_no, self.family_id


def total(first: Stage, second: Stage, *, within: Within = EVERYBODY) -> TotalRow:
    """Everything in scope in one row."""
    rows = _totals(first, second, key="0", words="NULL::text", within=within)
    return TotalRow(0, "Jumlah", *rows[0][2:]) if rows else TotalRow(0, "Jumlah", *([0] * 10))


def totals(first: Stage, second: Stage, *, by: str, within: Within = EVERYBODY) -> list[TotalRow]:
    """Per "district", "village", "desil" or "facilitator", in order of place, desil or name. Two queries."""
    if by not in _BY:
        raise Misuse(
            "Perbandingan menurut “{by}” tidak ada; pilih salah satu dari {known}.", by=by, known=", ".join(_BY)
        )
    key, words = _BY[by]
    rows = _totals(first, second, key=key, words=words, within=within, by=by)
    places = naming(row[0] for row in rows) if by in ("district", "village") else {}
    found = [TotalRow(row[0], _name(by, row, places), *row[2:]) for row in rows]
    return sorted(found, key=lambda row: row.name) if by == "facilitator" else found


def _name(by: str, row: tuple[Any, ...], places: dict[int, str]) -> str:
    if by == "facilitator":
        return row[1] or Phrase("Tanpa pendamping")
    if by == "desil":
        return Phrase("Desil {desil}", desil=row[0]) if row[0] else Phrase("Desil belum diketahui")
    return places.get(row[0], str(row[0]))


def _totals(
    first: Stage, second: Stage, *, key: str, words: str, within: Within, by: str = ""
) -> list[tuple[Any, ...]]:
    counted = ", ".join(f'count(*) FILTER (WHERE s."{change}")' for change in Change)
    select = f"""
        SELECT {key} AS key, max({words}), count(s.idr_before), count(s.idr_after), {counted},
               coalesce(sum(s.idr_before), 0)::bigint, coalesce(sum(s.idr_after), 0)::bigint
        FROM sides s JOIN registry_family f ON f.id = s.family_id {within.joined(by)}
        WHERE {within.condition} GROUP BY 1 ORDER BY 1"""  # noqa: S608
    sql, values = _composed(first, second, within, select)
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def rows(
    first: Stage, second: Stage, *, change: Change | None = None, within: Within = EVERYBODY,
    after: tuple[int, int] | None = None, limit: int = 50,
) -> list[ChangedRow]:  # fmt: skip
    """Families that differ (in one way, if asked), by place; `after` is the `key` of the last row seen. One query."""
    sql, values = _changed(first, second, change, within)
    paged = " AND (f.region_no, s.family_id) > (%(after_region)s, %(after_family)s)" if after else ""
    values |= {"limit": limit, "after_region": after[0] if after else 0, "after_family": after[1] if after else 0}
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(f"{sql}{paged} ORDER BY f.region_no, s.family_id LIMIT %(limit)s", values)
        return [_row(found) for found in cursor.fetchall()]


def every_row(
    first: Stage, second: Stage, *, change: Change | None = None, within: Within = EVERYBODY
) -> Iterator[ChangedRow]:
    """All of them for an export, with desil and facilitator, streamed by the database.

    Needs the open transaction of the scope.
    """
    sql, values = _changed(first, second, change, within, whose=True)
    with connections[active_alias()].chunked_cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY f.region_no, s.family_id", values)
        while found := cursor.fetchmany(ROWS_AT_ONCE):
            yield from map(_row, found)


def _changed(
    first: Stage, second: Stage, change: Change | None, within: Within, *, whose: bool = False
) -> tuple[str, dict[str, Any]]:
    """whose: with desil and facilitator of each family."""
    wanted = f's."{Change(change)}"' if change else _ANY
    flags = ", ".join(f's."{each}"' for each in Change)
    about, joined_with = ("t.value, u.name", " ".join(_JOINED.values())) if whose else ("NULL, NULL", within.joined())
    select = f"""
        SELECT s.family_id, f.region_no, f.name, {about}, s.idr_before, s.idr_after, s.bank_before, s.bank_after,
               s.place_before, s.place_after, s.components_before, s.components_after, {flags}
        FROM sides s JOIN registry_family f ON f.id = s.family_id {joined_with}
        WHERE {wanted} AND {within.condition}"""  # noqa: S608
    return _composed(first, second, within, select)


def _composed(first: Stage, second: Stage, within: Within, select: str) -> tuple[str, dict[str, Any]]:
    if first.pk == second.pk:
        raise Misuse(
            "Tahap {first} dibandingkan dengan dirinya sendiri; sebutkan dua tahap yang berbeda.", first=first.name
        )
    inside = range_for(within.region)
    runs = (live_run(first), live_run(second))
    values: dict[str, Any] = {
        "first": first.pk, "second": second.pk,
        "first_run": runs[0].pk if runs[0] else None, "second_run": runs[1].pk if runs[1] else None,
        "desil": within.desil, "facilitator": within.facilitator,
    }  # fmt: skip
    if inside:
        values |= {"low": inside[0], "high": inside[1]}
    narrowed = "AND region_no >= %(low)s AND region_no < %(high)s" if inside else ""
    return f"{_BOTH.format(narrowed=narrowed)} {select}", values


def _row(found: tuple[Any, ...]) -> ChangedRow:
    family, region, name, desil, facilitator, *sides = found
    before_idr, after_idr, before_bank, after_bank, before_place, after_place, before, after, *flags = sides
    changes = tuple(change for change, holds in zip(Change, flags, strict=True) if holds)
    return ChangedRow(
        family, region, name, changes, before_idr, after_idr, before_bank, after_bank, before_place, after_place,
        _components(before), _components(after), desil or "", facilitator or "",
    )  # fmt: skip


def _components(told: str | None) -> str:
    """A run's codes as labels; a list's own words as they are."""
    codes = (told or "").split(",")
    if all(code.isdecimal() for code in codes):
        return joined((Component(int(code)).label for code in codes), ", ")
    return told or ""
