"""Members of many families, and what each counts for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from harapan.core.names import name_key
from harapan.database.fields import draw_ids
from harapan.database.sealing import index, seal, seal_column
from harapan.database.staging import staged
from harapan.registry.models import Member


class KnownMember(NamedTuple):
    id: int
    family_id: int
    nik_ix: bytes | None
    name_key: str
    manager: bool


_MEMBERS = """
    SELECT m.id, m.family_id, m.nik_ix, m.name_key, m.manager FROM registry_member m
    WHERE m.family_id IN (SELECT family_id FROM wanted) OR m.nik_ix IN (SELECT nik_ix FROM wanted)"""


def members_of(family_ids: Iterable[int], nik_ixs: Iterable[bytes]) -> list[KnownMember]:
    """The members of these families, and whoever in scope bears one of these NIK. One statement."""
    rows = [(family, None) for family in set(family_ids)] + [(None, nik_ix) for nik_ix in set(nik_ixs)]
    with staged("wanted", {"family_id": "bigint", "nik_ix": "bytea"}, rows) as cursor:
        cursor.execute(_MEMBERS)
        return [
            KnownMember(number, family, bytes(nik_ix) if nik_ix else None, key, manager)
            for number, family, nik_ix, key, manager in cursor.fetchall()
        ]


@dataclass(slots=True)
class NewMember:
    """A member seen for the first time; the NIK in full or None, the birth date as the NIK tells it."""

    family_id: int
    name: str
    nik: str | None = None
    sex: int = 0
    born_on: date | None = None
    relation: str = Member.Relation.OTHER


NEW_COLUMNS = {
    "id": "bigint", "family_id": "bigint", "nik": "bytea", "nik_ix": "bytea", "name": "text", "name_key": "text",
    "sex": "smallint", "born_on": "date", "relation": "text",
}  # fmt: skip
_ADD = """
    INSERT INTO registry_member (id, family_id, region_no, group_id, nik, nik_ix, name, name_key, sex, born_on,
                                 born_source, relation, manager, sources)
    SELECT n.id, f.id, f.region_no, f.group_id, n.nik, n.nik_ix, n.name, n.name_key, n.sex, n.born_on,
           CASE WHEN n.born_on IS NULL THEN '' ELSE 'derived' END, n.relation, false,
           jsonb_build_object('name', jsonb_build_array(%(source)s::text, %(on)s::text),
                              'nik', jsonb_build_array(%(source)s::text, %(on)s::text))
    FROM new_member n JOIN registry_family f ON f.id = n.family_id ORDER BY n.id"""


def add_members(members: Sequence[NewMember], *, source: str, on: date) -> list[int]:
    """Write new members; their ids, in order."""
    if not members:
        return []
    ids = draw_ids(Member, len(members))
    niks, nik_ixs = seal_column([m.nik for m in members], kind="nik", table="registry_member", row_ids=ids)
    rows = (
        (row, m.family_id, nik, nik_ix, m.name, name_key(m.name), m.sex, m.born_on, m.relation)
        for row, m, nik, nik_ix in zip(ids, members, niks, nik_ixs, strict=True)
    )
    with staged("new_member", NEW_COLUMNS, rows) as cursor:
        cursor.execute(_ADD, {"source": source, "on": on.isoformat()})
    return ids


_FILL = """
    UPDATE registry_member m SET
        nik = n.nik, nik_ix = n.nik_ix,
        born_source = CASE WHEN m.born_on IS NULL AND n.born_on IS NOT NULL THEN 'derived' ELSE m.born_source END,
        born_on = coalesce(m.born_on, n.born_on), sex = CASE WHEN m.sex = 0 THEN n.sex ELSE m.sex END
    FROM filled_member n WHERE n.id = m.id"""


def fill_niks(members: Sequence[tuple[int, str, int, date | None]]) -> None:
    """Set the NIK of members who had none: (member, NIK, sex, birth date), the latter two where not known either."""
    if not members:
        return
    rows = (
        (row, seal(nik, kind="nik", table="registry_member", row_id=row), index("nik", nik), sex, born_on)
        for row, nik, sex, born_on in members
    )
    columns = {"id": "bigint", "nik": "bytea", "nik_ix": "bytea", "sex": "smallint", "born_on": "date"}
    with staged("filled_member", columns, rows) as cursor:
        cursor.execute(_FILL)


class KnownSpell(NamedTuple):
    id: int
    member_id: int
    component: int
    since: date
    until: date | None  # the first day outside; None while it runs

    @property
    def open(self) -> bool:
        return self.until is None


_SPELLS = """
    SELECT c.id, c.member_id, c.component, lower(c.spell), upper(c.spell)
    FROM registry_componentspell c JOIN wanted w ON w.id = c.member_id"""


def spells_of(member_ids: Iterable[int]) -> dict[int, list[KnownSpell]]:
    """What these members count for and counted for, by member. One statement."""
    spells: dict[int, list[KnownSpell]] = {}
    with staged("wanted", {"id": "bigint"}, ((member,) for member in set(member_ids))) as cursor:
        cursor.execute(_SPELLS)
        for row in cursor.fetchall():
            spells.setdefault(row[1], []).append(KnownSpell(*row))
    return spells


_BEGIN = """
    INSERT INTO registry_componentspell (family_id, region_no, group_id, member_id, component, spell, grade, student_no,
                                         ordinal, source)
    SELECT m.family_id, m.region_no, m.group_id, m.id, b.component, daterange(%(since)s, NULL), '', '', 0, %(source)s
    FROM begun b JOIN registry_member m ON m.id = b.member_id"""


def begin_components(begun: Sequence[tuple[int, int]], *, source: str, since: date) -> None:
    """(member, component): each counts from that day on."""
    if begun:
        with staged("begun", {"member_id": "bigint", "component": "smallint"}, begun) as cursor:
            cursor.execute(_BEGIN, {"source": source, "since": since})


# What began on the very day it ends never was.
_NEVER = "DELETE FROM registry_componentspell c USING ended e WHERE e.id = c.id AND lower(c.spell) >= %s"
_END = "UPDATE registry_componentspell c SET spell = daterange(lower(c.spell), %s) FROM ended e WHERE e.id = c.id"


def end_components(spell_ids: Sequence[int], *, on: date) -> None:
    """These spells end: `on` is their first day outside."""
    if spell_ids:
        with staged("ended", {"id": "bigint"}, ((spell,) for spell in spell_ids)) as cursor:
            cursor.execute(_NEVER, [on])
            cursor.execute(_END, [on])


_EARLIER = """
    UPDATE registry_componentspell c SET spell = daterange(%s, upper(c.spell)) FROM earlier e WHERE e.id = c.id"""


def begin_earlier(spell_ids: Sequence[int], *, since: date) -> None:
    """These spells, known so far from a later day, hold from this day on."""
    if spell_ids:
        with staged("earlier", {"id": "bigint"}, ((spell,) for spell in spell_ids)) as cursor:
            cursor.execute(_EARLIER, [since])


_NUMBERED = """
    SELECT DISTINCT ON (w.student_no) w.student_no, m.id, m.family_id, m.nik_ix, m.name_key, m.manager
    FROM wanted w JOIN registry_componentspell c ON c.student_no = w.student_no
    JOIN registry_member m ON m.id = c.member_id ORDER BY w.student_no, lower(c.spell) DESC"""


def members_by_student_no(numbers: Iterable[str]) -> dict[str, KnownMember]:
    """The pupils of these NISN. One statement."""
    with staged("wanted", {"student_no": "text"}, ((number,) for number in set(numbers))) as cursor:
        cursor.execute(_NUMBERED)
        return {row[0]: KnownMember(*row[1:]) for row in cursor.fetchall()}
