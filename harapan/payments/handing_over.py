"""Recording who got the money: marks one by one or "semua menerima kecuali", per family, with who said it and when.

A mark that cannot be is refused in words; the other marks of the same deed are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.fields import draw_ids
from harapan.database.scope import atomic
from harapan.payments.enums import ExceptionKind, Standing
from harapan.payments.field_exceptions import FieldWord, open_from_field
from harapan.payments.field_law import Reason, handover_reasons, late_after_days
from harapan.payments.handover_rules import Facts, Said, hindrance
from harapan.payments.models import Claim, Handover, PayoutDay, Programme, ProgrammeDue
from harapan.registry.models import NO_GROUP, Family, Member

WHY_MIN = 8  # letters: fewer say nothing
Key = tuple[int, str]  # family, programme


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
            wanted |= _rest(facts, wanted)
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
    if days > late_after_days(day) and len(why.strip()) < WHY_MIN:
        raise Refused(
            "Serah terima ini dicatat {days} hari kemudian. Tulis alasan terlambat, misalnya: daftar baru "
            "dikembalikan.",
            days=days,
        )


def _locked(families: Iterable[Family]) -> list[Family]:
    chosen = [family.pk for family in families]
    return list(Family.objects.filter(pk__in=chosen).select_for_update(of=("self",)).order_by("pk"))


def facts_of(stage: Stage, families: Iterable[Family], *, on: date) -> dict[Key, Facts]:
    """What is known of each family and programme it is due. Five queries."""
    chosen = {family.pk: family for family in families}
    days = cash_days(stage, {family.region_id for family in chosen.values()})
    claims: dict[Key, list[tuple[Standing, int, date | None]]] = defaultdict(list)
    for claim in Claim.objects.filter(stage=stage, family__in=chosen):
        cash = days.get((claim.region_no, claim.bank.upper()))
        booked = claim.on if claim.standing != Standing.UNANSWERED else None
        since = min((each for each in (booked, cash) if each), default=None)
        claims[claim.family_id, Programme.PKH].append((Standing(claim.standing), claim.nominal_idr, since))
    for due in ProgrammeDue.objects.filter(stage=stage, family__in=chosen):
        cash = min((day for (village, _payer), day in days.items() if village == due.region_no), default=None)
        claims[due.family_id, due.programme].append((Standing.UNANSWERED, due.amount_idr, cash))
    dead = _without_payee(chosen, on)
    before = {
        (row.family_id, row.programme): (Handover.Outcome(row.outcome), row.on, row.proof_id is not None)
        for row in Handover.objects.filter(stage=stage, family__in=chosen)
    }
    return {
        (pk, programme): Facts(
            family.name, stage.name, tuple(claims[pk, programme]), dead.get(pk),
            before.get((pk, programme)),
        )
        for pk, family in chosen.items() for programme in (str(Programme.PKH), str(Programme.BPNT))
        if (pk, programme) in claims or programme == Programme.PKH
    }  # fmt: skip


def cash_days(stage: Stage, villages: Iterable[int]) -> dict[tuple[int, str], date]:
    """Village and payer -> the first day it pays there in cash. One query."""
    found = PayoutDay.objects.filter(stage=stage, region_no__in=set(villages)).order_by("-on")
    return {(village, payer.upper()): on for village, payer, on in found.values_list("region_no", "payer", "on")}


def _without_payee(families: Iterable[int], on: date) -> dict[int, date]:
    """Family -> when its pengurus died, where nobody has taken over. One query."""
    managers = Member.objects.filter(family__in=list(families), manager=True).values_list("family", "died_on")
    died: dict[int, date] = {}
    living: set[int] = set()
    for family, died_on in managers:
        if died_on is None or died_on > on:
            living.add(family)
        else:
            died[family] = max(died_on, died.get(family, died_on))
    return {family: day for family, day in died.items() if family not in living}


def _rest(facts: Mapping[Key, Facts], spoken: Mapping[Key, object]) -> dict[Key, tuple[Said, Handover.Manner]]:
    """Only who is due something and of whom nobody has ever spoken; an earlier "not received" stays."""
    return {
        key: (Said(Handover.Outcome.RECEIVED), Handover.Manner.REST)
        for key, each in facts.items() if each.claims and key not in spoken and each.before is None
    }  # fmt: skip


def _refusal(
    facts: Mapping[Key, Facts], key: Key, said: Said, *, day: date, on: date, reasons: dict[str, Reason], why: str
) -> Phrase | None:
    if key not in facts:
        return Phrase("Keluarga nomor {number} tidak ada di daftar ini. Muat ulang halamannya.", number=key[0])
    each = facts[key]
    if _takes_back(each, said) and len(why.strip()) < WHY_MIN:
        return Phrase(
            "{name}: sebelumnya dicatat menerima. Tulis alasan mengubahnya menjadi belum menerima.", name=each.name
        )
    return hindrance(each, said, day=day, on=on, reasons=reasons)


def _takes_back(facts: Facts, said: Said) -> bool:
    received = facts.before is not None and facts.before[0] is Handover.Outcome.RECEIVED
    return received and said.outcome is Handover.Outcome.NOT_RECEIVED


def _write(
    stage: Stage, families: Mapping[int, Family], facts: Mapping[Key, Facts],
    kept: Mapping[Key, tuple[Said, Handover.Manner]], *, day: date, by: User, why: str,
) -> int:  # fmt: skip
    """Insert or change; a mark said again as it stands keeps who said it first."""
    standing = {
        (row.family_id, row.programme): row for row in Handover.objects.filter(stage=stage, family__in=families)
    }
    new: list[Handover] = []
    changed: list[Handover] = []
    for key, (said, manner) in kept.items():
        row = standing.get(key) or Handover(stage=stage, programme=key[1])
        if row.pk and (row.outcome, row.reason_code, row.on) == (said.outcome, said.reason, day):
            continue
        family = families[key[0]]
        row.family, row.region_no, row.group_no = family, family.region_id, family.group_id or NO_GROUP
        row.outcome, row.reason_code, row.on, row.manner = said.outcome, said.reason, day, manner
        there = said.outcome is Handover.Outcome.RECEIVED
        row.amount_idr = facts[key].there_idr(day) if there else facts[key].due_idr
        row.said_by, row.said_at, row.late_because, row.proof = by, timezone.now(), why.strip()[:200], None
        (changed if row.pk else new).append(row)
    for row, pk in zip(new, draw_ids(Handover, len(new)), strict=True):  # one draw, not one a row
        row.pk = pk
    Handover.objects.bulk_create(new)
    fields = ["outcome", "reason_code", "on", "manner", "amount_idr", "said_by", "said_at", "late_because", "proof"]
    Handover.objects.bulk_update(changed, fields)
    return len(new) + len(changed)


def _open_exceptions(
    stage: Stage, families: Mapping[int, Family], facts: Mapping[Key, Facts],
    kept: Mapping[Key, tuple[Said, Handover.Manner]], reasons: dict[str, Reason], *, on: date,
) -> None:  # fmt: skip
    words = [
        FieldWord(
            f"{pk}-{programme}", families[pk].region_id, families[pk].name,
            f"Pada hari bayar: {reasons[said.reason].label.lower()}. {programme.upper()}.",
            facts[pk, programme].due_idr, facts[pk, programme].due_idr, said.reason,
        )
        for (pk, programme), (said, _manner) in kept.items()
        if said.reason in reasons and reasons[said.reason].leads_to == "exception"
    ]  # fmt: skip
    open_from_field(stage, ExceptionKind.NOT_HANDED, words, on=on)
