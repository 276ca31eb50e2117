"""Berita acara: drawn up once reconciled, printed with totals in words, with a workbook beside, signed by both."""

from __future__ import annotations

import io
from typing import Any

import fastexcel
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from harapan.payments.enums import Outcome
from harapan.payments.models import Minutes
from tests.benefits.world import HSS, STAGE, TAPIN, World
from tests.web.signing import person, signed_in
from tests.web.stage_ground import listed, told, words

FORM = {
    "number": "460/12/Dinsos/2025",
    "on": "2025-06-20",
    "city": "Rantau",
    "office": "Dinas Sosial Kab. Tapin",
    "office_name": "Hj. Noor",
    "office_title": "Kepala Dinas",
    "office_staff_number": "197001011990012001",
    "bank": "BRI Cabang Rantau",
    "bank_name": "Ahmad",
    "bank_title": "Pimpinan Cabang",
}


@pytest.fixture
def lead(world: World) -> Client:
    return signed_in(person("regency_coordinator", regions=(TAPIN,)))


@pytest.fixture
def reconciled(world: World, lead: Client) -> None:
    told(world, *((family, Outcome.WITHDRAWN) for family in listed(world, 2)))
    lead.post(url("stage_move"), {"to": "reconcile"})


def url(name: str, *args: Any) -> str:
    return reverse(name, args=[STAGE, *args])


def drawn_up(lead: Client) -> Minutes:
    lead.post(url("minutes_new", TAPIN), FORM)
    return Minutes.objects.get()


def test_before_reconciling_nothing_is_drawn_up(world: World, lead: Client) -> None:
    listed(world)
    assert "Rekonsiliasi dahulu" in words(lead.get(url("minutes")))
    answer = lead.post(url("minutes_new", TAPIN), FORM)
    assert answer.status_code == 422
    assert "belum direkonsiliasi" in words(answer)


@pytest.mark.usefixtures("reconciled")
def test_minutes_show_their_figures_and_wait_for_two_signatures(lead: Client) -> None:
    assert "Susun berita acara" in words(lead.get(url("minutes")))
    form = words(lead.get(url("minutes_new", TAPIN)))
    assert "Berita acara Kab. Tapin untuk <mark>Rp1.200.000</mark>" in form
    drawn = drawn_up(lead)
    page = words(lead.get(url("minutes_one", drawn.pk)))
    assert "<mark>menunggu tanda tangan</mark>" in page
    assert "satu juta dua ratus ribu rupiah" in page


@pytest.mark.usefixtures("reconciled")
def test_the_paper_names_both_sides_and_says_totals_in_words(lead: Client) -> None:
    answer = lead.get(url("minutes_pdf", drawn_up(lead).pk))
    assert answer.headers["Content-Type"] == "application/pdf"
    paper = pypdf.PdfReader(io.BytesIO(answer.content))
    said = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    for part in (
        "BERITA ACARA REKONSILIASI", "460/12/Dinsos/2025", "Jumat, 20 Juni 2025", "Hj. Noor", "Ahmad", "Rp1.200.000",
        "satu juta dua ratus ribu rupiah", "Kec. Tapin Tengah", "NIP 197001011990012001",
    ):  # fmt: skip
        assert part in said, part
    width, height = (round(float(edge) / 72 * 25.4) for edge in paper.pages[0].mediabox.upper_right)
    assert (width, height) == (210, 297)


@pytest.mark.usefixtures("reconciled")
def test_the_workbook_holds_the_same_sums(lead: Client) -> None:
    answer = lead.get(url("minutes_xlsx", drawn_up(lead).pk))
    book = fastexcel.read_excel(answer.content)
    assert book.sheet_names == ["Ringkasan", "Kecamatan", "Penyalur", "Alasan", "Belum diambil"]
    districts = book.load_sheet("Kecamatan").to_arrow().to_pylist()
    assert [(row["Kecamatan"], row["Harus dibayar (Rp)"]) for row in districts] == [
        ("Kec. Tapin Tengah", 1_200_000),
        ("Jumlah", 1_200_000),
    ]


@pytest.mark.usefixtures("reconciled")
def test_the_office_notes_who_signed_with_the_scan(world: World, lead: Client) -> None:
    drawn = drawn_up(lead)
    office = signed_in(person("regency_office", regions=(TAPIN,)))
    assert office.post(url("minutes_sign", drawn.pk), {}).status_code == 422
    half = office.post(url("minutes_sign", drawn.pk), {"office_signed_on": "2025-06-20"}, follow=True)
    assert "<mark>menunggu tanda tangan</mark>" in words(half)
    scan = SimpleUploadedFile("ba.pdf", b"%PDF-1.7 scan", content_type="application/pdf")
    assert "minta tanda tangan dinas dan bank" in words(lead.get(url("stage")))
    whole = office.post(url("minutes_sign", drawn.pk), {"bank_signed_on": "2025-06-21", "scan": scan}, follow=True)
    assert "<mark>bertanda tangan lengkap</mark>" in words(whole)
    assert b"".join(office.get(url("minutes_scan", drawn.pk)).streaming_content) == b"%PDF-1.7 scan"
    assert "Tahap dapat ditutup" in words(lead.get(url("stage")))
    assert lead.post(url("minutes_sign", drawn.pk), {"bank_signed_on": "2025-06-21"}).status_code == 404


@pytest.mark.usefixtures("reconciled")
def test_money_that_moves_later_does_not_change_the_minutes(world: World, lead: Client) -> None:
    family = world.family()
    lead.post(url("stage_move"), {"to": "reopen", "why": "daftar susulan"})
    world.listed({family: 900_000})
    told(world, (family, Outcome.CREDITED), idr=900_000)
    lead.post(url("stage_move"), {"to": "reconcile"})
    drawn = drawn_up(lead)
    told(world, (family, Outcome.WITHDRAWN), idr=900_000)
    page = words(lead.get(url("minutes_one", drawn.pk)))
    assert "sembilan ratus ribu rupiah" in page  # still lying in the account, as on the day


@pytest.mark.usefixtures("reconciled")
def test_another_regency_finds_no_minutes(lead: Client) -> None:
    drawn = drawn_up(lead)
    stranger = signed_in(person("regency_office", regions=(HSS,)))
    assert stranger.get(url("minutes_one", drawn.pk)).status_code == 404
    assert stranger.get(url("minutes_pdf", drawn.pk)).status_code == 404
