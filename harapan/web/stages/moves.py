"""The moves of a received stage as a page offers them: who may, what they are called, and what they ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from harapan.benefits.models import State
from harapan.payments import closing


@dataclass(frozen=True, slots=True)
class Move:
    code: str
    since: State  # offered while the reader's place stands here
    permission: str
    deed: Callable[..., Any]
    label: str | Promise
    asks: str | Promise
    done: str | Promise
    needs_reason: bool = False
    needs_no_hindrance: bool = True


MOVES = {
    move.code: move
    for move in (
        Move(
            "reconcile", State.OPEN, "stage.reconcile", closing.reconcile, _("Rekonsiliasi tahap"),
            _("Setelah ini daftar dan jumlahnya tidak berubah, kecuali rekonsiliasi dibuka kembali dengan alasan."),
            _("Tahap %(name)s direkonsiliasi. Berita acara dapat disusun."),
        ),
        Move(
            "close", State.RECONCILED, "stage.close", closing.close, _("Tutup tahap"),
            _("Setelah ditutup, tahap tidak dapat dibuka kembali."),
            _("Tahap %(name)s ditutup."),
        ),
        Move(
            "finish", State.CLOSED, "stage.close", closing.finish, _("Tuntaskan tahap"),
            _("Tahap tuntas bila tidak ada lagi rupiah di rekening tanpa akhir."),
            _("Tahap %(name)s tuntas."),
        ),
        Move(
            "reopen", State.RECONCILED, "stage.reconcile", closing.reopen, _("Buka kembali rekonsiliasi"),
            _("Daftar dan jawaban dapat masuk lagi. Alasannya dibaca auditor."),
            _("Rekonsiliasi tahap %(name)s dibuka kembali."),
            needs_reason=True, needs_no_hindrance=False,
        ),
    )
}  # fmt: skip
