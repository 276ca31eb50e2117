"""A group of twenty-five families handed over on a phone, three of them not, in few interactions."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.payments.enums import Outcome
from harapan.payments.models import Handover
from tests.benefits.world import HIYUNG, World
from tests.browser.shots import INSTALL
from tests.web.serving import served
from tests.web.signing import PASSWORD, person
from tests.web.stage_ground import listed, told

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=INSTALL),
]
INTERACTIONS_MAX = 10
TODAY = date(2025, 6, 4)


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


def test_twenty_five_families_in_ten_interactions(world: World, phone: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)
    told(world, *((family, Outcome.CREDITED) for family in listed(world, 25)))
    post = person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,), name="SITI RAHMAH")
    interactions = 0
    with served() as address:
        phone.goto(f"{address}/masuk/")
        phone.fill("input[name=login]", post.user.username)
        phone.fill("input[name=password]", PASSWORD)
        phone.press("input[name=password]", "Enter")
        phone.wait_for_url(f"{address}/")
        phone.goto(f"{address}/penyaluran/")
        phone.get_by_role("link", name="Kelompok 1").click()
        interactions += 1
        sheet = phone.locator("[data-sheet]")
        expect(sheet.locator("input[type=radio]:checked")).to_have_count(0)
        rows = phone.locator("[data-family]")
        for place, reason in ((2, "did_not_come"), (8, "card_lost"), (20, "bank_debt")):
            rows.nth(place).locator("label.a").click()
            rows.nth(place).locator("select").select_option(reason)
            interactions += 2
        expect(phone.locator("[data-tally='2']")).to_have_text("3")
        expect(phone.locator("[data-open-only]")).to_contain_text("Belum 22")
        phone.get_by_role("button", name="Simpan, sisanya menerima").click()
        interactions += 1
        expect(phone.get_by_role("heading", level=1)).to_contain_text("22 dari 25 baris")
        too_wide = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0
    assert interactions <= INTERACTIONS_MAX
    with put_on(Scope.batch(via="test")):
        marks = list(Handover.objects.values_list("outcome", "reason_code"))
    assert sum(outcome == Handover.Outcome.RECEIVED for outcome, _reason in marks) == 22
    assert {reason for _outcome, reason in marks} == {"", "did_not_come", "card_lost", "bank_debt"}
