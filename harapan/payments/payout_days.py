"""When and where villages are paid in cash, and what other programmes pay over the same counter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.fields import draw_ids
from harapan.database.scope import atomic
from harapan.payments.models import PayoutDay, Programme, ProgrammeDue
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.registry.models import NO_GROUP, Family

FARTHEST_DAYS = 366  # a typed year that is wrong, nobody's rule


def plan_payout_day(
    stage: Stage, village_no: int, *, day: date, begins: time, ends: time, place: str, payer: str, by: User, on: date
) -> PayoutDay:
    """Set a village's payout day; said again it changes nothing. Raises Refused.

    What families have been told already is changed with a reason: `payout_changes.move_payout_day`.
    """
    check_day(village_no, day=day, begins=begins, ends=ends, on=on)
    with atomic():
        made, new = PayoutDay.objects.standing().get_or_create(
            stage=stage, region_no=village_no, on=day, begins=begins,
            defaults={"ends": ends, "place": place.strip()[:120], "payer": payer.strip()[:40], "recorded_by": by},
        )  # fmt: skip
        if not new and (made.ends, made.place, made.payer) != (ends, place.strip()[:120], payer.strip()[:40]):
            raise Refused(
                "Desa ini sudah punya hari bayar {day} pukul {at} di {place}. Ubah hari bayar itu dengan alasan.",
                day=format_date(day), at=f"{begins:%H.%M}", place=made.place,
            )  # fmt: skip
        if new:
            body = {"village": village_no, "day": day.isoformat()}
            log.record("payout_day.planned", kind="stage", subject=stage.pk, body=body)
    return made


def check_day(village_no: int, *, day: date, begins: time, ends: time, on: date) -> None:
    """Raises Refused where a day, its hours or its village cannot be."""
    if ends <= begins:
        raise Refused("Jam selesai harus sesudah jam mulai. Perbaiki jamnya.")
    if abs((day - on).days) > FARTHEST_DAYS:
        raise Refused("Tanggal {day} lebih dari setahun dari hari ini. Periksa tahunnya.", day=format_date(day))
    if not Region.objects.filter(no=village_no, level=Level.VILLAGE).exists():
        raise Refused(
            "Wilayah {code} bukan desa atau kelurahan yang dikenal. Pilih desa dari daftar.",
            code=codes.compact(village_no),
        )


def enter_programme_due(
    stage: Stage, programme: Programme, amounts: Mapping[Family, int], *, source: str, by: User
) -> int:
    """What families get of another programme, with where the figures come from; said again it is corrected.

    Returns how many are new or changed. Raises Refused.
    """
    if len(source.strip()) < 4:
        raise Refused("Tulis dari mana jumlahnya, misalnya: daftar bayar kantor pos Rantau, Mei 2025.")
    if any(idr <= 0 for idr in amounts.values()):
        raise Refused("Jumlah bantuan harus lebih dari nol. Hapus baris keluarga yang tidak menerima.")
    with atomic():
        chosen = {family.pk: family for family in amounts}
        known = dict(
            ProgrammeDue.objects.filter(stage=stage, programme=programme, family__in=chosen).values_list(
                "family", "amount_idr"
            )
        )
        fresh = {family: idr for family, idr in amounts.items() if known.get(family.pk) != idr}
        ProgrammeDue.objects.bulk_create(
            [
                ProgrammeDue(
                    id=pk, stage=stage, programme=programme, family=family, region_no=family.region_id,
                    group_no=family.group_id or NO_GROUP, amount_idr=idr, source=source.strip()[:120], recorded_by=by,
                )
                for pk, (family, idr) in zip(draw_ids(ProgrammeDue, len(fresh)), fresh.items(), strict=True)
            ],
            update_conflicts=True, unique_fields=["stage", "family", "programme"],
            update_fields=["amount_idr", "source", "recorded_by"],
        )  # fmt: skip
        if fresh:
            log.record(
                "programme_due.entered", kind="stage", subject=stage.pk,
                body={"programme": programme, "families": len(fresh), "source": source.strip()},
            )  # fmt: skip
    return len(fresh)
