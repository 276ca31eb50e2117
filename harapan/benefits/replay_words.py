"""What a replay found, in words for the page and the terminal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harapan.core.money import thousands
from harapan.engine.comparing import MISSING, SURPLUS

TABLES = {"entitlements": gettext_lazy("hak keluarga"), "lines": gettext_lazy("baris anggota")}
COLUMNS = {
    "account_id": gettext_lazy("rekening"),
    "payer": gettext_lazy("penyalur"),
    "region_no": gettext_lazy("wilayah"),
    "group_id": gettext_lazy("kelompok"),
    "decision": gettext_lazy("keputusan"),
    "gross_idr": gettext_lazy("sebelum potongan"),
    "cut_idr": gettext_lazy("potongan"),
    "net_idr": gettext_lazy("bersih"),
    "reasons": gettext_lazy("alasan"),
    "reason": gettext_lazy("alasan"),
    "component": gettext_lazy("komponen"),
    "annual_idr": gettext_lazy("setahun"),
    "stage_idr": gettext_lazy("setahap"),
    "counted": gettext_lazy("dihitung"),
}
PROBLEMS = {
    "hash": gettext_lazy("Sidik yang tercatat pada hasil hitung bukan sidik hasil hitung ulang."),
    "approval": gettext_lazy("Sidik yang disetujui bukan sidik hasil hitung ulang."),
    "figures": gettext_lazy("Jumlah yang tercatat pada hasil hitung bukan jumlah hasil hitung ulang."),
    "rows": gettext_lazy("Ada baris tersimpan yang berbeda dengan hasil hitung ulang."),
}


def wave_name(wave: int) -> str:
    """ "Gelombang utama", "Susulan 2"."""
    return _("Susulan %(number)s") % {"number": wave} if wave else _("Gelombang utama")


def problems(wave: dict[str, Any]) -> list[str]:
    """What is not as it should be in one wave (`replaying.WaveResult` as kept), a sentence each."""
    said = [str(PROBLEMS[code]) for code in wave["problems"]]
    if wave["rows_differing"]:
        said[-1] = _("%(count)s baris tersimpan berbeda dengan hasil hitung ulang.") % {
            "count": thousands(wave["rows_differing"])
        }
    if wave["problems"] and wave["stored_sha256"] == wave["recorded_sha256"]:
        said.append(_("Baris yang tersimpan masih yang dulu dihitung; yang berubah adalah cara menghitungnya."))
    return said


def row_of(differing: dict[str, Any]) -> str:
    """ "keluarga 1234567, anggota 7654321"."""
    key = differing["key"]
    if "member_id" in key:
        return _("keluarga %(family)s, anggota %(member)s") % {"family": key["family_id"], "member": key["member_id"]}
    return _("keluarga %(family)s") % {"family": key["family_id"]}


def what_of(differing: dict[str, Any]) -> str:
    """The column that differs, or that the row is missing or one too many."""
    column: str = differing["column"]
    lone = {MISSING: _("barisnya tidak ada lagi"), SURPLUS: _("barisnya seharusnya tidak ada")}
    return lone.get(column, column)
