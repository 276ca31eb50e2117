"""A lesson and a quiz on a phone that runs no script, the tab closed midway."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.training.models import Enrolment
from tests.browser.shots import INSTALL, browser
from tests.learning import ground
from tests.learning.ground import TODAY
from tests.web.serving import served
from tests.web.signing import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=INSTALL),
]
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Playwright keeps an event loop in this thread; Django must not take that for asynchronous code."""
    with pytest.MonkeyPatch.context() as patch, browser() as running:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield running


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def answer(page: Page) -> None:
    """The right option says so in this school."""
    page.get_by_text("benar", exact=False).first.click()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_a_quiz_closed_midway_goes_on_and_is_passed(
    system: Any, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)
    school = ground.make_school()
    post = school.learner()
    enrolment = school.enrolment(post).pk
    context = chromium.new_context(locale="id-ID", viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    with served() as address:
        page.goto(f"{address}/masuk/?next=/belajar/")
        page.fill("input[name=login]", post.user.username)
        page.fill("input[name=password]", PASSWORD)
        page.locator("form:has(input[name=password]) button").last.click()
        page.goto(f"{address}/belajar/")
        page.get_by_role("link", name="Etika PKH").first.click()
        page.get_by_role("link", name="Mulai belajar").click()
        press(page, "Selesai dibaca, lanjut")
        press(page, "Selesai dibaca")
        page.get_by_role("link", name="Post-test").first.click()
        press(page, "Mulai kuis")
        for _ in range(2):
            answer(page)
            press(page, "Simpan dan lanjut")
        page.close()
        page = context.new_page()
        page.goto(f"{address}/belajar/{enrolment}/kuis/{school.quiz.pk}/")
        press(page, "Lanjutkan kuis")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Soal 3 dari 4")
        answer(page)
        press(page, "Simpan dan lanjut")
        answer(page)
        press(page, "Simpan dan periksa")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Semua 4 soal sudah dijawab")
        press(page, "Kumpulkan jawaban")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Nilai Anda 100%, lulus")
    context.close()
    with put_on(Scope.batch(via="test")):
        assert school.enrolment(post).state == Enrolment.State.PASSED
