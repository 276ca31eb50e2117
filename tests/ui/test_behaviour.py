"""What the small scripts do, in a real browser under the strict policy."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import Browser, Page, expect

from tests.browser.shots import INSTALL, browser

pytestmark = pytest.mark.browser


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Nothing: the log of the tests is for failures."""


@pytest.fixture
def address(alone: Any) -> Iterator[str]:
    """The ui alone, served from this process on a free port."""
    alone.DEBUG = True  # static files come straight from the checkout
    with make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if shutil.which("chromium") is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(INSTALL)
    with browser() as running:
        yield running


@pytest.fixture
def page(address: str, chromium: Browser) -> Iterator[Page]:
    """The sheet of components, open; anything the policy refuses fails the test."""
    complaints: list[str] = []
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    yield page
    page.close()
    assert [complaint for complaint in complaints if "status of 422" not in complaint] == []


def test_menus_dialogs_keys_and_theme(page: Page) -> None:
    page.click(".who > summary")
    expect(page.locator(".who .menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".who .menu")).to_be_hidden()
    expect(page.locator(".who > summary")).to_be_focused()

    page.click("[data-opens=contoh-dialog]")
    expect(page.locator("#contoh-dialog")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#pintasan")).to_be_hidden()
    page.click("#contoh-dialog .acts .btn >> nth=0")
    expect(page.locator("#contoh-dialog")).to_be_hidden()

    page.keyboard.press("?")
    expect(page.locator("#pintasan")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("[data-slash]")).to_be_focused()
    page.keyboard.type("?/")
    expect(page.locator("[data-slash]")).to_have_value("?/")

    page.click(".who > summary")
    page.click("[data-theme-to=gelap]")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_choosing_rows_counts_them(page: Page) -> None:
    page.check("[data-pick-all]")
    expect(page.locator("[data-picked]")).to_have_text("3")
    page.uncheck("[data-pick] >> nth=0")
    expect(page.locator("[data-picked]")).to_have_text("2")
    assert page.locator("[data-pick-all]").evaluate("box => box.indeterminate")
    page.uncheck("[data-pick] >> nth=1")
    page.uncheck("[data-pick] >> nth=2")
    expect(page.locator("[data-needs-pick]")).to_be_disabled()


def test_a_password_can_be_shown(page: Page) -> None:
    page.fill("[name=password]", "rahasia")
    page.click("[data-reveals]")
    expect(page.locator("[name=password]")).to_have_attribute("type", "text")


REQUIRED = """<form id="asked"><input type="radio" name="point" value="1" required>
    <input type="radio" name="point" value="2" required><select name="kind" required><option></option><option>a</option>
    </select><input name="why" minlength="8" required><input type="checkbox" name="agreed" required>
    <button>Kirim</button></form>"""


def test_what_the_browser_refuses_is_said_in_the_language_of_the_page(page: Page) -> None:
    page.locator("main").evaluate("(main, form) => main.insertAdjacentHTML('beforeend', form)", REQUIRED)

    def said(name: str) -> str:
        page.click("#asked button")
        return str(page.locator(f"#asked [name={name}] >> nth=0").evaluate("control => control.validationMessage"))

    assert said("point") == said("kind") == "Pilih salah satu dahulu."
    assert said("agreed") == "Centang kotak ini dahulu."
    assert said("why") == "Isi bagian ini dahulu."
    page.type("#asked [name=why]", "pendek")
    assert said("why") == "Tulis sedikitnya 8 huruf."
    page.type("#asked [name=why]", " sekali")
    page.check("#asked [name=point] >> nth=1")
    assert said("why") == said("point") == ""
    page.select_option("#asked select", "a")
    page.check("#asked [name=agreed]")
    page.click("#asked button")
    page.wait_for_url("**/?point=2&*")


@pytest.mark.parametrize("width", [1280, 768, 360])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_paper_is_black_on_white_even_from_the_dark_theme(page: Page) -> None:
    page.click(".who > summary")
    page.click("[data-theme-to=gelap]")
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert colours == ["rgb(36, 27, 35)", "rgb(255, 255, 255)"]
    assert not page.locator(".top").is_visible()


def test_a_refusal_to_a_piece_is_said_above_the_page(page: Page, address: str) -> None:
    page.evaluate("htmx.ajax('GET', '/ditolak/', {target: '.list', swap: 'outerHTML'})")
    expect(page.locator("#penolakan")).to_contain_text("Tahap 2025-2 sudah ditutup")
    expect(page.locator(".list")).to_have_count(1)
    expect(page.locator("#kabar-galat")).to_be_hidden()


def test_a_whole_page_in_place_of_a_piece_is_opened(page: Page, address: str) -> None:
    page.evaluate("htmx.ajax('GET', '/selesai/', {target: '.list', swap: 'outerHTML'})")
    page.wait_for_url(f"{address}/selesai/")
