"""The facilitators' workbook (facts 8): one row per family with account, card, component counts and group.

Fields: name, pengurus, kk, village, address, rt, rw, account, card, members_count, components, pregnant, toddler,
primary, junior, senior, elderly, disability, amount_idr, group, p2k2_amount_idr, complaint, follow_up. In some copies
one cell holds the pengurus and, on its second line, the KK number; the two are parted before reading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from harapan.core.components import LABELS_ID, Component
from harapan.core.phrases import Phrase, joined
from harapan.exchange import cells, labels
from harapan.exchange.layout import Layout
from harapan.exchange.sheet import Column, Problem, Sheet

COUNTS = {
    Component.PREGNANT: "pregnant",
    Component.TODDLER: "toddler",
    Component.PRIMARY: "primary",
    Component.JUNIOR: "junior",
    Component.SENIOR: "senior",
    Component.ELDERLY: "elderly",
    Component.DISABILITY: "disability",
}
_TWO_LINES = re.compile(
    r"(?P<name>.*?[^\W\d].*?)\s*[\r\n]+\s*(?:(?:no\.?|nomor)?\s*kk\s*[.:]*\s*)?(?P<kk>['’]?[\d.,eE+ -]{4,})",
    re.DOTALL | re.IGNORECASE,
)


def _part_merged(raw: dict[str, list[str]]) -> None:
    """ "RUSMINI\\n6305…" becomes the pengurus and, where the KK column is blank or missing, the KK number."""
    pengurus = raw["pengurus"]
    parted = [_TWO_LINES.fullmatch(cell.strip()) if "\n" in cell else None for cell in pengurus]
    if not any(parted):
        return
    kk = raw.setdefault("kk", [""] * len(pengurus))
    for row, found in enumerate(parted):
        if found:
            pengurus[row] = found["name"]
            kk[row] = kk[row].strip() or found["kk"]


def _counts_and_labels_agree(sheet: Sheet) -> Iterator[Problem]:
    """A warning where the label list and the counts, both given, tell different components."""
    counted = {component: name for component, name in COUNTS.items() if name in sheet.headers}
    if not counted or "components" not in sheet.headers:
        return
    for row, listed in enumerate(sheet["components"]):
        counts = {component: sheet[name][row] or 0 for component, name in counted.items()}
        named = Counter(part for part in listed if part in counted)
        if listed and any(counts.values()) and any(named[part] != count for part, count in counts.items()):
            apart = [LABELS_ID[part] for part, count in counts.items() if named[part] != count]
            reason = Phrase(
                "Jumlah dan daftar komponen tidak sama untuk {apart}; periksa anggota keluarganya.",
                apart=joined(apart, ", "),
            )
            yield sheet.problem(row, "components", reason, fatal=False)


LAYOUT = Layout(
    name="caseload",
    title=Phrase("Daftar dampingan pendamping"),
    about=Phrase("Buku kerja pendamping: satu baris tiap keluarga dengan rekening, kartu, komponen, dan kelompok."),
    columns=(
        Column("name", "Nama", cells.TEXT, ("nama penerima", "nama kpm"), lenient=True),
        Column(
            "pengurus", "Nama Pengurus", cells.TEXT,
            ("pengurus", "nama pengurus no kk", "nama pengurus nomor kk", "nama pengurus dan no kk"),
            required=True, filled=True,
        ),
        Column("kk", "No KK", cells.KK, ("nokk", "nomor kk", "kk")),
        Column("village", "Desa", cells.TEXT, ("kelurahan", "desa kelurahan", "desa/kel"), required=True),
        Column("address", "Alamat", cells.TEXT),
        Column("rt", "RT", cells.NEIGHBOURHOOD, ("no rt",)),
        Column("rw", "RW", cells.NEIGHBOURHOOD, ("no rw",)),
        Column("account", "No Rekening", cells.ACCOUNT, ("rekening", "norek", "nomor rekening"), lenient=True),
        Column("card", "No Kartu", cells.CARD, ("nomor kartu", "no kks", "nomor kks", "kks"), lenient=True),
        Column("members_count", "AK", cells.COUNT, ("jumlah ak", "anggota keluarga"), lenient=True),
        Column("components", "Komponen", labels.COMPONENTS, ("daftar komponen",), required=True, lenient=True),
        Column("pregnant", "Hamil", cells.COUNT, ("bumil", "ibu hamil"), lenient=True),
        Column("toddler", "AUD", cells.COUNT, ("anak usia dini", "balita"), lenient=True),
        Column("primary", "SD", cells.COUNT, ("sd/mi",), lenient=True),
        Column("junior", "SMP", cells.COUNT, ("smp/mts",), lenient=True),
        Column("senior", "SMA", cells.COUNT, ("sma/smk", "sma/smk/ma"), lenient=True),
        Column("elderly", "Lansia", cells.COUNT, ("lanjut usia", "lu"), lenient=True),
        Column("disability", "Disabilitas", cells.COUNT, ("disabilitas berat", "pdb"), lenient=True),
        Column("amount_idr", "Nominal", cells.RUPIAH, ("jumlah bantuan",)),
        Column("group", "Kelompok", cells.TEXT, ("nama kelompok",)),
        Column("p2k2_amount_idr", "Nominal P2K2", cells.RUPIAH, lenient=True),
        Column("complaint", "Pengaduan", cells.TEXT, ("keluhan",)),
        Column("follow_up", "Tindak Lanjut", cells.TEXT),
    ),
    prepare=_part_merged,
    check=_counts_and_labels_agree,
)  # fmt: skip
parse = LAYOUT.parse
render = LAYOUT.render
