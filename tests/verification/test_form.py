"""The blank form: whatever the number of pupils, the page that is signed bears names below the heads of columns."""

from __future__ import annotations

import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from harapan.files import documents
from harapan.verification.papers.form import TEMPLATE


@pytest.mark.parametrize("pupils", [1, 19, 35, 40])
def test_signature_never_stands_alone(pupils: int) -> None:
    member = {"manager": "SITI AMINAH", "number": "0123456789", "level": "4", "items": []}
    data = {
        "title": "FORM VERIFIKASI KOMITMEN PENDIDIKAN", "period": "TRIWULAN 1 TAHUN 2025", "school": True,
        "facility": "SDN HIYUNG 1", "code": "30305001", "code_label": "NPSN", "place": "Desa Hiyung",
        "months": ["Januari 2025", "Februari 2025", "Maret 2025"], "signer": "Kepala sekolah",
        "members": [{"name": f"Murid-{place}", **member} for place in range(1, pupils + 1)],
    }  # fmt: skip
    paper = documents.render(TEMPLATE, data, printed_by="AHMAD", printed_at=timezone.localtime())
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages]
    assert "tanda tangan, dan cap" in pages[-1]
    assert pages[-1].count("Murid-") >= min(3, pupils)
    assert all(page.count("Nama pengurus") == 1 for page in pages)
    assert sum(page.count("Murid-") for page in pages) == pupils
