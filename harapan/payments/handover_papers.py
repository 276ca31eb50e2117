"""Papers of handing over: the list to be signed, and the minutes of cards. No full number of anybody stands on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from harapan.core.money import rupiah
from harapan.core.periods import format_date
from harapan.files import documents
from harapan.payments import reasons
from harapan.payments.field_law import proof_codes
from harapan.payments.field_queries import Due, days_of
from harapan.payments.models import CardStep, Handover
from harapan.registry.models import Family, Group

FOLDER = Path(__file__).with_name("papers")


def signing_list(
    rows: Sequence[Due], group: Group, *, stage: str, place: str, printed_by: str, printed_at: datetime
) -> bytes:
    """PDF, one row a family and programme, numbered as on the page, so that a photographed page can be told back."""
    day = next(iter(days_of(rows)), None)
    data = {
        "stage": stage,
        "facts": [
            ("Kelompok", group.name),
            ("Hari, tanggal", format_date(day.on) if day else ""),
            ("Wilayah", place),
            ("Pukul", f"{day.begins:%H.%M}–{day.ends:%H.%M}" if day else ""),
            ("Pendamping", group.facilitator.name if group.facilitator else ""),
            ("Tempat", day.place if day else ""),
        ],
        "rows": [_row(row) for row in rows],
        "total": f"Jumlah {rupiah(sum(row.idr for row in rows))}",
        "signers": [
            ("Petugas penyalur", ""), ("Saksi desa", ""),
            ("Pendamping", group.facilitator.name if group.facilitator else ""),
        ],
    }  # fmt: skip
    return documents.render(FOLDER / "handover.typ", data, printed_by=printed_by, printed_at=printed_at)


def _row(row: Due) -> dict[str, object]:
    return {
        "number": row.number,
        "name": row.family.name,
        "address": ", ".join(filter(None, (row.family.hamlet, row.family.street)))[:60],
        "programme": row.programme.label,
        "amount": rupiah(row.idr),
        "said": said_of(row),
    }


def said_of(row: Due) -> str:
    """ "diterima 20 Mei 2025", "diterima Rp600.000 20 Mei 2025; belum: Tidak ditemukan"; empty: nobody has spoken."""
    words = [_part(part, whole=len(row.parts) == 1 and not row.left_idr) for part in row.parts]
    if row.said is not None and row.said.outcome == Handover.Outcome.NOT_RECEIVED and row.left_idr:
        words.append(f"belum: {reasons.label(row.said.reason_code, row.said.on)}{_lacking(row)}")
    return "; ".join(words)


def _part(part: Handover, *, whole: bool) -> str:
    return f"diterima {format_date(part.on)}" if whole else f"diterima {rupiah(part.amount_idr)} {format_date(part.on)}"


def _lacking(row: Due) -> str:
    return " (belum berbukti)" if row.said is not None and row.is_unproven(proof_codes(row.said.on)) else ""


def card_minutes(
    steps: Iterable[CardStep], left: Iterable[CardStep], *, number: str, day: date, places: Mapping[int, str],
    accounts: Mapping[int, str], banks: Mapping[int, str], printed_by: str, printed_at: datetime,
) -> bytes:  # fmt: skip
    """PDF of one number of minutes. left: cards not handed over on that day. accounts: masked, by family;
    banks: of these accounts, where the step itself names none."""
    handed = list(steps)
    data = {
        "number": number,
        "day": format_date(day),
        "place": _place_of([step.family for step in handed], places),
        "rows": [
            {
                "number": at, "name": step.family.name, "place": places.get(step.region_no, ""),
                "bank": step.bank or banks.get(step.family_id, "—"), "account": accounts.get(step.family_id, "—"),
            }
            for at, step in enumerate(handed, start=1)
        ],
        "left": [
            {"number": at, "name": step.family.name, "reason": reasons.label(step.reason_code, step.on)}
            for at, step in enumerate(left, start=1)
        ],
        "signers": [("Yang menyerahkan", ""), ("Saksi desa", ""), ("Mengetahui, pendamping", "")],
    }  # fmt: skip
    return documents.render(FOLDER / "card_minutes.typ", data, printed_by=printed_by, printed_at=printed_at)


def _place_of(families: list[Family], places: Mapping[int, str]) -> str:
    found = sorted({places.get(family.region_id, "") for family in families} - {""})
    return found[0] if len(found) == 1 else "tempat masing-masing"
