from __future__ import annotations

import io
from datetime import UTC, date, datetime

import fastexcel
import pytest

from harapan.core.errors import Refused
from harapan.regions.models import Region
from harapan.ui import exports
from harapan.ui.exports import Column, answer, batches, write

COLUMNS = [
    Column("NIK"),
    Column("Nama"),
    Column("Nilai (Rp)", "rupiah"),
    Column("Lahir", "date"),
    Column("Masuk", "moment"),
]
ROWS = [
    ("6306050106180012", "=cmd|' /C calc'!A0", 2_002_500, date(2019, 2, 28), datetime(2025, 6, 3, 1, 0, tzinfo=UTC)),
    ("0012", None, -5, None, None),
]


def test_xlsx_keeps_identity_as_text_and_runs_no_formula() -> None:
    file = io.BytesIO()
    assert write(file, COLUMNS, iter(ROWS)) == 2
    sheet = fastexcel.read_excel(file.getvalue()).load_sheet(0).to_arrow().to_pylist()
    assert sheet[0]["NIK"] == "6306050106180012"
    assert sheet[1]["NIK"] == "0012"
    assert sheet[0]["Nama"] == "=cmd|' /C calc'!A0"
    assert sheet[0]["Nilai (Rp)"] == 2_002_500
    assert sheet[0]["Lahir"].isoformat().startswith("2019-02-28")


def test_csv_opens_as_columns_and_runs_no_formula() -> None:
    file = io.BytesIO()
    assert write(file, COLUMNS, iter(ROWS), form="csv") == 2
    text = file.getvalue().decode("utf-8-sig")
    assert text.splitlines()[0] == "NIK;Nama;Nilai (Rp);Lahir;Masuk (WIB)"
    assert text.splitlines()[1] == "6306050106180012;'=cmd|' /C calc'!A0;2002500;2019-02-28;2025-06-03 08:00"
    assert text.splitlines()[2] == "0012;;-5;;"


def test_answer_is_a_download() -> None:
    response = answer("penyelesaian 2025-2", COLUMNS, ROWS)
    assert response.headers["Content-Disposition"] == 'attachment; filename="penyelesaian 2025-2.xlsx"'
    assert b"".join(response)[:2] == b"PK"  # type: ignore[arg-type]
    response.file_to_stream.close()


@pytest.mark.django_db
def test_a_list_is_read_to_its_end_or_refused_never_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = Region.objects.order_by("no")
    whole = list(rows.values_list("no", flat=True)[:45])
    some = rows.filter(no__lte=whole[-1])
    assert [row.no for batch in batches(some, size=20) for row in batch] == whole
    assert [len(batch) for batch in batches(some, size=20)] == [20, 20, 5]
    monkeypatch.setattr(exports, "ROWS_MAX", 45)
    assert sum(len(batch) for batch in batches(some)) == 45
    monkeypatch.setattr(exports, "ROWS_MAX", 44)
    with pytest.raises(Refused, match="lebih dari 44 baris"):
        list(batches(some))
