"""A clerk enters a school of 120 pupils with 6 exceptions, and a head confirms on a phone, counted press by press."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from harapan.core.components import Component
from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.registry.models import ComponentSpell, Facility
from harapan.verification import linking
from harapan.verification.models import FacilityMonth, Observation
from tests.benefits.world import HIYUNG, TAPIN, World
from tests.browser.shots import INSTALL
from tests.web.serving import served
from tests.web.signing import PASSWORD, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=INSTALL),
]
INTERACTIONS_MAX = 30
PUPILS = 120
TODAY = date(2025, 4, 10)
MONTHS = (202501, 202502, 202503)


@pytest.fixture
def opened(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = chromium.new_context(locale="id-ID", viewport={"width": width, "height": height})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


class Hand:
    """Counts what a person does."""

    def __init__(self) -> None:
        self.interactions = 0

    def press(self, what: Any) -> None:
        what.click()
        self.interactions += 1

    def write(self, where: Any, text: str) -> None:
        where.fill(text)
        self.interactions += 1


def a_school(world: World, pupils: int) -> Facility:
    at = Facility.objects.create(
        kind="school", code="30305001", name="SDN HIYUNG 1", name_key="SDN HIYUNG 1", level="SD", region_id=HIYUNG
    )
    family = world.family()
    for _number in range(pupils):
        world.member(family, (Component.PRIMARY, {"facility": at}))
    world.listed({family: 900_000})
    return at


@pytest.mark.parametrize("opened", [(1280, 900)], indirect=True)
def test_120_pupils_with_6_exceptions_in_30_interactions(
    world: World, opened: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)
    a_school(world, PUPILS)
    clerk = person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,), name="SITI RAHMAH")
    hand = Hand()
    with served() as address:
        opened.goto(f"{address}/masuk/")
        opened.fill("input[name=login]", clerk.user.username)
        opened.fill("input[name=password]", PASSWORD)
        opened.press("input[name=password]", "Enter")
        opened.wait_for_url(f"{address}/")
        hand.press(opened.get_by_role("link", name="Verifikasi", exact=True).first)
        hand.press(opened.get_by_role("link", name="SDN HIYUNG 1"))
        rows = opened.locator("tr[data-row]")
        expect(rows).to_have_count(PUPILS)
        for place, letter, days in ((3, "a", "2"), (17, "s", "1"), (42, "i", "3"), (58, "a", "4"), (99, "s", "2"),
                                    (119, "a", "6")):  # fmt: skip
            hand.write(rows.nth(place).locator(f"input[name^={letter}-]").nth(1), days)
        hand.press(opened.get_by_role("button", name="Lihat akibatnya dahulu"))
        expect(opened.locator("#akibat-isi")).to_contain_text("Berkurang")
        hand.press(opened.get_by_role("button", name="Nyatakan 120 anak hadir"))
        expect(opened.get_by_text("3 bulan di SDN HIYUNG 1 dinyatakan")).to_be_visible()
    assert hand.interactions <= INTERACTIONS_MAX
    with put_on(Scope.batch(via="test")):
        assert FacilityMonth.objects.count() == 3
        noted = sorted(Observation.objects.values_list("month", "absent_days", "leave_days", "sick_days"))
    assert noted == sorted(
        (202502, *days) for days in ((2, 0, 0), (0, 0, 1), (0, 3, 0), (4, 0, 0), (0, 0, 2), (6, 0, 0))
    )


@pytest.mark.parametrize("opened", [(360, 740)], indirect=True)
def test_a_head_of_school_confirms_on_a_phone(world: World, opened: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)
    at = a_school(world, 12)
    officer = person("data_officer", regions=(TAPIN,))
    members = at_members(at)
    link = linking.make_link(at, MONTHS, members, stage="2025-2", post=officer, by=officer.user)
    with served() as address:
        opened.goto(f"{address}{reverse('confirm', args=[linking.token_of(link)])}")
        assert opened.evaluate("document.documentElement.scrollWidth") <= 360
        opened.locator("details").nth(4).locator("summary").click()
        opened.locator("details").nth(4).locator("input[name^=a-]").first.fill("3")
        opened.get_by_role("textbox", name="Nama").fill("Hj. Ratna")
        opened.get_by_role("textbox", name="Jabatan").fill("kepala sekolah")
        opened.get_by_role("button", name="Konfirmasi, ini benar").click()
        expect(opened.get_by_role("heading", level=1)).to_contain_text("Terima kasih")
    with put_on(Scope.batch(via="test")):
        assert set(FacilityMonth.objects.values_list("evidence", flat=True)) == {"confirmation"}
        assert Observation.objects.get().absent_days == 3


def at_members(at: Facility) -> list[int]:
    return list(ComponentSpell.objects.filter(facility=at).values_list("member", flat=True))
