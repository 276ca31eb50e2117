"""What stops a run: unknown codes, empty values, people without a family, sums that differ. Nothing only warns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.engine.law import ANY_FAMILY, SCHOOL_LEVELS
from harapan.engine.tables import INPUTS, Channel, Outcome
from harapan.policy.stage_rules import Scheme, StageRules

Ask = Callable[[str], list[tuple[Any, ...]]]  # runs a select on the engine that computes, gives its rows

FLOAT_EXACT_MAX = 2**53  # Ibis divides whole numbers through floats: exact below this

# What every row must fulfil, and the sentence for the first row that does not.
RULES: dict[str, dict[str, str]] = {
    "families": {
        f"channel in ({', '.join(str(int(code)) for code in Channel)})": Phrase("saluran (channel) yang tidak dikenal"),
        "category >= 0": Phrase("kategori (category) yang tidak dikenal"),
    },
    "members": {
        f"school_level in (0, {', '.join(str(int(code)) for code in SCHOOL_LEVELS)})": (
            Phrase("jenjang sekolah (school_level) yang tidak dikenal")
        ),
        f"listed_component in (0, {', '.join(str(int(code)) for code in Component)})": (
            Phrase("komponen (listed_component) yang tidak dikenal")
        ),
        "born_ymd = 0 or (born_ymd between 18000101 and 21001231 and born_ymd % 100 between 1 and 31"
        " and born_ymd % 10000 between 101 and 1231)": Phrase("tanggal lahir (born_ymd) yang bukan tanggal"),
        "pregnancy_no >= 0": Phrase("urutan kehamilan (pregnancy_no) di bawah nol"),
    },
    "observations": {
        f"outcome in ({', '.join(str(int(code)) for code in Outcome if code is not Outcome.MET)})": (
            Phrase("hasil (outcome) yang tidak dikenal")
        ),
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


def refuse_bad_rows(ask: Ask, table: str) -> int:
    """Check every row of an input table as the engine sees it; give the number of rows."""
    filled = {f"count(*) - count({name})": name for name in INPUTS[table].names}
    broken = {f"min({KEY_OF[table]}) filter (where not ({rule}))": words for rule, words in RULES[table].items()}
    row = _one(ask, f"select count(*), {', '.join([*filled, *broken])} from {table}")  # noqa: S608 - our own names only
    for name, empty in zip(filled.values(), row[1:], strict=False):
        if empty:
            raise Refused(
                "Tabel {table} memuat {empty} baris dengan kolom {name} kosong. Isi dahulu, atau tulis 0.",
                table=table,
                empty=empty,
                name=name,
            )
    for words, key in zip(broken.values(), row[1 + len(filled) :], strict=True):
        if key is not None:
            raise Refused(
                "Tabel {table} memuat {words}, antara lain pada {key_of} {key}. Perbaiki datanya.",
                table=table,
                words=words,
                key_of=KEY_OF[table],
                key=key,
            )
    return int(row[0])


def refuse_missing_amounts(ask: Ask, rules: StageRules) -> None:
    """A family of a category for which the stage has neither an amount of its own nor the common one."""
    for amounts, wanted in ((rules.flat, rules.scheme is Scheme.FLAT), (rules.fixed, bool(rules.fixed))):
        known = {amount.category for amount in amounts}
        if not wanted or ANY_FAMILY in known:
            continue
        listed = ", ".join(map(str, sorted(known)))
        row = _one(ask, f"select min(category) from families where category not in ({listed})")  # noqa: S608 - numbers
        if row[0] is not None:
            raise Refused(
                "Tahap {stage} belum memuat jumlah untuk keluarga kategori {row}. Tambahkan beserta sumbernya.",
                stage=rules.stage,
                row=row[0],
            )


def refuse_strangers(ask: Ask) -> None:
    """Every member, and every adjustment, belongs to a family of the same range; a family has one adjustment."""
    row = _one(ask, "select min(family_id) from sizes anti join families using (family_id)")
    if row[0] is not None:
        raise Refused(
            "Tabel members memuat anggota keluarga {row}, yang tidak ada dalam tabel families. Sertakan "
            "keluarganya, atau keluarkan anggotanya.",
            row=row[0],
        )
    row = _one(ask, "select min(family_id) from adjustments anti join families using (family_id)")
    if row[0] is not None:
        raise Refused(
            "Tabel adjustments memuat keluarga {row}, yang tidak ada dalam tabel families. Sertakan "
            "keluarganya, atau keluarkan barisnya.",
            row=row[0],
        )
    twice = "select family_id from adjustments group by family_id having count(*) > 1"
    row = _one(ask, f"select min(family_id) from ({twice}) as twice")  # noqa: S608 - our own text
    if row[0] is not None:
        raise Refused(
            "Tabel adjustments memuat keluarga {row} lebih dari sekali. Jumlahkan barisnya menjadi satu.", row=row[0]
        )


def refuse_other_totals(made: dict[str, int], stored: dict[str, int], place: str) -> None:
    """The same sums, asked twice in different ways: where they differ nothing of the run may be used."""
    for name, value in made.items():
        if stored[name] != value:
            raise Refused(
                "Jumlah {name} di {place} tidak cocok: dihitung {value}, terbaca {stored}. Hitung ulang "
                "tahap ini; bila terulang, laporkan sebagai kesalahan program.",
                name=name,
                place=place,
                value=value,
                stored=stored[name],
            )


def refuse_inexact(gross_idr: int) -> None:
    if gross_idr * 100 >= FLOAT_EXACT_MAX:
        raise Refused(
            "Jumlah Rp{gross_idr} untuk satu keluarga terlalu besar untuk dihitung. Periksa nilai kebijakannya.",
            gross_idr=gross_idr,
        )


def _one(ask: Ask, sql: str) -> tuple[Any, ...]:
    [row] = ask(sql)
    return row
