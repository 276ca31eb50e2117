from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from harapan.ui import words
from harapan.ui.parts import chain


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [(12345, 0, "12.345"), (0, 0, "0"), (-7, 0, "−7"), (1234.5, 1, "1.234,5"), (0.5, 0, "1"), (None, 0, "—")],
)
def test_number(value: Any, places: int, shown: str) -> None:
    assert words.number(value, places) == shown


@pytest.mark.parametrize(("value", "shown"), [(12, "+12"), (-7, "−7"), (0, "0"), (0.001, "0"), (None, "—")])
def test_signed(value: Any, shown: str) -> None:
    assert words.signed(value) == shown


def test_rupiah_is_whole() -> None:
    assert words.rupiah(1_600_940_000) == "Rp1.600.940.000"
    assert words.rupiah(-225_000) == "−Rp225.000"
    with pytest.raises(TypeError, match="whole rupiah"):
        words.rupiah(1.5)  # type: ignore[arg-type]


def test_percent() -> None:
    assert words.percent(1902, 2310) == "82,3%"
    assert words.percent(88.3) == "88,3%"
    assert words.percent(0, 10) == "0,0%"
    assert words.percent(1, 0) == "—"


def test_moment_is_in_the_zone_of_the_region() -> None:
    moment = datetime(2018, 5, 26, 22, 5, tzinfo=UTC)
    with timezone.override("Asia/Makassar"):
        assert words.moment(moment) == "27 Mei 2018 pukul 06.05 WITA"
        with translation.override("en"):
            assert words.moment(moment) == "27 May 2018 at 06.05 WITA"
    with timezone.override("Asia/Jayapura"):
        assert words.clock(moment) == "07.05 WIT"


def test_months() -> None:
    assert words.months("2025-04", "2025-06") == "April–Juni 2025"
    assert words.months("2025-11", "2026-01") == "November 2025–Januari 2026"
    assert words.months(date(2025, 5, 1), date(2025, 5, 31)) == "Mei 2025"
    assert words.month("2025-04") == "April 2025"


def test_a_nik_never_shows_its_end() -> None:
    assert words.mask("6306050106180012") == "6306 •••• •••• ••••"
    assert "0012" not in words.mask("6306050106180012")
    assert words.mask("") == "—"


def test_templates_need_no_load() -> None:
    template = Template(
        '{{ sum|rupiah }} {% tag "ok" word %}{% note "wait" %}<b>{{ word }}</b>{% endnote %}{% bar 72 "bad" 90 %}'
    )
    shown = template.render(Context({"sum": 1500, "word": "<Cocok>"}))
    assert shown.startswith("Rp1.500 ")
    assert "&lt;Cocok&gt;" in shown
    assert "<Cocok>" not in shown
    assert 'width="72.0"' in shown
    assert 'x="89.3"' in shown


def test_chain_of_steps() -> None:
    labels = [("open", "Dibuka"), ("closed", "Ditutup"), ("final", "Tuntas")]
    assert [step.state for step in chain(labels, "closed")] == ["done", "now", ""]
    assert [step.state for step in chain(labels, "unknown")] == ["", "", ""]
