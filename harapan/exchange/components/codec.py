"""The component sheet (facts 8): one row per member counted for a component, with the pengurus and KK of the family.

Fields: nik, name, component, state, pengurus, pengurus_nik, kk, village, address, rt, rw. `nik` may be None, none yet.
"""

from __future__ import annotations

from harapan.core.phrases import Phrase
from harapan.exchange import cells, labels
from harapan.exchange.layout import Layout
from harapan.exchange.sheet import Column

LAYOUT = Layout(
    name="components",
    title=Phrase("Daftar komponen"),
    about=Phrase("Daftar anggota keluarga yang menjadi komponen, satu baris tiap orang."),
    columns=(
        Column("nik", "NIK Komponen", cells.NIK, ("nik", "nik anggota"), required=True),
        Column("name", "Nama Komponen", cells.TEXT, ("nama", "nama anggota"), required=True, filled=True),
        Column("component", "Komponen", labels.COMPONENT, ("jenis komponen",), required=True, filled=True),
        Column("state", "Status", cells.TEXT, ("status komponen",)),
        Column("pengurus", "Nama Pengurus", cells.TEXT, ("pengurus",)),
        Column("pengurus_nik", "NIK Pengurus", cells.NIK),
        Column("kk", "No KK", cells.KK, ("nomor kk", "kk")),
        Column("village", "Desa", cells.TEXT, ("kelurahan", "desa kelurahan")),
        Column("address", "Alamat", cells.TEXT),
        Column("rt", "RT", cells.NEIGHBOURHOOD, ("no rt",)),
        Column("rw", "RW", cells.NEIGHBOURHOOD, ("no rw",)),
    ),
    any_of=(("kk", "pengurus_nik"),),
)
parse = LAYOUT.parse
render = LAYOUT.render
