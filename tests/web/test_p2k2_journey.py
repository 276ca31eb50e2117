"""A meeting of twenty-five families recorded on a phone, from the group to the sheet, in few interactions."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.p2k2.models import Attendance, Mark, Session
from tests.benefits.world import HIYUNG, World
from tests.browser.shots import INSTALL
from tests.web.serving import served
from tests.web.signing import PASSWORD, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=INSTALL),
]
INTERACTIONS_MAX = 15
TODAY = date(2025, 5, 20)


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


class Thumb:
    """Counts what a person does."""

    def __init__(self) -> None:
        self.interactions = 0

    def press(self, what: Any) -> None:
        what.click()
        self.interactions += 1

    def write(self, where: Any, text: str) -> None:
        where.fill(text)
        self.interactions += 1


def test_twenty_five_families_in_fifteen_interactions(
    world: World, phone: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)
    for number in range(25):
        world.family(name=f"KELUARGA {number:02d}")
    facilitator = person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,), name="SITI RAHMAH")
    thumb = Thumb()
    with served() as address:
        phone.goto(f"{address}/masuk/")
        phone.fill("input[name=login]", facilitator.user.username)
        phone.fill("input[name=password]", PASSWORD)
        phone.press("input[name=password]", "Enter")
        phone.wait_for_url(f"{address}/")
        phone.goto(f"{address}/p2k2/")
        thumb.press(phone.get_by_role("link", name="Catat pertemuan").first)
        thumb.write(phone.get_by_label("Tempat"), "Rumah Bu Aminah")
        thumb.press(phone.get_by_role("button", name="Simpan pertemuan"))

        sheet = phone.locator("[data-sheet]")
        expect(sheet.locator("input[type=radio]:checked")).to_have_count(0)
        rows = phone.locator("[data-family]")
        for place, letter in ((1, "S"), (4, "A"), (9, "I"), (16, "W")):
            thumb.press(rows.nth(place).locator("label", has_text=letter))
        thumb.press(rows.nth(20).locator("label", has_text="A"))
        thumb.press(rows.nth(20).locator("label", has_text="A"))  # a slip, taken back
        thumb.write(rows.nth(16).locator("input[name^=by-]"), "Rahmah, adik")
        chip = phone.locator("[data-open-only]")
        expect(chip).to_contain_text("Belum 21")
        thumb.press(chip)
        expect(rows.locator("visible=true")).to_have_count(21)
        expect(phone.locator("[data-tally='2']")).to_have_text("1")
        thumb.press(phone.get_by_role("button", name="Simpan, sisanya hadir"))
        expect(phone.get_by_role("heading", level=1)).to_contain_text("22 dari 25 keluarga")
    assert thumb.interactions <= INTERACTIONS_MAX
    with put_on(Scope.batch(via="test")):
        session = Session.objects.get()
        assert (session.held_on, session.place, session.speaker) == (TODAY, "Rumah Bu Aminah", "SITI RAHMAH")
        told = list(Attendance.objects.order_by("family__name_key", "family").values_list("mark", "represented_by"))
    assert [told[place] for place in (1, 4, 9, 16)] == [
        (Mark.SICK, ""), (Mark.ABSENT, ""), (Mark.EXCUSED, ""), (Mark.REPRESENTED, "Rahmah, adik"),
    ]  # fmt: skip
    assert sum(mark == Mark.PRESENT for mark, _by in told) == 21
