"""A payout day that is taken away or moved, with its reason, and the families that are told anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, time

from django.db.models import Q
from django.utils import timezone

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.day import today
from harapan.database.fields import draw_ids
from harapan.database.scope import atomic
from harapan.payments.models import Claim, Handover, PayoutDay, PayoutTelling, Programme
from harapan.payments.payout_days import check_day
from harapan.policy.reasons import demand_reason
from harapan.registry.models import Family, Group


def move_payout_day(
    day_id: int, *, day: date, begins: time, ends: time, place: str, because: str, by: User, on: date
) -> PayoutDay:
    """Another day, hour or place for a village's payout day; the old one stays with the reason. Returns the new one.

    Moved twice by the same form it is moved once. Its families are to be told anew (`untold_days`). Raises Refused.
    """
    with atomic():
        old = _of_whom_nobody_spoke(day_id, because)
        if old.moved_to is not None:
            return old.moved_to
        if old.gone_at is not None:
            raise Refused("Hari bayar ini sudah ditiadakan. Tambahkan hari bayar baru.")
        check_day(old.region_no, day=day, begins=begins, ends=ends, on=on)
        if (old.on, old.begins, old.ends, old.place) == (day, begins, ends, place.strip()):
            raise Refused("Hari, jam, dan tempatnya masih sama. Ubah salah satunya.")
        _gone(old, because, by)
        there = PayoutDay.objects.standing().filter(stage=old.stage, region_no=old.region_no, on=day, begins=begins)
        if there.exists():
            raise Refused(
                "Desa ini sudah punya hari bayar {day} pukul {at}. Tiadakan yang lama, atau pilih jam lain.",
                day=format_date(day), at=f"{begins:%H.%M}",
            )  # fmt: skip
        old.moved_to = PayoutDay.objects.create(
            stage=old.stage, region_no=old.region_no, on=day, begins=begins, ends=ends, place=place.strip()[:120],
            payer=old.payer, recorded_by=by,
        )  # fmt: skip
        old.save(update_fields=["moved_to"])
        body = {"village": old.region_no, "day": old.on.isoformat(), "to": day.isoformat()}
        log.record("payout_day.moved", kind="stage", subject=old.stage_id, why=because.strip(), body=body)
    return old.moved_to


def cancel_payout_day(day_id: int, *, because: str, by: User) -> PayoutDay:
    """Take a village's payout day away, with a reason; its families are to be told. Raises Refused."""
    with atomic():
        old = _of_whom_nobody_spoke(day_id, because)
        if old.gone_at is None:
            _gone(old, because, by)
            body = {"village": old.region_no, "day": old.on.isoformat()}
            log.record("payout_day.cancelled", kind="stage", subject=old.stage_id, why=because.strip(), body=body)
    return old


def _of_whom_nobody_spoke(day_id: int, because: str) -> PayoutDay:
    """The day, locked, with its village's hand-overs waiting. Raises Refused where somebody got money on it."""
    way_out = Phrase("Tulis alasan hari bayar berubah, misalnya: kantor pos menunda karena banjir.")
    demand_reason(because, way_out, on=today())
    rows = PayoutDay.objects.select_for_update(of=("self",)).select_related("stage", "moved_to")
    old = rows.filter(pk=day_id).first()
    if old is None:
        raise Refused("Hari bayar ini tidak ada di wilayah Anda. Muat ulang daftarnya.")
    list(Family.objects.filter(region=old.region_no).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    paid = 0 if old.gone_at else _paid_since(old)
    if paid:
        raise Refused(
            "{n} keluarga sudah dicatat menerima sejak {day}, jadi hari bayar itu tidak dapat ditiadakan atau "
            "dipindah. Tambahkan hari bayar baru untuk yang belum.",
            n=paid, day=format_date(old.on),
        )  # fmt: skip
    return old


def _paid_since(day: PayoutDay) -> int:
    """Families of the village whose hand-over rests on this day: paid by its payer since, and on no earlier day."""
    days = PayoutDay.objects.standing().filter(stage=day.stage, region_no=day.region_no, payer__iexact=day.payer)
    if days.filter(on__lte=day.on).exclude(pk=day.pk).exists():
        return 0
    theirs = Claim.objects.filter(stage=day.stage, region_no=day.region_no, bank__iexact=day.payer).values("family")
    said = Handover.objects.filter(
        stage=day.stage, region_no=day.region_no, on__gte=day.on, outcome=Handover.Outcome.RECEIVED
    )
    return said.filter(Q(family__in=theirs) | ~Q(programme=Programme.PKH)).values("family").distinct().count()


def _gone(day: PayoutDay, because: str, by: User) -> None:
    day.gone_at, day.gone_by, day.gone_because = timezone.now(), by, because.strip()[:200]
    day.save(update_fields=["gone_at", "gone_by", "gone_because"])


def untold_days(stage: Stage, groups: Collection[Group]) -> dict[int, list[PayoutDay]]:
    """Group -> days of its village that went and of which its families have not been told yet. Two queries."""
    villages = {group.region_id for group in groups if group.region_id}
    gone = PayoutDay.objects.filter(stage=stage, region_no__in=villages, gone_at__isnull=False)
    rows = list(gone.select_related("moved_to").order_by("gone_at"))
    told = set(PayoutTelling.objects.filter(day__in=rows, group__in=groups).values_list("day", "group"))
    return {
        group.pk: [day for day in rows if day.region_no == group.region_id and (day.pk, group.pk) not in told]
        for group in groups
    }


def tell_group(stage: Stage, group: Group, *, by: User) -> int:
    """Note that the families of a group were told of every change so far. Returns how many were news."""
    with atomic():
        Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
        waiting = untold_days(stage, [group])[group.pk]
        PayoutTelling.objects.bulk_create(
            PayoutTelling(id=pk, day=day, group=group, region_no=group.region_id or 0, told_by=by)
            for pk, day in zip(draw_ids(PayoutTelling, len(waiting)), waiting, strict=True)
        )
        if waiting:
            log.record(
                "payout_day.told", kind="group", subject=group.pk,
                body={"stage": stage.name, "days": [day.pk for day in waiting]},
            )  # fmt: skip
    return len(waiting)
