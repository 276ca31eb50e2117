"""Whose move it is on a computed stage, in words: the same on its page and on the desk of whoever waits for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from harapan.benefits.models import State
from harapan.ui.parts import Words

WAITS_FOR: dict[State, Words] = {
    State.PLANNED: _("PPK atau perumus kebijakan membuka tahap."),
    State.OPEN: _("PPK atau operator membekukan tahap bila data dan verifikasi sudah masuk."),
    State.FROZEN: _("PPK atau operator menghitung hak dari data yang dibekukan."),
    State.COMPUTED: _("PPK atau operator memeriksa rekening dan hasilnya."),
    State.CHECKED: _("Orang kedua menyetujui dengan SK, atau mengembalikan dengan alasan."),
    State.APPROVED: _("PPK memerintahkan pembayaran."),
    State.INSTRUCTED: _("SPP, SPM, dan SP2D terbit, berkas diserahkan, lalu jawaban bank dan pos dimuat."),
    State.RECONCILED: _("PPK menutup tahap."),
    State.CLOSED: _("Uang yang tidak sampai disetor ke kas negara dengan NTPN, lalu PPK menuntaskan tahap."),
}
