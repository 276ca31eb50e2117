"""Invented contents of the component sheet. No record of anybody is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest

from harapan.ui import parts
from harapan.ui.filters import FilterForm
from harapan.ui.pages import KeysetPage

COLOURS = [
    ("brand", "produk, tindakan utama"),
    ("mark", "lihat ke sini; bukan teks"),
    ("ok", "beres"),
    ("wait", "menunggu"),
    ("bad", "salah, berhenti"),
    ("told", "pemberitahuan"),
    ("ink", "teks"),
    ("ink-2", "teks kedua"),
    ("ink-3", "keterangan"),
    ("edge", "tepi kendali"),
    ("line", "garis"),
    ("sunken", "alur, tanda netral"),
]

RECEIVED = [("open", "Dibuka"), ("reconciled", "Direkonsiliasi"), ("closed", "Ditutup"), ("final", "Tuntas")]

LINES = [
    parts.ReckonLine("Aisyah Nur", "Rp750.000", "anak usia dini, 4 tahun · Rp3.000.000 setahun ÷ 4 tahap"),
    parts.ReckonLine("Masniah", "Rp600.000", "lanjut usia, 74 tahun · Rp2.400.000 setahun ÷ 4 tahap"),
    parts.ReckonLine("M. Zaini", "Rp0", "SD kelas 4 · tidak dihitung: paling banyak 4 orang", "off"),
    parts.ReckonLine("Jumlah", "Rp1.350.000", kind="sum"),
    parts.ReckonLine("Potongan 10%", "−Rp135.000", "Ahmad hadir 80% di Februari", "cut"),
    parts.ReckonLine("Diterima", "Rp1.215.000", kind="net"),
]

TASKS = [
    parts.Task(1, "Pengaduan naik tingkat", "?", "Daha Utara", "hari ini", True, "bad", "Tangani"),
    parts.Task(9, "Usulan menunggu", "?", "Tertua 9 Mei", "5 hari", state="wait", deed="Periksa"),
]

ORDERS = [
    ("Mahrita", "HSS-25-2-000418", "Kandangan", "bad", "Gagal", 975_000, 0, 18),
    ("Norhayati", "HSS-25-2-001881", "Angkinang", "wait", "Selisih", 1_200_000, 975_000, 17),
    ("Salbiah", "HSS-25-2-002260", "Sungai Raya", "told", "Retur", 1_350_000, 875_000, 12),
]


class SampleForm(forms.Form):
    """One of each control, one of them filled in wrongly."""

    kk = forms.CharField(
        label="Nomor KK", help_text="16 angka; spasi boleh", widget=forms.TextInput({"inputmode": "numeric"})
    )
    born = forms.DateField(
        label="Tanggal lahir",
        widget=forms.TextInput,
        error_messages={"invalid": "Tanggal ini tidak ada. Contoh: 28 Februari 2019."},
    )
    reason = forms.ChoiceField(label="Alasan perubahan", choices=[("pindah", "Pindah sekolah"), ("lulus", "Lulus")])
    channel = forms.ChoiceField(label="Penyalur", choices=[("bri", "BRI"), ("pos", "PT Pos")], widget=forms.RadioSelect)
    password = forms.CharField(label="Kata sandi", widget=forms.PasswordInput)
    file = forms.FileField(label="Surat keterangan", required=False)
    note = forms.CharField(
        label="Catatan", widget=forms.Textarea({"rows": 2}), help_text="Auditor akan membacanya.", required=False
    )
    enclosed = forms.BooleanField(label="Surat keterangan sekolah terlampir", required=False)


class SampleFilters(FilterForm):
    q = forms.CharField(label="Cari", widget=forms.TextInput({"type": "search", "placeholder": "Nama atau order"}))
    kecamatan = forms.ChoiceField(label="Kecamatan", choices=[("", "Semua (11)"), ("6306050", "Kandangan")])


def contents(request: HttpRequest) -> dict[str, Any]:
    """The whole context of the sheet."""
    keys = ("name", "order", "place", "state", "word", "due", "credited", "days")
    sent = {"kk": "6306050106180012", "born": "31 Februari 2019", "reason": "pindah", "channel": "bri", "password": "x"}
    moment = datetime(2018, 5, 27, 14, 5, tzinfo=ZoneInfo("Asia/Makassar"))
    return {
        "colours": COLOURS,
        "now": moment,
        "as_of": moment,
        "recorded": True,
        "amount": 7_031_684_300_000,
        "stagebar": parts.StageBar("2025-2", parts.chain(RECEIVED, "reconciled"), "Ditutup bila sisa Rp0"),
        "steps": parts.chain(
            [("a", "Diterima"), ("b", "Diperiksa"), ("c", "Disetujui"), ("d", "Berlaku")],
            "c",
            {"a": "9 Mei", "b": "12 Mei", "c": "menunggu"},
        ),
        "figures": [
            parts.Figure("Keluarga dibayar", "9.842.117", "−65.223 (−0,7%)"),
            parts.Figure("Sebelum potongan", "Rp7.034.902.550.000", "−0,6% dari 2025-1"),
            parts.Figure("Potongan", "Rp3.218.250.000", "14.463 keluarga, +10,8%"),
            parts.Figure("Rata-rata per keluarga", "Rp714.448", "+Rp737"),
        ],
        "chips": [
            parts.Chip("Gagal 17", "?", current=True),
            parts.Chip("Retur 3", "?"),
            parts.Chip("Kandangan", "?", removes=True),
        ],
        "run": parts.Progress(
            "Menghitung susulan ke-1",
            55,
            "214.300 dari 388.912 keluarga",
            "sisa sekitar 4 menit",
            "langkah 3 dari 5",
            "Bagus Prakoso pukul 14.01",
        ),
        "lines": LINES,
        "tasks": TASKS,
        "form": SampleForm(sent),
        "filters": SampleFilters.read(request),
        "orders": [dict(zip(keys, order, strict=True)) for order in ORDERS],
        "page": KeysetPage([1, 2, 3], "after=x", "", total=41),
        "empty": parts.Empty(
            "Semua 402 kelompok punya pendamping",
            "Serah terima muncul di sini ketika pendamping cuti, pindah, atau berhenti.",
            (parts.Deed("Siapkan serah terima", "?", main=True), parts.Deed("Lihat beban", "?")),
        ),
    }
