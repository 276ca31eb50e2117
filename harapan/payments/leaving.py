"""What payments know of somebody who goes away: reports of cards in other hands that nobody has resolved."""

from __future__ import annotations

from django.db.models import Q

from harapan.core.phrases import Phrase
from harapan.payments.models import HeldCard
from harapan.workforce.staff.checklist import Item, Leaver, source


@source("held_cards")
def held_cards(leaver: Leaver) -> Item:
    """As far as the reader may see them: the database keeps a report from whom it speaks of. One query."""
    wanted = Q(accused=leaver.user) | Q(family__group__in=leaver.groups)
    way = Phrase("Selesaikan di halaman kartu; yang menyangkut ia sendiri harus jelas sebelum ia pergi.")
    count = HeldCard.objects.filter(wanted, resolution="").count()
    return Item("held_cards", Phrase("Laporan kartu dipegang yang belum selesai"), way, count)
