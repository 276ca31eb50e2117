"""Families drawn as small tables, computed by the reference and by the steps, and told again in `docs/rules.md`."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent

from harapan.core.components import CODES, Component
from harapan.engine.law import SCHOOL_LEVELS
from harapan.engine.reference import Family, Member, compute
from harapan.engine.run import run_tables
from harapan.engine.tables import Channel, Outcome
from harapan.policy.stage_rules import StageRules
from tests.engine.builders import RULES, as_tables

CODE_OF = {code: component for component, code in CODES.items()}
WORDS = {
    "SD": Component.PRIMARY,
    "SMP": Component.JUNIOR,
    "SMA": Component.SENIOR,
    "lansia": Component.ELDERLY,
    "AUD": Component.TODDLER,
}
MONTHS = {
    name: number for number, name in enumerate("Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des".split(), start=1)
}
OUTCOMES = {"tidak hadir": Outcome.MISSED, "izin": Outcome.EXCUSED, "tidak diisi": Outcome.UNKNOWN}


@dataclass
class Pays:
    """Draw, compute both ways, compare with what is expected; remember the drawing for the manual."""

    drawn: list[str] = field(default_factory=list)

    def __call__(self, drawing: str, expected: dict[int, object], law: StageRules = RULES) -> None:
        """`expected` has per family the net amount, or (net amount, cut amount)."""
        families = read(drawing, law)
        found = {row["family_id"]: row for row in run_tables(**as_tables(families), rules=law).entitlements.to_pylist()}
        for family in families:
            answer = compute(family, law)
            row = found[family.family_id]
            assert (answer.net_idr, answer.cut_idr, answer.reasons) == (row["net_idr"], row["cut_idr"], row["reasons"])
            wanted = expected[family.family_id]
            assert wanted == ((answer.net_idr, answer.cut_idr) if isinstance(wanted, tuple) else answer.net_idr)
        self.drawn.append(_told(drawing, expected))


def read(drawing: str, law: StageRules) -> list[Family]:
    """Families from a table. Columns are those a test needs; a family alone on its line has no known member."""
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in dedent(drawing).strip().splitlines()]
    people: dict[int, list[dict[str, str]]] = {}
    for row in rows:
        cells = dict(zip(head, row, strict=True))
        people.setdefault(int(cells["keluarga"]), []).append(cells)
    return [_family(number, cells, law) for number, cells in people.items()]


def _family(number: int, rows: list[dict[str, str]], law: StageRules) -> Family:
    year = int(law.ages_on[:4])
    known = [cells for cells in rows if cells.get("anggota") != "-"]
    members = tuple(_member(number * 10 + place, cells, law) for place, cells in enumerate(known, start=1))
    months = {int(month[5:]): int(month.replace("-", "")) for month in law.observes_months}
    exceptions: dict[tuple[int, int], list[Outcome]] = {}
    unconfirmed = set()
    for member, cells in zip(members, known, strict=True):
        for column, outcome in OUTCOMES.items():
            for word in cells.get(column, "").split():
                exceptions.setdefault((member.member_id, months[MONTHS[word]]), []).append(outcome)
        for word in cells.get("belum dikonfirmasi", "").split():
            unconfirmed.add((member.facility_id, months[MONTHS[word]]))
    everything = {(member.facility_id, month) for member in members for month in months.values()}
    return Family(
        family_id=number,
        region_no=year,
        category=int(rows[0].get("kategori", 0) or 0),
        channel=int(Channel[{"": "UNKNOWN", "bank": "BANK", "pos": "POS"}[rows[0].get("saluran", "")]]),
        members=members,
        exceptions=exceptions,
        confirmed=frozenset(everything - unconfirmed),
        back_pay_idr=int(rows[0].get("kekurangan", 0) or 0),
        recovery_idr=int(rows[0].get("kelebihan", 0) or 0),
    )


def _member(member_id: int, cells: dict[str, str], law: StageRules) -> Member:
    year, month, day = (int(part) for part in law.ages_on.split("-"))
    age = cells.get("usia", "")
    born = (year - int(age)) * 10000 + month * 100 + day if age.isdigit() else 0
    words = cells.get("keadaan", "").replace(",", " ").split()
    school = [WORDS[word] for word in words if WORDS.get(word) in SCHOOL_LEVELS]
    pregnancy = next((int(word.removeprefix("hamil-")) for word in words if word.startswith("hamil-")), 0)
    listed = cells.get("daftar pusat", "")
    return Member(
        member_id=member_id,
        born_ymd=born,
        school_level=int(school[0]) if school else 0,
        finished_school="tamat" in words,
        pregnant=any(word.startswith("hamil") for word in words),
        pregnancy_no=pregnancy,
        severe_disability="disabilitas" in words,
        human_rights="HAM" in words,
        listed_component=int(WORDS[listed]) if listed else 0,
        facility_id=member_id,  # a school or health post of its own
    )


def _told(drawing: str, expected: dict[int, object]) -> str:
    """The drawing and what came of it, as Markdown."""
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in dedent(drawing).strip().splitlines()]
    lines = [_row(head), _row(["---"] * len(head)), *map(_row, rows), ""]
    for number, wanted in expected.items():
        net_idr, cut_idr = wanted if isinstance(wanted, tuple) else (wanted, 0)
        cut = f", dipotong {_rupiah(cut_idr)}" if cut_idr else ""
        lines.append(f"- Keluarga {number} menerima **{_rupiah(net_idr)}**{cut}.")
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _rupiah(amount_idr: object) -> str:
    return f"Rp{amount_idr:,}".replace(",", ".")
