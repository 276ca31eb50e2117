"""Cards in somebody else's hand: reported in confidence, an exception of the kecamatan until it is resolved."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.scope import atomic
from harapan.payments.actions import close_without_booking
from harapan.payments.enums import ExceptionKind
from harapan.payments.field_exceptions import FieldWord, open_from_field, reference
from harapan.payments.field_law import card_holders
from harapan.payments.models import HeldCard, PaymentException
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.registry.models import NO_GROUP, Family

TEXT_MIN = 8  # letters: fewer say nothing


def report_held_card(
    stage: Stage, family: Family, *, holder: str, found_how: str, by: User, on: date, holder_name: str = "",
    accused: User | None = None, since: date | None = None, done: str = "",
) -> HeldCard:  # fmt: skip
    """Keep a report; the same person's second word on the same family is the first one still. Raises Refused.

    accused: the member of staff who holds the card. They never see the report, whatever their post.
    """
    _refuse_senseless(holder, found_how, since, on=on)
    if accused is not None and accused.pk == by.pk:
        raise Refused("Kartu yang Anda pegang sendiri dikembalikan, tidak dilaporkan. Minta rekan lain melaporkannya.")
    with atomic():
        known = HeldCard.objects.filter(family=family, reported_by=by, resolution="").first()
        if known is not None:
            return known
        made = HeldCard.objects.create(
            stage=stage, family=family, region_no=family.region_id, group_no=family.group_id or NO_GROUP, holder=holder,
            holder_name=holder_name.strip(), accused=accused, since=since, found_how=found_how.strip(),
            done=done.strip(), reported_by=by, reported_on=on,
        )  # fmt: skip
        district = codes.ancestor(family.region_id, Level.DISTRICT)  # within reach of whoever may report
        # it says nothing of holder or family: the list of exceptions is read by more people than the report
        word = FieldWord(made.pk, district, "", "Laporan kartu dipegang orang lain; isinya di halaman kartu.", 0)
        open_from_field(stage, ExceptionKind.CARD_HELD, [word], on=on)
        log.record("held_card.reported", kind="held_card", subject=made.pk, body={"holder": holder})
    return made


def _refuse_senseless(holder: str, found_how: str, since: date | None, *, on: date) -> None:
    if holder not in card_holders(on):
        raise Refused(
            "Pemegang “{holder}” tidak ada dalam daftar. Pilih salah satu yang tersedia.", holder=holder
        )  # fmt: skip
    if len(found_how.strip()) < TEXT_MIN:
        raise Refused("Tulis bagaimana hal ini diketahui, misalnya: keluarga bercerita saat kunjungan.")
    if since is not None and since > on:
        raise Refused(
            "Tanggal {since} belum tiba. Isi sejak kapan kartu dipegang, atau kosongkan.", since=format_date(since)
        )


def resolve_held_card(
    report_id: int, *, resolution: HeldCard.Resolution, how: str, by: User, on: date
) -> HeldCard:  # fmt: skip
    """Close a report with what was done. Resolved twice is refused; so is whoever reported or is accused of it."""
    if len(how.strip()) < TEXT_MIN:
        raise Refused("Tulis bagaimana laporan ini diselesaikan; auditor akan membacanya.")
    with atomic():
        found = HeldCard.objects.select_for_update(of=("self",)).filter(pk=report_id).first()
        if found is None:
            raise Refused("Laporan ini tidak ada di wilayah Anda. Muat ulang daftarnya.")
        if by.pk in (found.reported_by_id, found.accused_id):
            raise Refused("Laporan ini Anda yang membuat, atau tentang Anda. Minta orang lain menyelesaikannya.")
        if found.resolution:
            raise Refused(
                "Laporan ini sudah diselesaikan pada {on}. Muat ulang halamannya.",
                on=format_date(found.resolved_on) if found.resolved_on else "",
            )
        found.resolution, found.resolved_how = resolution, how.strip()[:300]
        found.resolved_by, found.resolved_on = by, on
        found.save(update_fields=["resolution", "resolved_how", "resolved_by", "resolved_on"])
        waiting = PaymentException.objects.open().filter(
            kind=ExceptionKind.CARD_HELD, reference=reference(ExceptionKind.CARD_HELD, found.pk)
        )
        for exception in waiting:
            close_without_booking(exception, why=how, by=by)
        log.record("held_card.resolved", kind="held_card", subject=found.pk, why=how.strip(), body={"how": resolution})
    return found
