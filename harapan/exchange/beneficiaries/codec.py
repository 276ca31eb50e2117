"""The ministry's list (facts 8): iddtks, nokk, nik_ktp … nominal; xlsx or csv, nineteen columns.

Fields: beneficiary_id, kk, nik, name, province, regency, district, village, village_code, stage, programme, bank,
address, rt, rw, hamlet, directorate, wave, amount_idr. `nik` is None where the list says 0, none yet. `amount_idr` is
whole rupiah.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from harapan.core.periods import StageName
from harapan.core.phrases import Phrase
from harapan.exchange import cells, labels
from harapan.exchange.layout import Layout
from harapan.exchange.sheet import Column, Problem, Sheet

OTHERS_MAX = 5  # lines named in a reason


def _same_person_twice(sheet: Sheet) -> Iterator[Problem]:
    """One NIK has one row per bansos and wave; of two, nobody can say which is right, so both are refused."""
    keys = list(zip(sheet["nik"], sheet["programme"], sheet["wave"], strict=True))
    twice = {key for key, count in Counter(keys).items() if count > 1 and key[0]}
    seen: dict[tuple[str, str, str], list[int]] = {}
    for row, key in enumerate(keys) if twice else ():
        if key in twice:
            seen.setdefault(key, []).append(row)
    for (_, programme, wave), rows in seen.items():
        for row in rows:
            others = ", ".join(str(sheet.lines[other]) for other in rows[:OTHERS_MAX] if other != row)
            what = Phrase("{programme} gelombang {wave}", programme=programme, wave=wave) if wave else programme
            reason = Phrase(
                "NIK ini juga ada di baris {others} untuk {what}; hapus salah satu barisnya.", others=others, what=what
            )
            yield sheet.problem(row, "nik", reason, fatal=True)


LAYOUT = Layout(
    name="beneficiaries",
    title=Phrase("Daftar penerima dari pusat"),
    about=Phrase(
        "Daftar penerima per tahap dari Kementerian Sosial (SIKS-NG), xlsx atau csv, satu baris tiap keluarga."
    ),
    columns=(
        Column("beneficiary_id", "iddtks", cells.IDENTIFIER, ("id_dtks", "id dtsen", "iddtsen"), required=True),
        Column("kk", "nokk", cells.KK, ("no_kk", "nomor kk", "kk"), required=True),
        Column("nik", "nik_ktp", cells.NIK, ("nik", "no nik", "nik pengurus"), required=True),
        Column("name", "nama_penerima", cells.TEXT, ("nama", "nama pengurus", "nama kpm"), required=True, filled=True),
        Column("province", "nama_prop", cells.TEXT, ("nama_provinsi", "provinsi", "prop")),
        Column("regency", "nama_kab", cells.TEXT, ("kabupaten", "kab", "kab kota", "nama kab kota")),
        Column("district", "nama_kec", cells.TEXT, ("kecamatan", "kec")),
        Column(
            "village", "nama_kel", cells.TEXT, ("kelurahan", "desa", "desa kelurahan", "nama desa", "nama kelurahan")
        ),
        Column("village_code", "kode_wilayah", cells.VILLAGE, ("kode desa", "kode kelurahan", "kdwil"), required=True),
        Column("stage", "tahap", cells.STAGE, required=True, lenient=True),
        Column("programme", "bansos", labels.PROGRAMME, ("program", "jenis bansos"), required=True, filled=True),
        Column("bank", "bank", labels.BANK, ("bank penyalur", "penyalur"), required=True),
        Column("address", "alamat", cells.TEXT),
        Column("rt", "no_rt", cells.NEIGHBOURHOOD, ("rt",)),
        Column("rw", "no_rw", cells.NEIGHBOURHOOD, ("rw",)),
        Column("hamlet", "dusun", cells.TEXT),
        Column("directorate", "dir", cells.TEXT, ("direktorat",)),
        Column("wave", "gelombang", cells.WAVE, ("termin",), required=True),
        Column("amount_idr", "nominal", cells.RUPIAH, ("jumlah", "nilai"), required=True, filled=True),
    ),
    any_of=(("beneficiary_id", "kk", "nik"),),
    check=_same_person_twice,
)
parse = LAYOUT.parse
render = LAYOUT.render


def stage_agrees(written: str, stage: StageName) -> bool:
    """Whether the list's own `tahap` ("2", "2025-2" or blank) is the stage it is brought in for."""
    return written in ("", str(stage.number), f"{stage.year}-{stage.number}", str(stage))
