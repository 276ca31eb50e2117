"""Somebody of the village reports on a phone, without a name, and asks after it with number and word."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.workforce.ethics import following, handling
from harapan.workforce.models import EthicsCase, EthicsReport
from tests.browser.shots import INSTALL
from tests.web.serving import served
from tests.workforce.ethics_ground import DAY, STORY, TAPIN, make_court

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=INSTALL),
]


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="id-ID", viewport={"width": 360, "height": 740}, has_touch=True)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def test_a_report_without_a_name_is_answered(system: Scope, phone: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: DAY)
    court = make_court()
    with served() as address:
        phone.goto(f"{address}/etik/lapor/")
        phone.select_option("select[name=offence]", "holding_cards")
        phone.fill("input[name=name]", "ANI")
        phone.select_option("select[name=region]", str(TAPIN))
        phone.fill("textarea[name=told]", STORY)
        too_wide = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0
        phone.get_by_role("button", name="Kirim laporan").click()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Laporan Anda diterima")
        number, word = phone.locator(".figures dd").all_inner_texts()
        assert word not in phone.url
        _answer(court.katim.user)
        phone.get_by_role("link", name="Tanya kabar laporan").click()
        phone.fill("input[name=number]", number)
        phone.fill("input[name=word]", word)
        phone.get_by_role("button", name="Lihat kabarnya").click()
        expect(phone.get_by_text("Siapa lagi yang melihatnya?")).to_be_visible()
        phone.fill("textarea[name=text]", "Tetangga sebelah rumah melihatnya.")
        phone.get_by_role("button", name="Kirim keterangan").click()
        expect(phone.get_by_text("Tetangga sebelah rumah melihatnya.")).to_be_visible()
        assert phone.url == f"{address}/etik/laporan/"
    with put_on(Scope.batch(via="test")):
        assert EthicsReport.objects.get().anonymous


def _answer(by: object) -> None:
    """The handler takes the case and writes to whoever reported."""
    with put_on(Scope.batch(actor=by.pk, via="test")):  # type: ignore[attr-defined]
        case = EthicsCase.objects.get()
        handling.take(case.pk, by=by, on=DAY)  # type: ignore[arg-type]
        following.reply(case.reports.get().pk, "Siapa lagi yang melihatnya?", by=by, on=DAY)  # type: ignore[arg-type]
