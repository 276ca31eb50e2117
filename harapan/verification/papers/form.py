"""The blank verification form of a school or health post for three months, to be filled in and signed on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from harapan.core.components import LABELS_ID, Component
from harapan.core.periods import format_month, quarter_of
from harapan.files import documents
from harapan.regions import codes
from harapan.regions.models import name_of
from harapan.registry.models import ComponentSpell, Facility
from harapan.verification.obligations import Owed

Lines = dict[str, dict[int, Owed]]  # item -> month -> what is owed
TEMPLATE = Path(__file__).with_name("form.typ")
TITLES = {
    Facility.Kind.SCHOOL: "PENDIDIKAN",
    Facility.Kind.HEALTH: "KESEHATAN",
    Facility.Kind.WELFARE: "KESEJAHTERAAN SOSIAL",
}
SIGNERS = {
    Facility.Kind.SCHOOL: "Kepala sekolah",
    Facility.Kind.HEALTH: "Bidan atau kader",
    Facility.Kind.WELFARE: "Petugas",
}


def render(
    facility: Facility,
    spells: Iterable[ComponentSpell],
    *,
    place: str,
    months: Sequence[str],
    printed_by: str,
    printed_at: datetime,
    owed: Iterable[Owed] = (),
) -> bytes:
    """PDF. Names and NISN stand on it, no NIK: it lies on a teacher's desk. The layout is that of the form in use.

    owed: the obligations of health and social care, a line each; a school's form has its days instead.
    """
    year, quarter = quarter_of(months[0])
    kind = Facility.Kind(facility.kind)
    numbers = [int(month.replace("-", "")) for month in months]
    of_member: dict[int, Lines] = {}
    for each in owed:
        of_member.setdefault(each.member_id, {}).setdefault(each.item.key, {})[each.month] = each
    data = {
        "title": f"FORM VERIFIKASI KOMITMEN {TITLES[kind]}",
        "period": f"TRIWULAN {quarter} TAHUN {year}",
        "school": kind == Facility.Kind.SCHOOL,
        "facility": facility.name,
        "code": facility.code or "-",
        "code_label": "NPSN" if kind == Facility.Kind.SCHOOL else "Kode",
        "place": f"{place}, {name_of(codes.ancestor(facility.region_id, codes.Level.PROVINCE))}",
        "months": [format_month(month) for month in months],
        "signer": SIGNERS[kind],
        "members": [_member(spell, of_member.get(spell.member_id, {}), numbers) for spell in spells],
    }
    return documents.render(TEMPLATE, data, printed_by=printed_by, printed_at=printed_at)


def _member(spell: ComponentSpell, lines: Lines, numbers: Sequence[int]) -> dict[str, Any]:
    """A member, with a line for each obligation: its label, and for each month whether it is owed then."""
    items = [next(iter(of_month.values())).item for of_month in lines.values()]
    return {
        "name": spell.member.name,
        "manager": spell.family.name,
        "number": spell.student_no,
        "level": spell.grade or LABELS_ID[Component(spell.component)],
        "items": [
            {
                "label": str(item.label) + (f" ({item.times} kali)" if item.times > 1 else ""),
                "due": [number in lines[item.key] for number in numbers],
            }
            for item in items
        ],
    }
