"""Files that fit the demonstration, for trying every import: what Kabupaten Tapin would get next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from harapan.demo import names
from harapan.demo.answers import answers
from harapan.demo.attendance import QUARTERS, Word, said
from harapan.demo.channels import POST_OFFICE
from harapan.demo.clock import EFFECTIVE_DAYS, NOW, SECOND, THIRD
from harapan.demo.facilities import SCHOOLS, Facility
from harapan.demo.lists import LATE_WAVE, MinistryList
from harapan.demo.registering import LEVELS
from harapan.demo.world import World
from harapan.exchange.beneficiaries import codec as beneficiaries
from harapan.exchange.settlement import codec as settlement
from harapan.exchange.settlement.words import Outcome, Reason
from harapan.exchange.verification_school import codec as school_form
from harapan.exchange.verification_school.head import Head
from harapan.regions import codes
from harapan.regions.codes import Level

REGENCY = 6_305_000_000  # Tapin
NEW_FAMILIES = 5
GONE_EVERY = 90  # one family in so many is not on the next list
FAILED_EVERY = 40  # one late answer in so many is a failure
YEAR, QUARTER = 2025, 2


def write_files(world: World, folder: Path) -> dict[str, str]:
    """Write the files into the folder, made when missing. File name -> what to tell `harapan` to bring it in."""
    folder.mkdir(parents=True, exist_ok=True)
    school = _school(world)
    contents = {
        f"daftar-penerima-{THIRD}.xlsx": (
            beneficiaries.render(_next_list(world)),
            f"beneficiaries {{}} --stage {THIRD} --as data-tapin",
        ),
        f"jawaban-bank-{SECOND}.csv": (
            settlement.render(_late_answers(world), form="csv"),
            f"settlement {{}} --stage {SECOND} --as data-tapin",
        ),
        f"verifikasi-{school.code}.csv": (
            school_form.render(_head(school), _pupils(world, school), form="csv"),
            "verification-school {} --as data-tapin",
        ),
    }
    for name, (raw, _) in contents.items():
        (folder / name).write_bytes(raw)
    return {name: f"import {told.format(folder / name)}" for name, (_, told) in contents.items()}


def _here(world: World, row: int) -> bool:
    return codes.contains(REGENCY, world.families.region_no[row])


def _next_list(world: World) -> Iterator[dict[str, Any]]:
    """The list of 2025-3: nearly everybody again, a few gone, a few new."""
    listed = MinistryList(world, THIRD)
    rows = [row for row in listed.rows() if _here(world, row)]
    for place, row in enumerate(rows, start=1):
        if place % GONE_EVERY:
            yield listed.line(row)
    chance = Random(f"next list {world.seed}")
    for place, name in enumerate(names.women.draw(chance, NEW_FAMILIES)):
        beside = listed.line(rows[place])
        yield beside | {
            "beneficiary_id": f"63059999999{place:04d}",
            "kk": f"{beside['kk'][:12]}99{place:02d}",
            "nik": f"{beside['nik'][:12]}99{place:02d}",
            "name": name.upper(),
            "wave": LATE_WAVE,
        }


def _late_answers(world: World) -> Iterator[dict[str, Any]]:
    """For whom the banks have not answered in 2025-2: mostly credited, some failed."""
    listed = MinistryList(world, SECOND)
    done = {answer.row for answer in answers(world, listed)} | world.has("exclude")
    waiting = [row for row in listed.rows() if _here(world, row) and row not in done]
    for place, row in enumerate(waiting, start=1):
        failed, paid_in_cash = not place % FAILED_EVERY, listed.bank(row) == POST_OFFICE
        yield {
            "reference": world.families.iddtks[row],
            "account": world.channels.account[row],
            "name": world.members.name[world.families.pengurus[row]].upper(),
            "amount_idr": listed.amount_idr(row),
            "settled_on": NOW,
            "outcome": _outcome(failed=failed, paid_in_cash=paid_in_cash),
            "reason": (Reason.NOT_FOUND if paid_in_cash else Reason.DORMANT) if failed else None,
            "bank": listed.bank(row),
        }


def _outcome(*, failed: bool, paid_in_cash: bool) -> Outcome:
    if paid_in_cash:
        return Outcome.UNDELIVERED if failed else Outcome.WITHDRAWN
    return Outcome.FAILED if failed else Outcome.CREDITED


def _school(world: World) -> Facility:
    """The school of Tapin with the most pupils of whose last quarter nothing is proven yet."""
    proven = {each.facility for each in said(world) if each.quarter == QUARTERS[-1] and each.word is Word.PROVEN}
    pupils: dict[int, int] = {}
    for row, facility in enumerate(world.members.facility):
        if world.members.grade[row] and facility not in proven:
            pupils[facility] = pupils.get(facility, 0) + 1
    schools = [each for each in world.facilities.rows if each.kind in SCHOOLS and each.no in pupils]
    here = [each for each in schools if codes.ancestor(each.region_no, Level.REGENCY) == REGENCY]
    return max(here or schools, key=lambda each: (pupils[each.no], -each.no))


def _head(school: Facility) -> Head:
    days = tuple(EFFECTIVE_DAYS[month] for month in QUARTERS[-1].months)
    return Head(YEAR, QUARTER, school.code, school.name, days)  # type: ignore[arg-type]  # three months


def _pupils(world: World, school: Facility) -> Iterator[dict[str, Any]]:
    members, families = world.members, world.families
    chance = Random(f"school form {world.seed}")
    unknown = world.has("unknown_member") | world.has("no_members")
    found = (row for row, facility in enumerate(members.facility) if facility == school.no and members.grade[row])
    number = 0
    for row in found:
        family = members.family[row]
        if family in unknown:
            continue
        number += 1
        payee = families.pengurus[family]
        facilitator = world.plan.facilitators[world.plan.groups[families.group[family]].facilitator]
        yield {
            "number": str(number),
            "pengurus_nik": members.nik[payee],
            "pengurus": members.name[payee].upper(),
            "nik": members.nik[row],
            "nisn": members.nisn[row],
            "name": members.name[row].upper(),
            "school_kind": LEVELS[school.kind][1],
            "grade": str(members.grade[row]),
            "facilitator": facilitator.name.upper(),
            **_days(chance),
        }


def _days(chance: Random) -> dict[str, int]:
    """Three months of one pupil; one in eight was away for some days, one in forty for too many."""
    filled: dict[str, int] = {}
    for place, month in enumerate(QUARTERS[-1].months, start=1):
        days, drawn = EFFECTIVE_DAYS[month], chance.random()
        absent = days // 2 if drawn < 0.025 else 1 if drawn < 0.125 else 0
        filled |= {f"absent_{place}": absent, f"present_{place}": days - absent}
    return filled
