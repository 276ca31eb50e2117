"""From freeze to approval in a real browser, by two people, with the bar of the work seen on the way."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from harapan.benefits.models import State
from tests.browser.shots import INSTALL, browser
from tests.computed.doing import carry_out, reader
from tests.computed.ground import STAGE, Ground
from tests.web.serving import served_apart

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=INSTALL),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Playwright keeps an event loop in this thread; Django must not take that for asynchronous code."""
    with pytest.MonkeyPatch.context() as patch, browser() as running:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield running


def opened(chromium: Browser, address: str, client: Client, complaints: list[str], *, width: int = 1280) -> Page:
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="id-ID")
    key = client.cookies[configured.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": key, "url": address}])
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def step(page: Page, label: str) -> None:
    """Ask for one step through its dialog, and carry it out as the worker would."""
    page.get_by_role("button", name=label).click()
    page.locator("dialog[open]").get_by_role("button", name=label).click()
    expect(page.locator(".run")).to_contain_text("Boleh ditinggal.")
    carry_out()


def test_freeze_to_approval_by_two_people(ground: Ground, chromium: Browser) -> None:
    ground.planned()
    complaints: list[str] = []
    with served_apart() as address:
        maker = opened(chromium, address, reader(ground, "commitment_officer"), complaints)
        maker.goto(address + reverse("stage", args=[STAGE]))
        step(maker, "Bekukan tahap")
        expect(maker.locator("h1")).to_contain_text("12 keluarga dibekukan", timeout=15_000)  # the bar looks again
        step(maker, "Hitung hak")
        expect(maker.locator("h1")).to_contain_text("menunggu diperiksa", timeout=15_000)
        step(maker, "Periksa hasil")
        expect(maker.locator("h1")).to_contain_text("menunggu persetujuan", timeout=15_000)

        second = opened(chromium, address, reader(ground, "policy_maker"), complaints)
        second.goto(address + reverse("home"))
        second.get_by_role("link", name="Putuskan").click()
        second.get_by_label("Nomor SK").fill("9/SK/2024")
        second.get_by_label("Tanggal SK").fill("2024-11-06")
        second.get_by_label("Ketik jumlah bersihnya").fill("6.532.00")
        second.get_by_role("button", name="Setujui tahap").click()
        expect(second.locator(".summary")).to_contain_text("tidak sama dengan hasil hitungan")
        second.get_by_label("Ketik jumlah bersihnya").fill("6.532.000")
        second.get_by_role("button", name="Setujui tahap").click()
        expect(second.locator(".notes .note.ok")).to_contain_text("disetujui: Rp6.532.000 dengan SK 9/SK/2024")
        assert ground.stage().state == State.APPROVED
        assert [said for said in complaints if "status of 422" not in said] == []

        phone = opened(chromium, address, reader(ground, "policy_maker"), complaints, width=360)
        for name in ("stage", "stage_comparison", "stage_findings", "stage_money", "stage_differences"):
            phone.goto(address + reverse(name, args=[STAGE]))
            wide = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, name
