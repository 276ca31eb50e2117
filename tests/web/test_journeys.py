"""Two ways through the product in a real browser: a passkey as second factor, and a school verified."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from harapan.core.components import Component
from harapan.database.scope import Scope, put_on
from harapan.registry.models import Facility
from harapan.verification.models import Evidence, FacilityMonth, Observation
from tests.benefits.world import HIYUNG, TAPIN, World
from tests.browser.shots import INSTALL
from tests.web.serving import served
from tests.web.signing import PASSWORD, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=INSTALL),
]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="id-ID", viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def with_passkeys(page: Page) -> None:
    """A device with a fingerprint reader that always recognises its owner."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, address: str, username: str) -> None:
    page.goto(f"{address}/masuk/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")


def test_passkey_is_set_up_when_the_role_demands_it_and_opens_the_next_time(world: World, page: Page) -> None:
    officer = person("data_officer", regions=(TAPIN,))
    with served() as address:
        with_passkeys(page)
        sign_in(page, address, officer.user.username)
        page.get_by_role("link", name="Pasang kunci sandi").click()
        page.fill("input[name=password]", PASSWORD)  # once more: this guards the account
        page.press("input[name=password]", "Enter")
        page.fill("input[name=name]", "HP kantor")
        page.get_by_role("button", name="Tambah kunci sandi").click()
        expect(page.locator(".codes li")).to_have_count(10)
        page.get_by_role("link", name="ke beranda").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("menunggu Anda")
        page.locator(".who summary").click()
        page.get_by_role("button", name="Keluar").click()
        sign_in(page, address, officer.user.username)
        page.get_by_role("button", name="Masuk dengan kunci sandi").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("menunggu Anda")


def test_school_is_declared_with_its_exceptions_by_keyboard(world: World, page: Page) -> None:
    name = "SDN HIYUNG 1"
    school = Facility.objects.create(kind="school", code="30305001", name=name, name_key=name, region_id=HIYUNG)
    pupil = world.member(world.family(), (Component.PRIMARY, {"facility": school}))
    world.listed({pupil.family: 225_000})
    facilitator = person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,))
    with served() as address:
        sign_in(page, address, facilitator.user.username)
        page.get_by_role("link", name="Bulan sekolah dan posyandu belum diverifikasi", exact=True).click()
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("3 bulan belum diverifikasi")
        for month in (202501, 202502, 202503):
            page.fill(f"input[name=days-{month}]", "20")
        page.fill("#id_late", "Formulir baru datang")  # the months are long over by any clock
        page.fill(f"input[name=a-{pupil.pk}-202501]", "4")
        expect(page.locator("[data-lowest]")).to_have_text("80,0%")
        page.keyboard.press("Control+s")
        expect(page.get_by_role("status")).to_contain_text("3 bulan")
        expect(page.get_by_role("heading", level=1)).to_contain_text("1 di bawah 85%")
    with put_on(Scope.batch(via="test")):
        assert set(FacilityMonth.objects.values_list("evidence", flat=True)) == {Evidence.NONE}
        assert Observation.objects.get().absent_days == 4
