"""A facilitator signs the code and asks for leave on a phone; the coordinator names the cover and hands over."""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings as configured
from playwright.sync_api import Browser, BrowserContext, Page, expect

from harapan.accounts.models import Acting, Post
from harapan.database.scope import Scope, put_on
from harapan.registry.models import Group
from harapan.workforce.models import CodeSignature, Departure
from harapan.workforce.taking_on import take_on
from tests.browser.shots import INSTALL
from tests.web.serving import served
from tests.web.signing import signed_in
from tests.web.test_staff import SINCE
from tests.workforce.conftest import Team, _today, team, uneven

__all__ = ["_today", "team", "uneven"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=INSTALL),
]


def opened(chromium: Browser, post: Post, address: str, *, width: int) -> tuple[BrowserContext, Page, list[str]]:
    """Somebody's browser, signed in, and what it complains of."""
    context = chromium.new_context(locale="id-ID", viewport={"width": width, "height": 740 if width < 500 else 900})
    key = signed_in(post).cookies[configured.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": key, "url": address}])
    page = context.new_page()
    page.set_default_timeout(120_000)  # the optimiser is read in when a departure is first looked at
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return context, page, complaints


def fits(page: Page) -> bool:
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide <= 0


def test_leave_from_the_phone_to_the_decree(uneven: Team, chromium: Browser) -> None:
    for name, post in uneven.posts.items():
        take_on(name, region_no=post.region_nos[0], since=SINCE, user=post.user)
    with served() as address:
        context, phone, complaints = opened(chromium, uneven.posts["ANI"], address, width=360)
        phone.goto(f"{address}/sdm/saya/")
        expect(phone.get_by_role("heading", level=1)).to_contain_text("Anda bertugas di Kec. Tapin Tengah")
        assert fits(phone)
        phone.get_by_role("link", name="Kode etik", exact=True).last.click()
        phone.get_by_role("checkbox").check()
        phone.get_by_role("button", name="Tanda tangani").click()
        expect(phone.get_by_role("heading", level=1)).to_contain_text("sudah Anda tanda tangani")
        phone.goto(f"{address}/sdm/saya/")
        phone.get_by_role("link", name="Minta cuti").click()
        phone.fill("input[name=leaves_on]", "2025-05-26")
        phone.fill("input[name=back_on]", "2025-06-09")
        phone.fill("input[name=why]", "menjenguk orang tua")
        assert fits(phone)
        phone.get_by_role("button", name="Kirim permintaan").click()
        expect(phone.get_by_text("menunggu jawaban")).to_be_visible()
        context.close()
        assert complaints == []

        context, desk, complaints = opened(chromium, uneven.coordinator, address, width=1280)
        desk.goto(f"{address}/sdm/kepergian/")
        expect(desk.get_by_role("heading", level=1)).to_contain_text("1 permintaan cuti menunggu jawaban")
        desk.get_by_role("link", name="ANI", exact=True).click()
        desk.select_option("select[name=cover]", str(uneven.user("BUDI").pk))
        desk.fill("input[name=letter]", "800/31/2025")
        desk.get_by_role("button", name="Setujui cuti").click()
        expect(desk.get_by_text("Digantikan BUDI sebagai Plh.")).to_be_visible()
        desk.select_option(f"select[name=group_{uneven.groups['Melati 2'].pk}]", str(uneven.user("CICI").pk))
        desk.fill("input[name=number]", "SK/31/2025")
        desk.get_by_role("button", name="Serahkan kelompok").click()
        expect(desk.get_by_text("Kelompok diserahkan dengan SK/31/2025.")).to_be_visible()
        desk.get_by_role("button", name="Laksanakan").click()
        expect(desk.get_by_text("Dilaksanakan dan tercatat.")).to_be_visible()
        context.close()
        assert complaints == []
    with put_on(Scope.batch(via="test")):
        assert CodeSignature.objects.get().person.name == "ANI"
        assert Departure.objects.get().settled_on is not None
        acting = Acting.objects.get()
        assert (acting.substitute.name, acting.letter) == ("BUDI", "800/31/2025")
        assert Group.objects.get(name="Melati 2").facilitator == uneven.user("CICI")
