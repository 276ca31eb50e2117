"""A team lead's work in a real browser: a list brought in, a stage reconciled, a card recorded, all on a phone too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings as configured
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from harapan.accounts.models import Post
from harapan.benefits.actions import regencies_of, stage_named
from harapan.benefits.models import State
from harapan.database.scope import Scope, put_on
from harapan.exchange.beneficiaries import codec as beneficiaries
from harapan.payments.actions import latest_card_steps
from harapan.payments.enums import Outcome
from tests.benefits.world import STAGE, TAPIN, World
from tests.browser.shots import INSTALL
from tests.intake.conftest import row
from tests.web.serving import served
from tests.web.signing import person, signed_in
from tests.web.stage_ground import listed, told

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=INSTALL),
]


@pytest.fixture
def address(world: World) -> Iterator[str]:
    with served() as url:
        yield url


@pytest.fixture
def lead(world: World) -> Post:
    return person("regency_coordinator", regions=(TAPIN,))


def opened(chromium: Browser, address: str, post: Post, *, width: int = 1280) -> tuple[BrowserContext, Page, list[str]]:
    """A page of somebody signed in; what the browser complains of is gathered."""
    context = chromium.new_context(viewport={"width": width, "height": 800}, locale="id-ID")
    key = signed_in(post).cookies[configured.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": key, "url": address}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return context, page, complaints


def test_a_list_is_tried_and_saved(chromium: Browser, address: str, lead: Post) -> None:
    context, page, complaints = opened(chromium, address, lead)
    page.goto(address + reverse("import_new"))
    page.get_by_label("Daftar penerima dari pusat").check()
    raw = beneficiaries.render([row(1), row(2), row(3, amount_idr=-1)], form="csv")
    page.locator("input[type=file]").set_input_files({"name": "penerima.csv", "mimeType": "text/csv", "buffer": raw})
    page.get_by_role("button", name="Uji berkas").click()
    expect(page.locator(".summary")).to_contain_text("Pilih tahapnya")
    page.locator("input[type=file]").set_input_files({"name": "penerima.csv", "mimeType": "text/csv", "buffer": raw})
    page.locator("select[name=stage]").select_option(index=1)  # the latest that the calendar has
    page.get_by_role("button", name="Uji berkas").click()
    expect(page.locator("h1")).to_contain_text("2 baris siap disimpan, 1 ditolak")
    page.get_by_role("button", name="Simpan 2 baris").click()
    expect(page.locator("h1")).to_contain_text("2 baris disimpan, 1 ditolak")
    assert [said for said in complaints if "status of 422" not in said] == []
    context.close()


def test_reconciling_asks_first_and_names_the_sum(world: World, chromium: Browser, address: str, lead: Post) -> None:
    told(world, *((family, Outcome.WITHDRAWN) for family in listed(world, 2)))
    context, page, complaints = opened(chromium, address, lead)
    page.goto(address + reverse("stage", args=[STAGE]))
    page.get_by_role("button", name="Rekonsiliasi tahap").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Rp1.200.000")
    dialog.get_by_role("button", name="Batal").click()
    assert [each.state for each in regencies_of(stage_named(STAGE))] == [State.OPEN]
    page.get_by_role("button", name="Rekonsiliasi tahap").click()
    page.locator("dialog[open]").get_by_role("button", name="Rekonsiliasi tahap").click()
    expect(page.locator(".notes .note.ok")).to_contain_text("Tahap 2025-2 direkonsiliasi.")
    assert [each.state for each in regencies_of(stage_named(STAGE))] == [State.RECONCILED]
    assert complaints == []
    context.close()


def test_a_card_step_needs_a_choice(world: World, chromium: Browser, address: str, lead: Post) -> None:
    family = listed(world, 1)[0]
    context, page, complaints = opened(chromium, address, lead)
    page.goto(f"{address}{reverse('cards')}?q={family.dtks_id}")
    button = page.get_by_role("button", name="Catat langkah kartu")
    expect(button).to_be_disabled()
    page.get_by_label(f"Pilih {family.name}").check()
    expect(page.locator("[data-picked]")).to_have_text("1")
    page.locator("#kartu-step").select_option("ordered")
    button.click()
    expect(page.locator(".notes .note.ok")).to_contain_text("Langkah kartu 1 keluarga dicatat.")
    with put_on(Scope.batch(via="test")):  # the server has taken the test's own scope off
        assert family.pk in latest_card_steps([family.pk])
    assert complaints == []
    context.close()


def test_no_page_is_wider_than_a_phone(world: World, chromium: Browser, address: str, lead: Post) -> None:
    families = listed(world, 3)
    listed(world, 2, stage="2025-1")
    told(world, (families[0], Outcome.UNDELIVERED), (families[1], Outcome.CREDITED), (None, Outcome.CREDITED))
    context, page, complaints = opened(chromium, address, lead, width=360)
    names = ("stage", "stage_differences", "stage_exceptions", "stage_money", "undelivered", "minutes")
    plain = ("stages", "cards", "lists", "lists_changed", "imports", "import_new", "stage_plan")
    for url in [reverse(name, args=[STAGE]) for name in names] + [reverse(name) for name in plain]:
        page.goto(address + url)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, url
    assert complaints == []
    context.close()
