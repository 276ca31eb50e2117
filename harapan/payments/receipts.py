"""Four amounts of a family side by side: due, credited, withdrawn, said to be received."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum as Total

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.core.money import rupiah
from harapan.core.periods import format_date
from harapan.database.scope import atomic
from harapan.payments.enums import SUM_OF, ExceptionKind, Standing, Sum
from harapan.payments.field_exceptions import FieldWord, open_from_field, reference
from harapan.payments.models import Claim, Handover, PaymentException, Programme, SaidReceipt
from harapan.registry.models import NO_GROUP, Family


@dataclass(frozen=True, slots=True)
class Amounts:
    """Whole rupiah. withdrawn_idr: of the account, or over the counter as the field has recorded it.

    said_idr None: nobody has asked the family, or the reader may not know the answer.
    """

    due_idr: int = 0
    credited_idr: int = 0
    withdrawn_idr: int = 0
    said_idr: int | None = None

    @property
    def differs(self) -> bool:
        """Only where the family has spoken. Banks tell of withdrawals late: who says to have received all that was
        credited does not contradict a bank that has told of less."""
        known = {self.withdrawn_idr, max(self.withdrawn_idr, self.credited_idr)}
        return self.said_idr is not None and self.said_idr not in known


def amounts_of(stage: Stage, families: Iterable[int]) -> dict[int, Amounts]:
    """The four amounts of each family of the stage, in the scope that is on. Three queries."""
    chosen = list(families)
    sums = {pk: [0, 0, 0] for pk in chosen}
    for claim in Claim.objects.filter(stage=stage, family__in=chosen):
        standing, each = Standing(claim.standing), sums[claim.family_id]
        each[0] += claim.nominal_idr
        each[1] += claim.amount_idr if SUM_OF[standing] is Sum.CREDITED else 0
        each[2] += claim.amount_idr if standing is Standing.WITHDRAWN else 0
    handed = Handover.objects.filter(
        stage=stage, family__in=chosen, programme=Programme.PKH, outcome=Handover.Outcome.RECEIVED
    )
    for family, idr in handed.order_by().values_list("family").annotate(Total("amount_idr")):
        sums[family][2] = max(sums[family][2], idr)
    told = SaidReceipt.objects.filter(stage=stage, family__in=chosen).order_by("id").values_list("family", "amount_idr")
    said = dict(told)  # the latest holds
    return {pk: Amounts(three[0], three[1], three[2], said.get(pk)) for pk, three in sums.items()}


def say_receipt(
    stage: Stage, family: Family, *, amount_idr: int, told_on: date, by: User, on: date, note: str = ""
) -> SaidReceipt:
    """Keep what a family told of the stage's money; where it differs from what was withdrawn, an exception opens.

    The same word of the same day again changes nothing. Raises Refused.
    """
    if told_on > on:
        raise Refused("Tanggal {day} belum tiba. Isi hari keluarga bercerita.", day=format_date(told_on))
    if amount_idr < 0:
        raise Refused("Jumlah {amount} kurang dari nol. Isi 0 bila keluarga tidak menerima apa pun.", amount=amount_idr)
    with atomic():
        known = SaidReceipt.objects.filter(
            stage=stage, family=family, amount_idr=amount_idr, told_on=told_on, told_to=by
        ).first()
        if known is not None:
            return known
        now = amounts_of(stage, [family.pk])[family.pk]
        if not now.due_idr:
            raise Refused(
                "{name} tidak ada di daftar bayar tahap {stage}. Periksa tahapnya.", name=family.name, stage=stage.name
            )
        made = SaidReceipt.objects.create(
            stage=stage, family=family, region_no=family.region_id, group_no=family.group_id or NO_GROUP,
            amount_idr=amount_idr, told_on=told_on, told_to=by, note=note.strip()[:200],
        )  # fmt: skip
        said = Amounts(now.due_idr, now.credited_idr, now.withdrawn_idr, amount_idr)
        if said.differs:
            open_from_field(stage, ExceptionKind.SAID, [_word(family, said, told_on)], on=on)
        log.record("receipt.said", kind="stage", subject=stage.pk, body={"differs": said.differs})
    return made


def open_differences(stage: Stage, families: Iterable[int], *, on: date) -> None:
    """Compare again what these families told with what is known now: answers of a bank may come after their word.

    Set-based; an exception that is open already stays the only one, and one that a person closed is not opened again
    over the same amounts.
    """
    told = {
        row.family_id: row
        for row in SaidReceipt.objects.filter(stage=stage, family__in=list(families))
        .select_related("family")
        .order_by("id")
    }
    if not told:
        return
    now = amounts_of(stage, told)
    names = {reference(ExceptionKind.SAID, pk): pk for pk in told}
    known = PaymentException.objects.filter(stage=stage, kind=ExceptionKind.SAID, reference__in=names)
    judged = {
        (names[ref], said, was) for ref, said, was in known.values_list("reference", "amount_idr", "expected_idr")
    }
    words = [_word(row.family, now[pk], row.told_on) for pk, row in told.items() if now[pk].differs]
    fresh = [word for word in words if (word.key, word.amount_idr, word.expected_idr) not in judged]
    open_from_field(stage, ExceptionKind.SAID, fresh, on=on)


def _word(family: Family, said: Amounts, told_on: date) -> FieldWord:
    return FieldWord(
        family.pk, family.region_id, family.name,
        f"Keluarga mengaku menerima {rupiah(said.said_idr or 0)} ({format_date(told_on)}); tercatat diambil "
        f"{rupiah(said.withdrawn_idr)}, masuk {rupiah(said.credited_idr)}, harus dibayar {rupiah(said.due_idr)}.",
        said.said_idr or 0, said.withdrawn_idr,
    )  # fmt: skip
