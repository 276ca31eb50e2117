"""Recording who got the money: marks one by one or "semua menerima kecuali", per family, with who said it and when.

A mark that cannot be is refused in words; the other marks of the same deed are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.day import moment, today
from harapan.database.fields import draw_ids
from harapan.database.scope import atomic
from harapan.payments.enums import ExceptionKind
from harapan.payments.field_exceptions import FieldWord, open_from_field
from harapan.payments.field_law import Reason, handover_reasons, late_after_days
from harapan.payments.handover_facts import Key, facts_of
from harapan.payments.handover_rules import RECEIVED, Facts, Said, hindrance
from harapan.payments.models import Handover
from harapan.policy.reasons import demand_reason
from harapan.registry.models import NO_GROUP, Family

Spoken = tuple[Said, Handover.Manner]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the marks: how many are new or changed, and why others were refused."""

    saved: int
    refused: tuple[tuple[Key, Phrase], ...]


def mark_handover(
    stage: Stage, families: Iterable[Family], said: Mapping[Key, Said], *, day: date, rest: bool = False, by: User,
    on: date, why: str = "",
) -> Recorded:  # fmt: skip
    """Write marks of these families for a day; with `rest`, "received" for all who are due and unspoken of.

    why: for marks later than policy allows without a reason, and for taking a "received" back. A constant number of
    statements. Raises Refused where the reason is missing.
    """
    _demand_why(day, on=on, why=why)
    with atomic():
        known = {family.pk: family for family in _locked(families)}
        facts = facts_of(stage, known.values(), on=on)
        reasons = handover_reasons(day)
        wanted = {key: (each, Handover.Manner.SINGLE) for key, each in said.items()}
        if rest:
            wanted |= _rest(facts, wanted, day)
        refused = {
            key: found for key, (each, _how) in wanted.items()
            if (found := _refusal(facts, key, each, day=day, on=on, reasons=reasons, why=why))
        }  # fmt: skip
        kept = {key: pair for key, pair in wanted.items() if key not in refused}
        saved = _write(stage, known, facts, kept, day=day, by=by, why=why)
        _open_exceptions(stage, known, facts, kept, reasons, on=on)
        log.record(
            "handover.said", kind="stage", subject=stage.pk, why=why or None,
            body={"day": day.isoformat(), "saved": saved, "refused": len(refused), "rest": rest},
        )  # fmt: skip
    return Recorded(saved, tuple(refused.items()))


def _demand_why(day: date, *, on: date, why: str) -> None:
    days = (on - day).days
    if days > late_after_days(day):
        way_out = Phrase(
            "Serah terima ini dicatat {days} hari kemudian. Tulis alasan terlambat, misalnya: daftar baru "
            "dikembalikan.",
            days=days,
        )
        demand_reason(why, way_out, on=on)


def _locked(families: Iterable[Family]) -> list[Family]:
    chosen = [family.pk for family in families]
    return list(Family.objects.filter(pk__in=chosen).select_for_update(of=("self",)).order_by("pk"))


def _rest(facts: Mapping[Key, Facts], spoken: Mapping[Key, object], day: date) -> dict[Key, Spoken]:
    """Who is due something and of whom nobody has spoken, or to whom more came since; a "not received" stays."""
    return {
        key: (Said(RECEIVED), Handover.Manner.REST)
        for key, each in facts.items()
        if each.claims and key not in spoken and each.is_open(day) and not each.said_on(day)
    }


def _refusal(
    facts: Mapping[Key, Facts], key: Key, said: Said, *, day: date, on: date, reasons: dict[str, Reason], why: str
) -> Phrase | None:
    if key not in facts:
        return Phrase("Keluarga nomor {number} tidak ada di daftar ini. Muat ulang halamannya.", number=key[0])
    each = facts[key]
    if each.taken_back(said, day):
        way_out = Phrase(
            "{name}: sebelumnya dicatat menerima. Tulis alasan mengubahnya menjadi belum menerima.", name=each.name
        )
        try:
            demand_reason(why, way_out, on=on)
        except Refused as refusal:
            return refusal.phrase
    return hindrance(each, said, day=day, on=on, reasons=reasons)


def _write(
    stage: Stage, families: Mapping[int, Family], facts: Mapping[Key, Facts], kept: Mapping[Key, Spoken], *,
    day: date, by: User, why: str,
) -> int:  # fmt: skip
    """One word a family, programme and day: insert, or change the one that stands; said again it keeps its speaker."""
    standing = {
        (row.family_id, row.programme, row.on): row for row in Handover.objects.filter(stage=stage, family__in=families)
    }
    new: list[Handover] = []
    changed: list[Handover] = []
    for key, (said, manner) in kept.items():
        undone = facts[key].taken_back(said, day)
        row = standing.get((*key, undone.on if undone else day)) or Handover(stage=stage, programme=key[1])
        idr = _amount(facts[key], said, day, undone.idr if undone else 0)
        if row.pk and (row.outcome, row.reason_code, row.on, row.amount_idr) == (said.outcome, said.reason, day, idr):
            continue
        if (row.outcome, row.reason_code) != (said.outcome, said.reason) or said.outcome is RECEIVED:
            row.proof = None  # it proved something else
        family = families[key[0]]
        row.family, row.region_no, row.group_no = family, family.region_id, family.group_id or NO_GROUP
        row.outcome, row.reason_code, row.on, row.manner = said.outcome, said.reason, day, manner
        row.amount_idr = idr
        row.said_by, row.said_at, row.late_because = by, moment(today()), why.strip()[:200]
        (changed if row.pk else new).append(row)
    for row, pk in zip(new, draw_ids(Handover, len(new)), strict=True):  # one draw, not one a row
        row.pk = pk
    Handover.objects.bulk_create(new)
    fields = ["outcome", "reason_code", "on", "manner", "amount_idr", "said_by", "said_at", "late_because", "proof"]
    Handover.objects.bulk_update(changed, fields)
    return len(new) + len(changed)


def _amount(facts: Facts, said: Said, day: date, undone_idr: int) -> int:
    """The part handed over; of a "not received" what the family is still without."""
    if said.outcome is not RECEIVED:
        return max(0, facts.due_idr - facts.received_idr + undone_idr)
    return facts.part_idr(day) if said.idr is None else said.idr


def _open_exceptions(
    stage: Stage, families: Mapping[int, Family], facts: Mapping[Key, Facts],
    kept: Mapping[Key, Spoken], reasons: dict[str, Reason], *, on: date,
) -> None:  # fmt: skip
    words = [
        FieldWord(
            f"{pk}-{programme}", families[pk].region_id, families[pk].name,
            _note(reasons[said.reason], programme),
            facts[pk, programme].due_idr, facts[pk, programme].due_idr, said.reason,
        )
        for (pk, programme), (said, _manner) in kept.items()
        if said.reason in reasons and reasons[said.reason].leads_to == "exception"
    ]  # fmt: skip
    open_from_field(stage, ExceptionKind.NOT_HANDED, words, on=on)


def _note(reason: Reason, programme: str) -> str:
    wanted = f" Belum berbukti: {reason.proof}." if reason.proof else ""
    return f"Pada hari bayar: {reason.label.lower()}. {programme.upper()}.{wanted}"
