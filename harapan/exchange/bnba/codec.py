"""BNBA lists that villages exchange: NIK and name are certain, the rest is there or not, in any order.

Fields: nik, name, kk, programme, village_code, province, regency, district, village, address, rt, rw, phone, note.
"""

from __future__ import annotations

from harapan.core.phrases import Phrase
from harapan.exchange import cells, labels
from harapan.exchange.layout import Layout
from harapan.exchange.sheet import Column

LAYOUT = Layout(
    name="bnba",
    title=Phrase("BNBA desa"),
    about=Phrase("Daftar nama dan alamat (BNBA) dari desa atau kelurahan: NIK dan nama, kolom lain bebas."),
    columns=(
        Column("nik", "NIK", cells.NIK, ("nik ktp", "no nik", "no ktp", "nomor nik"), required=True, filled=True),
        Column(
            "name", "NAMA", cells.TEXT, ("nama lengkap", "nama penerima", "nama kpm", "nama pengurus"),
            required=True, filled=True,
        ),
        Column("kk", "NO KK", cells.KK, ("nokk", "nomor kk", "kk"), lenient=True),
        Column("programme", "BANSOS", labels.PROGRAMME, ("program", "jenis bansos", "bantuan")),
        Column("village_code", "KODE WILAYAH", cells.VILLAGE, ("kode desa",), lenient=True),
        Column("province", "PROVINSI", cells.TEXT, ("nama prop", "nama provinsi")),
        Column("regency", "KABUPATEN", cells.TEXT, ("nama kab", "kab kota", "kab")),
        Column("district", "KECAMATAN", cells.TEXT, ("nama kec", "kec")),
        Column("village", "DESA", cells.TEXT, ("kelurahan", "nama kel", "desa kelurahan", "nama desa")),
        Column("address", "ALAMAT", cells.TEXT),
        Column("rt", "RT", cells.NEIGHBOURHOOD, ("no rt",)),
        Column("rw", "RW", cells.NEIGHBOURHOOD, ("no rw",)),
        Column("phone", "NO HP", cells.PHONE, ("hp", "telepon", "no telp", "no wa"), lenient=True),
        Column("note", "KETERANGAN", cells.TEXT, ("ket", "catatan")),
    ),
)  # fmt: skip
parse = LAYOUT.parse
render = LAYOUT.render
