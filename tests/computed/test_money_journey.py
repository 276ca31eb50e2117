"""Three people of the ministry in a real browser: orders drawn, papers, files to the bank, answers, the stage final."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings as configured
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from harapan.benefits.models import State
from harapan.exchange.settlement.words import Outcome as Told
from tests.browser.shots import INSTALL, browser
from tests.computed.doing import carry_out, reader
from tests.computed.ground import DAY, STAGE, Ground
from tests.web.serving import served_apart

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=INSTALL),
]
PAGES = (
    "stage_money", "stage_instructions", "stage_files", "stage_retries", "stage_held", "stage_untouched",
    "stage_paid_back", "stage_ledger",
)  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Playwright keeps an event loop in this thread; Django must not take that for asynchronous code."""
    with pytest.MonkeyPatch.context() as patch, browser() as running:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield running


@pytest.fixture
def address(ground: Ground) -> Iterator[str]:
    with served_apart() as url:
        yield url


class Desk:
    """One person at a computer; what the browser complains of is gathered."""

    def __init__(self, chromium: Browser, address: str, ground: Ground, role: str, *, width: int = 1280) -> None:
        self.address = address
        self.context: BrowserContext = chromium.new_context(viewport={"width": width, "height": 800}, locale="id-ID")
        key = reader(ground, role).cookies[configured.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": key, "url": address}])
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, name: str, *args: int | str) -> Page:
        self.page.goto(self.address + reverse(name, args=[STAGE, *args]))
        return self.page

    def press(self, button: str) -> None:
        """A deed that asks first: its button, then the same words in the dialog."""
        self.page.get_by_role("button", name=button).first.click()
        self.page.locator("dialog[open]").get_by_role("button", name=button).click()

    def paper(self, kind: str) -> None:
        page = self.open("stage_instructions")
        page.get_by_role("link", name=f"Catat {kind}").click()
        page.get_by_label("Nomor").fill(f"00123/{kind}/PKH/2024")
        page.get_by_label("Tanggal").fill(DAY.isoformat())
        page.get_by_role("button", name=f"Catat {kind}").click()
        expect(page.locator(".notes .note.ok")).to_contain_text(f"{kind} dicatat untuk BRI, MANDIRI.")


def test_three_people_bring_approved_money_to_the_hand(ground: Ground, chromium: Browser, address: str) -> None:
    ground.approved()
    ppk, ppspm, treasurer = (
        Desk(chromium, address, ground, role) for role in ("commitment_officer", "payment_signer", "treasurer")
    )
    ppk.open("stage_instructions")
    ppk.press("Tarik order")
    expect(ppk.page.locator(".run")).to_contain_text("menunggu giliran")
    carry_out()
    expect(ppk.page.locator("h1")).to_contain_text("dalam 12 order", timeout=10_000)  # the page asks by itself
    ppk.paper("SPP")
    ppspm.paper("SPM")
    treasurer.paper("SP2D")
    for payer in ("BRI", "MANDIRI"):
        page = treasurer.open("stage_files")
        for box in page.get_by_label(f"Pilih {payer}").all():
            box.check()
        page.get_by_label("Diterima oleh").fill(f"Budi, {payer} Rantau")
        page.get_by_role("button", name="Serahkan berkas terpilih").click()
        expect(page.locator(".notes .note.ok")).to_contain_text(f"{payer} diserahkan kepada Budi, {payer} Rantau.")
    page.locator("table").get_by_role("link", name="BRI").first.click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Unduh berkas").click()
    assert "33020100" in taken.value.path().read_text()
    page.reload()
    expect(page.get_by_label("Alasan membuka lagi")).to_be_visible()
    ground.answer(Told.CREDITED)
    ground.answer(Told.WITHDRAWN)
    for button, said in (
        ("Rekonsiliasi tahap", "direkonsiliasi"),
        ("Tutup tahap", "ditutup"),
        ("Tuntaskan tahap", "tuntas"),
    ):
        ppk.open("stage_money")
        ppk.press(button)
        expect(ppk.page.locator(".notes .note.ok")).to_contain_text(said)
    expect(ppk.open("stage_ledger").locator("h1")).to_contain_text("sama sampai rupiahnya")
    assert ground.stage().state == State.FINAL
    for desk in (ppk, ppspm, treasurer):
        assert desk.complaints == []
        desk.context.close()


def test_no_money_page_is_wider_than_a_phone(ground: Ground, chromium: Browser, address: str) -> None:
    ground.handed_over()
    ground.settle(ground.rows(Told.FAILED)[:4], name="gagal.csv")
    ground.settle(ground.rows(Told.CREDITED)[4:8], name="masuk.csv")
    desk = Desk(chromium, address, ground, "commitment_officer", width=360)
    file = int(desk.open("stage_files").locator("table a").first.get_attribute("href").rstrip("/").split("/")[-1])  # type: ignore[union-attr]
    for name, *args in [*((name,) for name in PAGES), ("stage_file", file), ("stage_paper", 1, "spp")]:
        page = desk.open(str(name), *args)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, name
    assert desk.complaints == []
    desk.context.close()
