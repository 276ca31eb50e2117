"""Somebody applies on a lent phone: stops midway, goes on with number and NIK, reads the result and objects."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.workforce.models import Application
from harapan.workforce.recruitment import checking, freezing, rounds
from tests.browser.shots import INSTALL
from tests.web.serving import served
from tests.web.test_applying import NIK, picture
from tests.workforce.recruiting import OPENS, TENGAH, Running, make_running

PUBLISHED_ON = date(2025, 4, 1)

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


def fits(page: Page) -> None:
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, page.url


def test_an_applicant_stops_midway_goes_on_and_objects(
    system: Scope, phone: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day, "today", lambda: OPENS)
    running = make_running()
    with served() as address:
        number = _begun(phone, address)
        phone.get_by_role("button", name="Selesai, tutup lamaran").click()
        _looked_up(phone, address, number)
        _finished(phone)
        expect(phone.get_by_text(re.compile(r"diterima dengan nomor peserta \d{7}"))).to_be_visible()
        phone.context.clear_cookies()
        _published(running)
        monkeypatch.setattr(day, "today", lambda: PUBLISHED_ON)
        _looked_up(phone, address, number)
        expect(phone.get_by_text("Hasil seleksi diumumkan.")).to_be_visible()
        fits(phone)
        phone.fill("textarea[name=text]", "Jawaban saya nomor 12 belum dinilai.")
        phone.get_by_role("button", name="Kirim sanggah").click()
        expect(phone.get_by_text("Jawaban saya nomor 12 belum dinilai.")).to_be_visible()
        assert NIK not in phone.content()


def _begun(phone: Page, address: str) -> str:
    """A draft left in the middle of its first step, which is kept; its number as the page shows it."""
    phone.goto(address)
    phone.get_by_role("link", name="Melamar").click()  # from the door, without knowing an address
    phone.locator("th a").first.click()
    fits(phone)
    phone.locator("a.btn", has_text="Tapin Tengah").click()
    phone.fill("input[name=name]", "RAHMI HIDAYATI")
    phone.fill("input[name=nik]", NIK)
    phone.locator("form.form button.main").click()
    phone.get_by_role("link", name="Diri dan tempat tinggal").click()
    phone.get_by_label("perempuan").check()  # kept at once, while everything required below is still empty
    expect(phone.locator("#tersimpan")).to_have_text("Tersimpan sampai di sini.")
    phone.fill("input[name=born_on]", "1995-01-01")
    phone.select_option("select[name=lives_in]", str(TENGAH))
    phone.fill("input[name=address]", "Jl. Hiyung 1")
    phone.fill("input[name=phone]", "0811 5000")  # not whole: the rest is kept all the same
    fits(phone)
    phone.keyboard.press("Tab")
    expect(phone.locator("#tersimpan")).to_have_text("Tersimpan sampai di sini.")
    phone.get_by_role("link", name="Lamaran saya").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("masih kurang sebelum dikirim")
    return phone.locator(".figures dd").first.inner_text()


def _looked_up(phone: Page, address: str, number: str) -> None:
    phone.goto(f"{address}/lamaran/status/")
    phone.fill("input[name=number]", number.lower())
    phone.fill("input[name=nik]", NIK)
    phone.get_by_role("button", name="Buka", exact=True).click()
    expect(phone.get_by_text("RAHMI HIDAYATI")).to_be_visible()


def _finished(phone: Page) -> None:
    """The rest of the steps and the documents, then sent; what was filled in before is still there."""
    phone.get_by_role("link", name="Diri dan tempat tinggal").click()
    expect(phone.locator("input[name=address]")).to_have_value("Jl. Hiyung 1")
    phone.fill("input[name=phone]", "0811 5000 001")
    phone.get_by_role("button", name="Simpan").click()
    phone.get_by_role("link", name="Pendidikan dan pengalaman").click()
    phone.get_by_label("S1/D4").check()
    phone.fill("input[name=experience_years]", "2")
    phone.get_by_role("button", name="Simpan").click()
    phone.get_by_role("link", name="Berkas").click()
    for kept, kind in enumerate(("identity", "diploma"), start=1):
        phone.locator(f"[name=kind][value={kind}], select[name=kind]").first.evaluate(
            "(field, kind) => field.matches('select') ? (field.value = kind) : field.click()", kind
        )
        file = {"name": f"{kind}.jpg", "mimeType": "image/jpeg", "buffer": picture()}
        phone.set_input_files("input[type=file]", files=[file])
        phone.get_by_role("button", name="Simpan berkas").click()
        expect(phone.get_by_text("tersimpan", exact=True)).to_have_count(kept)
    fits(phone)
    phone.get_by_role("link", name="Lamaran saya").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Lamaran lengkap dan siap dikirim")
    phone.get_by_role("button", name="Kirim lamaran").click()


def _published(running: Running) -> None:
    with put_on(Scope.batch(via="test")):
        mine, better = Application.objects.get(state="submitted"), running.apply()
        running.close()
        checking.check_all(running.round.pk, **running.who)
        running.score_all({mine: 65.5, better: 80})
        freezing.make_ranking(running.round.pk, **running.who)
        rounds.publish(running.round.pk, **running.who, on=PUBLISHED_ON)
