"""A card in the hand of staff is also a matter of ethics: its report opens a case, without saying who told it."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import User
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.scope import atomic
from harapan.payments.models import HeldCard
from harapan.workforce.ethics.reporting import Record, forward
from harapan.workforce.models import EthicsEvidence

OFFENCE = "holding_cards"


def refer_held_card(report_id: int, *, by: User, on: date) -> int:
    """Open a case about whoever the report accuses; returns its number in the database. Raises Refused.

    The words name neither family nor reporter: the accused reads part of a case.
    """
    with atomic():
        report = HeldCard.objects.select_related("accused", "stage").filter(pk=report_id).first()
        if report is None:
            raise Refused("Laporan ini tidak ada di wilayah Anda. Muat ulang daftarnya.")
        since = f" sejak {format_date(report.since)}" if report.since else ""
        words = f"Kartu satu keluarga dipegang petugas{since}; dilaporkan pada tahap {report.stage.name}."
        record = Record(EthicsEvidence.Kind.HELD_CARD, report.pk, words)
        return forward(
            record, accused=report.accused, offence=OFFENCE, by=by, on=on, region_no=report.region_no
        )  # fmt: skip
