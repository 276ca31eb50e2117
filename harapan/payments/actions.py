"""What people decide about money: exceptions matched or set aside, cards moved on, minutes drawn up and signed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.core.money import thousands
from harapan.core.phrases import Phrase
from harapan.database.day import today
from harapan.database.scope import atomic
from harapan.payments import exceptions, ledger, reasons
from harapan.payments.enums import ExceptionKind, Outcome, Resolution
from harapan.payments.models import CardStep, PaymentException, Posting
from harapan.payments.rows import SettlementRow
from harapan.payments.rules import Booked, Misfit
from harapan.payments.settling import households, judge, write_lines
from harapan.policy.reasons import demand_reason
from harapan.registry.models import NO_GROUP, Family


def match_exception(
    exception: PaymentException, *, family: Family, why: str, by: User, on: date, overrule: bool = False
) -> PaymentException:
    """Book a line that fitted nothing for the family a person found. Raises Refused when it does not fit there either.

    overrule: the bank has taken its earlier answer back, so a line that contradicts or repeats it is booked too.
    """
    _demand_reason(why)
    with atomic():
        stage = Stage.objects.select_for_update().get(pk=exception.stage_id)
        exception = _still_open(exception)
        if exception.file is None:
            raise Refused(
                "Ini catatan dari lapangan, bukan baris berkas, jadi tidak dapat dicocokkan. Sisihkan dengan alasan "
                "setelah perkaranya jelas."
            )
        row = SettlementRow(
            exception.line, family.pk, Outcome(exception.outcome), exception.amount_idr, exception.on, exception.bank,
            exception.reason_code, exception.note, ntpn=exception.ntpn,
            attempt=exception.attempt if exception.family_id == family.pk else 0,  # another family's order is not meant
        )  # fmt: skip
        homes, elsewhere = households(stage, [family.pk])
        results = judge([row], homes, elsewhere, on=on, overrule=overrule)
        for result in results:
            if isinstance(result, Misfit):
                raise Refused(exceptions.refusal(result, stage.name))
        booked = [result for result in results if isinstance(result, Booked)]
        write_lines(exception.file, ((row, one) for one in booked), homes, on=on)
        moved = (homes[family.pk].answered(one, told_by=exception.file.payer) for one in booked)
        ledger.post(stage, Posting.Kind.EXCEPTION, moved, by=by, on=on, file=exception.file)
        exception.family = family
        exception.region_no, exception.group_no = family.region_id, family.group_id or NO_GROUP
        return _closed(exception, Resolution.MATCHED, why=why, by=by)


def set_aside(exception: PaymentException, *, why: str, by: User) -> PaymentException:
    """Close an exception without booking it: another programme, another regency, a line the bank has withdrawn.

    Raises Refused for a report of a held card, which is resolved on its own page, out of reach of who is accused.
    """
    if exception.kind == ExceptionKind.CARD_HELD:
        raise Refused("Laporan kartu tidak ditutup di sini. Selesaikan laporannya di halaman kartu yang dipegang.")
    return close_without_booking(exception, why=why, by=by)


def close_without_booking(exception: PaymentException, *, why: str, by: User) -> PaymentException:
    _demand_reason(why)
    with atomic():
        return _closed(_still_open(exception), Resolution.SET_ASIDE, why=why, by=by)


def set_aside_alike(stage: Stage, kind: ExceptionKind, *, lines: int, why: str, by: User) -> int:
    """Set aside every open line of files of one kind, as far as the scope reaches, each with its own entry.

    lines: how many the decider was shown. Returns how many. Raises Refused when there are more or fewer by now; what
    people in the field told is never among them, for each is a matter of its own.
    """
    _demand_reason(why)
    with atomic():
        found = PaymentException.objects.select_for_update(of=("self",)).alike(stage, kind)
        keys = list(found.order_by("pk").values_list("pk", flat=True))
        if len(keys) != lines or not keys:
            raise Refused(
                "Anda memutuskan {lines} baris, tetapi sekarang ada {now}. Periksa lagi daftarnya, lalu ulangi.",
                lines=thousands(lines), now=thousands(len(keys)),
            )  # fmt: skip
        PaymentException.objects.filter(pk__in=keys).update(
            closed_at=timezone.now(), closed_by=by, resolution=Resolution.SET_ASIDE, why=why.strip()
        )
        bodies: dict[int, dict[str, int]] = {key: {"alike": len(keys)} for key in keys}
        log.record_each("exception.set_aside", kind="payment_exception", bodies=bodies, why=why)
    return len(keys)


def _demand_reason(why: str) -> None:
    demand_reason(why, Phrase("Tulis alasan menutup selisih; auditor akan membacanya."), on=today())


def _still_open(exception: PaymentException) -> PaymentException:
    found = PaymentException.objects.select_for_update(of=("self",)).select_related("file").get(pk=exception.pk)
    if not found.is_open:
        raise Refused("Baris ini sudah ditutup. Muat ulang halamannya untuk melihat oleh siapa dan mengapa.")
    return found


def _closed(exception: PaymentException, how: Resolution, *, why: str, by: User) -> PaymentException:
    exception.closed_at, exception.closed_by = timezone.now(), by
    exception.resolution, exception.why = how, why.strip()
    exception.save(update_fields=["closed_at", "closed_by", "resolution", "why", "family", "region_no", "group_no"])
    log.record(f"exception.{how}", kind="payment_exception", subject=exception.pk, why=why)
    return exception


_STEPS_AFTER = {
    None: (CardStep.Step.ORDERED, CardStep.Step.AT_BRANCH, CardStep.Step.HANDED_OVER, CardStep.Step.NOT_HANDED_OVER),
    CardStep.Step.ORDERED: (CardStep.Step.AT_BRANCH, CardStep.Step.NOT_HANDED_OVER),
    CardStep.Step.AT_BRANCH: (CardStep.Step.HANDED_OVER, CardStep.Step.NOT_HANDED_OVER),
    CardStep.Step.NOT_HANDED_OVER: (CardStep.Step.ORDERED, CardStep.Step.AT_BRANCH, CardStep.Step.HANDED_OVER),
    CardStep.Step.HANDED_OVER: (CardStep.Step.ORDERED,),  # lost, broken, swallowed: a new card
}


def record_card_step(
    families: Iterable[Family], *, step: CardStep.Step, by: User, on: date, bank: str = "", minutes_no: str = "",
    minutes_on: date | None = None, reason_code: str = "", note: str = "",
) -> list[CardStep]:  # fmt: skip
    """One step of account and card for these families. A hand-over names its minutes, a card not handed over a reason.

    Raises Refused for all when one cannot take this step, so that minutes and rows agree.
    """
    chosen = list(families)
    _refuse_incomplete(step, minutes_no=minutes_no, minutes_on=minutes_on, reason_code=reason_code, on=on)
    with atomic():
        latest = latest_card_steps(family.pk for family in chosen)
        for family in chosen:
            before = latest.get(family.pk)
            if step not in _STEPS_AFTER[CardStep.Step(before.step) if before else None]:
                was = before.get_step_display() if before else Phrase("belum ada")
                raise Refused(
                    "Kartu keluarga {family} {was}, jadi tidak dapat dicatat {step}. Keluarkan dari pilihan, "
                    "atau catat langkah sebelumnya dahulu.",
                    family=family.name,
                    was=was,
                    step=step.label,
                )
        rows = [
            CardStep(
                family=family, region_no=family.region_id, group_no=family.group_id or NO_GROUP, step=step, bank=bank,
                on=on, minutes_no=minutes_no, minutes_on=minutes_on, reason_code=reason_code, note=note, by=by,
            )
            for family in chosen
        ]  # fmt: skip
        return CardStep.objects.bulk_create(rows)


def _refuse_incomplete(
    step: CardStep.Step, *, minutes_no: str, minutes_on: date | None, reason_code: str, on: date
) -> None:
    if step == CardStep.Step.HANDED_OVER and not (minutes_no.strip() and minutes_on):
        raise Refused("Penyerahan kartu perlu nomor dan tanggal berita acara. Isi keduanya.")
    if step == CardStep.Step.NOT_HANDED_OVER and not reason_code:
        raise Refused("Kartu yang belum diserahkan perlu alasan. Pilih alasannya, misalnya “Pindah alamat”.")
    if step == CardStep.Step.NOT_HANDED_OVER and reason_code not in reasons.labels(on):
        raise Refused(
            "Alasan “{reason_code}” tidak ada dalam daftar alasan. Pilih salah satu alasan yang tersedia.",
            reason_code=reason_code,
        )


def latest_card_steps(families: Iterable[int]) -> dict[int, CardStep]:
    """The step each of these families stands at, by family. One query."""
    found = CardStep.objects.filter(family_id__in=list(families)).order_by("family_id", "-id").distinct("family_id")
    return {step.family_id: step for step in found}
