"""Synthetic snapshots of any size: invented families in believable proportions, the same for the same seed.

Nothing here describes a real person. Each value is drawn from a hash of the family, its place and the seed, so a range
can be made alone, in any order and on any thread. Proportions (about): families of one to nine, four on average; most
children of 6 to 18 at school; 7 of 100 obligations not met, a third of these excused; 6 of 100 facility-months never
confirmed; 1 of 100 birth dates and the members of 3 in 1,000 families not known; 3 of 100 families with back-pay or a
recovery from an earlier stage.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import duckdb

from harapan.core.errors import Refused
from harapan.engine.law import month_number, ymd
from harapan.engine.plan import source
from harapan.engine.ranges import BY_FAMILY
from harapan.engine.snapshot import RANGE_FAMILIES, write_manifest
from harapan.engine.tables import INPUTS
from harapan.policy.stage_rules import StageRules

FAMILIES_MAX = 100_000_000
PROVINCES = [63, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53]
PROVINCES += [61, 62, 64, 65, 71, 72, 73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96]
FAMILIES_PER_VILLAGE = 120
FAMILIES_PER_GROUP = 24

# Chance in ten thousandths, from a hash that looks the same on every thread.
_CHANCE = "(hash({key}, '{what}', $seed) % 10000)"


def generate(
    out: Path, *, families: int, rules: StageRules, seed: int = 1, told: Callable[[int], None] | None = None
) -> None:
    """Write a snapshot of `families` families into the new folder `out`, fit for the stage of `rules`.

    `told` hears how many families are done. Refuses a folder that exists and a number beyond FAMILIES_MAX.
    """
    if not 0 < families <= FAMILIES_MAX:
        raise Refused(
            "Jumlah keluarga {families} di luar batas. Isilah antara 1 dan {families_max}.",
            families=families,
            families_max=FAMILIES_MAX,
        )
    if out.exists():
        raise Refused("Folder {out} sudah ada. Pilih folder baru, atau hapus dulu folder itu.", out=out)
    partial = out.with_name(f"{out.name}.sebagian")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    con = duckdb.connect(config={"memory_limit": "1GB", "temp_directory": str(partial / "tmp")})
    try:
        _write_ranges(con, partial, families, rules, seed, told or (lambda done: None))
        _copy(con, _facility_months(partial, rules), partial / "facility_months.parquet", "facility_months", seed)
    finally:
        con.close()
    shutil.rmtree(partial / "tmp", ignore_errors=True)
    write_manifest(partial, about={"synthetic": True, "seed": seed, "families": families})
    partial.rename(out)


def _write_ranges(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    families: int,
    rules: StageRules,
    seed: int,
    told: Callable[[int], None],
) -> None:
    starts = range(1, families + 1, RANGE_FAMILIES)
    # A range streams through one thread, in order; the threads work on different ranges.
    con.execute("set threads = 1" if len(starts) > 1 else "set threads = 2")
    with ThreadPoolExecutor(2) as pool:
        jobs = []
        for number, start in enumerate(starts):
            end = min(start + RANGE_FAMILIES, families + 1)
            jobs.append(pool.submit(_write_range, con, folder, number, (start, end, families), rules, seed))
        for done, job in enumerate(as_completed(jobs), start=1):
            job.result()
            told(families * done // len(jobs))


def _write_range(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    number: int,
    bounds: tuple[int, int, int],
    rules: StageRules,
    seed: int,
) -> None:
    cursor = con.cursor()
    on_year = ymd(rules.ages_on) // 10000
    paths = {name: folder / f"{name}-{number:04}.parquet" for name in BY_FAMILY}
    _copy(cursor, _families(*bounds), paths["families"], "families", seed)
    _copy(cursor, _members(paths["families"], on_year), paths["members"], "members", seed)
    _copy(cursor, _observations(paths["members"], on_year, rules), paths["observations"], "observations", seed)
    _copy(cursor, _adjustments(paths["families"]), paths["adjustments"], "adjustments", seed)
    cursor.close()


def _copy(con: duckdb.DuckDBPyConnection, select: str, path: Path, table: str, seed: int) -> None:
    typed = source(INPUTS[table], f"({select.replace('$seed', str(int(seed)))})")
    con.execute(f"copy ({typed}) to '{path}' (format parquet, compression zstd, parquet_version v2)")


def _chance(key: str, what: str) -> str:
    return _CHANCE.format(key=key, what=what)


def _families(start: int, end: int, total: int) -> str:
    villages = max(1, total // FAMILIES_PER_VILLAGE)
    village = f"((family_id - 1) * {villages} // {total})"
    provinces = "[" + ", ".join(map(str, PROVINCES)) + "]"
    return f"""
        select range as family_id,
            {provinces}[least(v // 2352, {len(PROVINCES) - 1})::int + 1]::bigint * 100000000
                + (v // 168 % 14 + 1) * 1000000 + (v // 12 % 14 + 1) * 10000 + 2001 + v % 12 as region_no,
            (range - 1) // {FAMILIES_PER_GROUP} + 1 as group_id,
            case when {_chance("range", "category")} < 300 then 4 else 0 end as category,
            case when {_chance("range", "channel")} < 50 then 0
                 when {_chance("range", "channel")} < 1500 then 2 else 1 end as channel
        from (select range, {village.replace("family_id", "range")} as v from range({start}, {end}))"""  # noqa: S608 - our own names and numbers only


def _members(families: Path, on_year: int) -> str:
    """One row a person: the carer first, a partner or a child next, then children, in larger families a grandparent."""
    return f"""
        with sized as (
            select family_id, region_no, {_chance("family_id", "size")} as s, {_chance("family_id", "kind")} as k
            from read_parquet('{families}')
        ), placed as (
            select family_id, region_no, k, unnest(range(case
                when s < 30 then 0 when s < 400 then 1 when s < 1400 then 2 when s < 3500 then 3 when s < 6300 then 4
                when s < 8200 then 5 when s < 9250 then 6 when s < 9700 then 7 when s < 9920 then 8 else 9 end
            )) as place
            from sized
        ), person as (
            select family_id, region_no, place, family_id * 10 + place as member_id, case
                when k < 900 and place < 2 then 60 + h % 28
                when place = 0 then 22 + h % 38
                when place = 1 and h % 100 < 80 then 22 + h // 100 % 42
                when place >= 4 and h % 100 < 30 then 58 + h // 100 % 32
                else h // 100 % 23 end as age, h
            from (select *, hash(family_id * 10 + place, 'age', $seed) % 1000000 as h from placed)
        ), facts as (
            select *, {_chance("member_id", "school")} as at_school,
                {_chance("member_id", "birth")} < 100 as undated, case
                when age < 6 then 0 when age < 12 then 3 when age < 15 then 4 when age < 18 then 5
                when age < 20 then 5 else 0 end as level
            from person
        ), pupil as (
            select *, case when level = 3 and at_school < 9750 then 3 when level = 4 and at_school < 9400 then 4
                when level = 5 and age < 18 and at_school < 8500 then 5
                when level = 5 and at_school < 1500 then 5 else 0 end as school_level
            from facts
        )
        select family_id, member_id,
            case when undated then 0
                else ({on_year} - age) * 10000 + (1 + h % 12) * 100 + 1 + h // 12 % 28 end as born_ymd,
            school_level, school_level = 0 and age between 18 and 60 and at_school < 7000 as finished_school,
            place < 2 and age between 18 and 42 and h % 2 = 0 and {_chance("member_id", "pregnant")} < 900 as pregnant,
            {_chance("member_id", "pregnancy")} % 4 as pregnancy_no,
            {_chance("member_id", "disability")} < 120 as severe_disability,
            {_chance("member_id", "rights")} < 1 as human_rights,
            case when undated and age <= 6 then 2 when undated and age >= 60 then 7 else 0 end as listed_component,
            case when at_school % 100 = 99 then 0
                when school_level > 0 then region_no // 10000 * 10000 + school_level * 100 + at_school % 8
                else region_no * 10 + place % 3 end as facility_id
        from pupil"""  # noqa: S608


def _observations(members: Path, on_year: int, rules: StageRules) -> str:
    months = [month_number(month) for month in rules.observes_months]
    return f"""
        select family_id, member_id, month, case when roll < 450 then 2 else 3 end as outcome
        from (
            select *, {_chance("member_id, month", "outcome")} as roll
            from (
                select family_id, member_id, unnest({months}::int[]) as month
                from read_parquet('{members}')
                where pregnant or school_level > 0 or born_ymd > {(on_year - 7) * 10000}
            )
        )
        where roll < 700"""  # noqa: S608


def _adjustments(families: Path) -> str:
    return f"""
        select family_id, case when roll < 200 then 25000 * (1 + roll % 9) else 0 end as back_pay_idr,
            case when roll between 180 and 299 then 15000 * (1 + roll % 40) else 0 end as recovery_idr
        from (select family_id, {_chance("family_id", "adjustment")} as roll from read_parquet('{families}'))
        where roll < 300"""  # noqa: S608


def _facility_months(folder: Path, rules: StageRules) -> str:
    months = [month_number(month) for month in rules.observes_months]
    return f"""
        select facility_id, month
        from (
            select facility_id, unnest({months}::int[]) as month
            from (select distinct facility_id from read_parquet('{folder}/members-*.parquet') where facility_id > 0)
        )
        where {_chance("facility_id, month", "confirmed")} < 9400
        order by facility_id, month"""  # noqa: S608
