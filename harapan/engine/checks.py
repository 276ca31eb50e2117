"""What stops a run: unknown codes, empty values, people without a family, sums that differ. Nothing only warns."""

from __future__ import annotations

from typing import Any

import duckdb

from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.engine.law import ANY_FAMILY, SCHOOL_LEVELS
from harapan.engine.tables import INPUTS, Channel, Outcome
from harapan.policy.stage_rules import Scheme, StageRules

FLOAT_EXACT_MAX = 2**53  # Ibis divides whole numbers through floats: exact below this

# What every row must fulfil, and the sentence for the first row that does not.
RULES = {
    "families": {
        f"channel in ({', '.join(str(int(code)) for code in Channel)})": "saluran (channel) yang tidak dikenal",
        "category >= 0": "kategori (category) yang tidak dikenal",
    },
    "members": {
        f"school_level in (0, {', '.join(str(int(code)) for code in SCHOOL_LEVELS)})": (
            "jenjang sekolah (school_level) yang tidak dikenal"
        ),
        f"listed_component in (0, {', '.join(str(int(code)) for code in Component)})": (
            "komponen (listed_component) yang tidak dikenal"
        ),
        "born_ymd = 0 or (born_ymd between 18000101 and 21001231 and born_ymd % 100 between 1 and 31"
        " and born_ymd // 100 % 100 between 1 and 12)": "tanggal lahir (born_ymd) yang bukan tanggal",
        "pregnancy_no >= 0": "urutan kehamilan (pregnancy_no) di bawah nol",
    },
    "observations": {
        f"outcome in ({int(Outcome.MISSED)}, {int(Outcome.EXCUSED)})": "hasil (outcome) yang tidak dikenal",
    },
    "facility_months": {},
    "adjustments": {
        "back_pay_idr >= 0": "kekurangan (back_pay_idr) di bawah nol",
        "recovery_idr >= 0": "kelebihan (recovery_idr) di bawah nol",
    },
}
KEY_OF = {
    "families": "family_id",
    "members": "member_id",
    "observations": "member_id",
    "facility_months": "facility_id",
    "adjustments": "family_id",
}


def refuse_bad_rows(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Check every row of an input table as the engine sees it; give the number of rows."""
    filled = {f"count(*) - count({name})": name for name in INPUTS[table].names}
    broken = {f"min({KEY_OF[table]}) filter (where not ({rule}))": words for rule, words in RULES[table].items()}
    row = _one(con, f"select count(*), {', '.join([*filled, *broken])} from {table}")  # noqa: S608 - our own names only
    for name, empty in zip(filled.values(), row[1:], strict=False):
        if empty:
            raise Refused(f"Tabel {table} memuat {empty} baris dengan kolom {name} kosong. Isi dahulu, atau tulis 0.")
    for words, key in zip(broken.values(), row[1 + len(filled) :], strict=True):
        if key is not None:
            raise Refused(f"Tabel {table} memuat {words}, antara lain pada {KEY_OF[table]} {key}. Perbaiki datanya.")
    return int(row[0])


def refuse_missing_amounts(con: duckdb.DuckDBPyConnection, rules: StageRules) -> None:
    """A family of a category for which the stage has neither an amount of its own nor the common one."""
    for amounts, wanted in ((rules.flat, rules.scheme is Scheme.FLAT), (rules.fixed, bool(rules.fixed))):
        known = {amount.category for amount in amounts}
        if not wanted or ANY_FAMILY in known:
            continue
        listed = ", ".join(map(str, sorted(known)))
        row = _one(con, f"select min(category) from families where category not in ({listed})")  # noqa: S608 - numbers
        if row[0] is not None:
            raise Refused(
                f"Tahap {rules.stage} belum memuat jumlah untuk keluarga kategori {row[0]}. "
                "Tambahkan beserta sumbernya."
            )


def refuse_strangers(con: duckdb.DuckDBPyConnection) -> None:
    """Every member, and every adjustment, belongs to a family of the same range; a family has one adjustment."""
    row = _one(con, "select min(family_id) from sizes anti join families using (family_id)")
    if row[0] is not None:
        raise Refused(
            f"Tabel members memuat anggota keluarga {row[0]}, yang tidak ada dalam tabel families. "
            "Sertakan keluarganya, atau keluarkan anggotanya."
        )
    row = _one(con, "select min(family_id) from adjustments anti join families using (family_id)")
    if row[0] is not None:
        raise Refused(
            f"Tabel adjustments memuat keluarga {row[0]}, yang tidak ada dalam tabel families. "
            "Sertakan keluarganya, atau keluarkan barisnya."
        )
    twice = "select family_id from adjustments group by family_id having count(*) > 1"
    row = _one(con, f"select min(family_id) from ({twice})")  # noqa: S608 - our own text
    if row[0] is not None:
        raise Refused(f"Tabel adjustments memuat keluarga {row[0]} lebih dari sekali. Jumlahkan barisnya menjadi satu.")


def refuse_other_totals(made: dict[str, int], stored: dict[str, int], place: str) -> None:
    """The same sums, asked twice in different ways: where they differ nothing of the run may be used."""
    for name, value in made.items():
        if stored[name] != value:
            raise Refused(
                f"Jumlah {name} di {place} tidak cocok: dihitung {value}, terbaca {stored[name]}. "
                "Hitung ulang tahap ini; bila terulang, laporkan sebagai kesalahan program."
            )


def refuse_inexact(gross_idr: int) -> None:
    if gross_idr * 100 >= FLOAT_EXACT_MAX:
        raise Refused(
            f"Jumlah Rp{gross_idr} untuk satu keluarga terlalu besar untuk dihitung. Periksa nilai kebijakannya."
        )


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    """The one row of an answer, read to its end: DuckDB refuses the next question while a row is left."""
    [row] = con.execute(sql).fetchall()
    return tuple(row)
