"""Whose move it is on a computed stage, in words: the same on its page and on the desk of whoever waits for it."""

from __future__ import annotations

from harapan.benefits.models import State
from harapan.core.phrases import Phrase

WAITS_FOR: dict[State, Phrase] = {
    State.PLANNED: Phrase("PPK atau perumus kebijakan membuka tahap."),
    State.OPEN: Phrase("PPK atau operator membekukan tahap bila data dan verifikasi sudah masuk."),
    State.FROZEN: Phrase("PPK atau operator menghitung hak dari data yang dibekukan."),
    State.COMPUTED: Phrase("PPK atau operator memeriksa rekening dan hasilnya."),
    State.CHECKED: Phrase("Orang kedua menyetujui dengan SK, atau mengembalikan dengan alasan."),
    State.APPROVED: Phrase("PPK memerintahkan pembayaran."),
    State.INSTRUCTED: Phrase("SPP, SPM, dan SP2D terbit, berkas diserahkan, lalu jawaban bank dan pos dimuat."),
    State.RECONCILED: Phrase("PPK menutup tahap."),
    State.CLOSED: Phrase("Uang yang tidak sampai disetor ke kas negara dengan NTPN, lalu PPK menuntaskan tahap."),
}
