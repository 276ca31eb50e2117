"""Candidates for membership, a layout of our own: who may be validated, in which village, by which rank.

Fields: nik (of whom would be paid), kk, name, village_code, province, regency, district, village, address, rt, rw,
decile (1 poorest to 10), rank (1 first).
"""

from __future__ import annotations

from harapan.core.phrases import Phrase
from harapan.exchange import cells
from harapan.exchange.desil.codec import DECILE
from harapan.exchange.layout import Layout
from harapan.exchange.sheet import Column

LAYOUT = Layout(
    name="candidates",
    title=Phrase("Calon keluarga"),
    about=Phrase("Calon peserta per desa dengan desil dan peringkatnya; yang melebihi kuota desa menjadi cadangan."),
    columns=(
        Column("nik", "NIK", cells.NIK, ("nik ktp", "no nik", "nik pengurus"), required=True, filled=True),
        Column("kk", "NO KK", cells.KK, ("nokk", "nomor kk", "kk"), required=True, filled=True),
        Column(
            "name", "NAMA", cells.TEXT, ("nama calon", "nama lengkap", "nama pengurus"), required=True, filled=True
        ),
        Column("village_code", "KODE DESA", cells.VILLAGE, ("kode wilayah", "kode kelurahan"), required=True),
        Column("province", "PROVINSI", cells.TEXT, ("nama prop", "nama provinsi")),
        Column("regency", "KABUPATEN", cells.TEXT, ("nama kab", "kab kota", "kab")),
        Column("district", "KECAMATAN", cells.TEXT, ("nama kec", "kec")),
        Column("village", "DESA", cells.TEXT, ("kelurahan", "nama kel", "desa kelurahan", "nama desa")),
        Column("address", "ALAMAT", cells.TEXT),
        Column("rt", "RT", cells.NEIGHBOURHOOD, ("no rt",)),
        Column("rw", "RW", cells.NEIGHBOURHOOD, ("no rw",)),
        Column("decile", "DESIL", DECILE, ("desil nasional", "desil dtsen")),
        Column("rank", "PERINGKAT CALON", cells.RANK, ("peringkat", "urutan calon", "ranking")),
    ),
)  # fmt: skip
parse = LAYOUT.parse
render = LAYOUT.render
