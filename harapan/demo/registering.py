"""Facilities, families, members, accounts and what others say of them, written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from harapan.core.components import Component
from harapan.core.names import name_key
from harapan.core.numbers import Sex
from harapan.database.fields import draw_ids
from harapan.database.sealing import seal_column
from harapan.demo.accounts import accounts
from harapan.demo.channels import POST_OFFICE
from harapan.demo.clock import BEFORE_COMPUTED, LIST_ON, SCHOOL_YEAR_BEGAN, SECOND
from harapan.demo.facilities import FacilityKind
from harapan.demo.schooling import counted
from harapan.demo.staffing import Staffed
from harapan.demo.world import World
from harapan.demo.writing import Columns, write
from harapan.registry.models import (
    NO_GROUP,
    Channel,
    ComponentSpell,
    Enrolment,
    Facility,
    Family,
    Member,
    OutsideFact,
    PaymentAccount,
    Source,
)

LEVELS = {
    FacilityKind.POSYANDU: (Facility.Kind.HEALTH, "posyandu"),
    FacilityKind.PUSKESMAS: (Facility.Kind.HEALTH, "puskesmas"),
    FacilityKind.PRIMARY: (Facility.Kind.SCHOOL, "SD"),
    FacilityKind.JUNIOR: (Facility.Kind.SCHOOL, "SMP"),
    FacilityKind.SENIOR: (Facility.Kind.SCHOOL, "SMA"),
    FacilityKind.WELFARE: (Facility.Kind.WELFARE, "LKS"),
}
RELATIONS = {
    "wife": Member.Relation.SPOUSE,
    "head": Member.Relation.SPOUSE,  # where the wife is the one paid
    "child": Member.Relation.CHILD,
    "grandchild": Member.Relation.GRANDCHILD,
    "parent": Member.Relation.PARENT,
}
SEXES = {Sex.FEMALE.value: Member.Sex.FEMALE, Sex.MALE.value: Member.Sex.MALE}
OLDEST_ENROLMENT = date(2018, 1, 1)
DIED_ON = date(2025, 3, 9)
DESIL_DAYS = (date(2024, 12, 1), date(2025, 6, 10))
# Difficulties that the stages of 2024 show.
PLANTED_FOR_COMPUTED = (
    "account_name", "account_number", "account_bank", "account_centre", "shared_account", "recorded_late", "risen",
    "fallen", "missed_month", "passed_the_age",
)  # fmt: skip
MATCHED, NOT_MATCHED = "padan", "tidak padan"


@dataclass(slots=True)
class Registered:
    """Ids as written, by row: families, members (None where a family has none known), facilities; and the scope."""

    families: list[int]
    members: list[int | None]
    facilities: list[int]
    region_nos: Sequence[int]
    groups: list[int]
    since: list[date]


def write_registry(world: World, staffed: Staffed) -> Registered:
    """All that the registry holds of the province, numbers sealed."""
    lonely = world.has("no_group")
    written = Registered(
        families=draw_ids(Family, len(world.families)),
        members=list(draw_ids(Member, len(world.members))),
        facilities=draw_ids(Facility, len(world.facilities.rows)),
        region_nos=world.families.region_no,
        groups=[NO_GROUP if row in lonely else staffed.groups[group] for row, group in enumerate(world.families.group)],
        since=_enrolment_days(world),
    )
    for row in _unknown_members(world):
        written.members[row] = None
    _write_facilities(world, written)
    _write_families(world, written)
    _write_enrolments(world, written)
    _write_members(world, written)
    _write_components(world, written)
    _write_accounts(world, written)
    _write_facts(world, written)
    return written


def _enrolment_days(world: World) -> list[date]:
    chance, new = Random(f"enrolment {world.seed}"), world.has("new")
    longer = frozenset(row for code in PLANTED_FOR_COMPUTED for row in world.planted[code])
    span = (date(2024, 10, 1) - OLDEST_ENROLMENT).days
    days = [OLDEST_ENROLMENT + timedelta(days=int(chance.random() ** 2 * span)) for _ in range(len(world.families))]
    days = [min(day, BEFORE_COMPUTED) if row in longer else day for row, day in enumerate(days)]
    return [LIST_ON[SECOND] if row in new else day for row, day in enumerate(days)]


def _unknown_members(world: World) -> Iterator[int]:
    """Members nobody has recorded: all but the one paid of some families, the last child at school of others."""
    managers = set(world.families.pengurus)
    for row in world.planted["no_members"]:
        yield from (member for member in world.members_of(row) if member not in managers)
    for row in world.planted["unknown_member"]:
        yield unknown_child(world, row)


def unknown_child(world: World, row: int) -> int:
    """The member whom the list pays for and the registry does not know."""
    return next(member for member in reversed(world.members_of(row)) if world.members.grade[member])


def _write_facilities(world: World, written: Registered) -> None:
    rows = world.facilities.rows
    columns: Columns = {
        "id": written.facilities,
        "kind": [LEVELS[each.kind][0].value for each in rows],
        "level": [LEVELS[each.kind][1] for each in rows],
        "code": [each.code for each in rows],
        "name": [each.name for each in rows],
        "name_key": [name_key(each.name) for each in rows],
        "region_no": [each.region_no for each in rows],
    }
    write(Facility, columns)


def _write_families(world: World, written: Registered) -> None:
    families, table = world.families, Family._meta.db_table
    kk, kk_ix = seal_column(families.kk, kind="kk", table=table, row_ids=written.families)
    phone, phone_ix = seal_column(world.channels.phone, kind="phone", table=table, row_ids=written.families)
    payees = [world.members.name[row] for row in families.pengurus]
    columns: Columns = {
        "id": written.families,
        "region_no": written.region_nos,
        "group_id": written.groups,
        "dtks_id": families.iddtks,
        "kk": kk,
        "kk_ix": kk_ix,
        "phone": phone,
        "phone_ix": phone_ix,
        "name": payees,
        "name_key": [name_key(name) for name in payees],
        "address": families.street,
        "rt": families.rt,
        "rw": families.rw,
        "registered_on": written.since,
    }
    listed = ("name", "kk", "nik", "region", "dtks_id", "address", "rt", "rw", "bank")
    said = {name: [Source.LIST.value, OLDEST_ENROLMENT.isoformat()] for name in listed}
    said["phone"] = said["group"] = [Source.FIELD.value, SCHOOL_YEAR_BEGAN.isoformat()]
    write(Family, columns, hamlet="", category=0, note="", sources=json.dumps(said))


def _write_enrolments(world: World, written: Registered) -> None:
    columns: Columns = {
        "spell": [f"[{day},)" for day in written.since],
        **scope_columns(written, range(len(world.families))),
    }
    write(Enrolment, columns, source=Source.LIST.value, began_because="", ended_because="")


def _write_members(world: World, written: Registered) -> None:
    members = world.members
    rows = [row for row, number in enumerate(written.members) if number is not None]
    ids = [number for number in written.members if number is not None]
    managers, dead = set(world.families.pengurus), world.has("dead_manager")
    nik, nik_ix = seal_column([members.nik[row] for row in rows], kind="nik", table=Member._meta.db_table, row_ids=ids)
    columns: Columns = {
        "id": ids,
        "nik": nik,
        "nik_ix": nik_ix,
        "name": [members.name[row] for row in rows],
        "name_key": [name_key(members.name[row]) for row in rows],
        "sex": [int(SEXES[members.sex[row]]) for row in rows],
        "born_on": [members.born[row] for row in rows],
        "relation": [
            Member.Relation.MANAGER.value if row in managers else RELATIONS[members.relation[row]].value for row in rows
        ],
        "manager": [row in managers for row in rows],
        "died_on": [DIED_ON if row in managers and members.family[row] in dead else None for row in rows],
        **scope_columns(written, [members.family[row] for row in rows]),
    }
    write(Member, columns, born_source=Source.COMPONENTS.value, left_on=None, sources="{}")


def _write_components(world: World, written: Registered) -> None:
    members = world.members
    spells = [each for each in counted(world, written.since) if written.members[each.member] is not None]
    columns: Columns = {
        "member_id": [written.members[each.member] for each in spells],
        "component": [int(each.component) for each in spells],
        "spell": [f"[{each.since},{each.until or ''})" for each in spells],
        "facility_id": [written.facilities[each.facility] if each.facility >= 0 else None for each in spells],
        "grade": [str(each.grade or "") for each in spells],
        "student_no": [members.nisn[each.member] if each.grade else "" for each in spells],
        "ordinal": [int(each.component == Component.PREGNANT) for each in spells],
        **scope_columns(written, [members.family[each.member] for each in spells]),
    }
    write(ComponentSpell, columns, source=Source.COMPONENTS.value)


def _write_accounts(world: World, written: Registered) -> None:
    """What each family is paid through before the first list; later lists change some."""
    found = list(accounts(world, written.since))
    ids, table = draw_ids(PaymentAccount, len(found)), PaymentAccount._meta.db_table
    number, number_ix = seal_column([each.number for each in found], kind="account", table=table, row_ids=ids)
    card, card_ix = seal_column([each.card for each in found], kind="card", table=table, row_ids=ids)
    columns: Columns = {
        "id": ids,
        "channel": [int(Channel.POST if each.bank == POST_OFFICE else Channel.BANK) for each in found],
        "bank": [each.bank for each in found],
        "number": number,
        "number_ix": number_ix,
        "card": card,
        "card_ix": card_ix,
        "holder": [each.holder for each in found],
        "spell": [f"[{each.since},{each.until or ''})" for each in found],
        **scope_columns(written, [each.family for each in found]),
    }
    write(PaymentAccount, columns, source=Source.LIST.value)


def _write_facts(world: World, written: Registered) -> None:
    facts = list(_facts(world))
    rows = [fact[0] for fact in facts]
    columns: Columns = {
        "kind": [fact[1].value for fact in facts],
        "value": [fact[2] for fact in facts],
        "as_of": [fact[3] for fact in facts],
        "source": [fact[4].value for fact in facts],
        **scope_columns(written, rows),
    }
    write(OutsideFact, columns, member_id=None, received_at=timezone.now())


def _facts(world: World) -> Iterator[tuple[int, OutsideFact.Kind, str, date, Source]]:
    chance, kinds = Random(f"facts {world.seed}"), OutsideFact.Kind
    risen, unmatched = world.has("desil_up"), world.has("nik_not_matched")
    for row in range(len(world.families)):
        desil = "2" if row in risen else chance.choices("1234", (38, 34, 18, 10))[0]
        yield row, kinds.DESIL, desil, DESIL_DAYS[0], Source.DTSEN
        if row in risen:
            yield row, kinds.DESIL, "6", DESIL_DAYS[1], Source.DTSEN
        yield row, kinds.DUKCAPIL, NOT_MATCHED if row in unmatched else MATCHED, DESIL_DAYS[0], Source.LIST


def scope_columns(written: Registered, rows: Sequence[int]) -> Columns:
    """The columns that every row about a family carries."""
    return {
        "family_id": [written.families[row] for row in rows],
        "region_no": [written.region_nos[row] for row in rows],
        "group_id": [written.groups[row] for row in rows],
    }
