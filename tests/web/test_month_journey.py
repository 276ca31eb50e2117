"""A facilitator's month in a browser, by clicks alone: 12 groups, 252 families, from the plan to the nine reports, then
the coordinator who looks at it. No address is typed but the first."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from harapan.accounts.models import Post
from harapan.core.components import Component
from harapan.database import day
from harapan.payments.enums import Outcome
from harapan.registry.models import Facility, Group
from tests.benefits.world import HIYUNG, TAPIN, World
from tests.browser.shots import INSTALL
from tests.web.serving import served
from tests.web.signing import PASSWORD, person, signed_in
from tests.web.stage_ground import NOMINAL, told

pytestmark = [
    pytest.mark.slow,  # twenty to thirty seconds
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=INSTALL),
]
TODAY = date(2025, 7, 18)
GROUPS, EACH = 12, 21
OTHERS = 2  # groups of the kabupaten that somebody else meets


@dataclass
class Month:
    facilitator: Post
    lead: Post


@pytest.fixture
def month(world: World, monkeypatch: pytest.MonkeyPatch) -> Month:
    """Every group full, one family in it with a pupil, all on the list and credited."""
    monkeypatch.setattr(day, "today", lambda: TODAY)
    school = Facility.objects.create(
        kind="school", code="30305001", name="SDN HIYUNG 1", name_key="SDN HIYUNG 1", level="SD", region_id=HIYUNG
    )
    facilitator = person("facilitator", regions=(6305030000,), name="SITI RAHMAH")
    families = []
    for number in range(1, GROUPS + 1):
        group = Group.objects.create(name=f"Anggrek {number:02d}", region_id=HIYUNG, facilitator=facilitator.user)
        facilitator.groups.append(group.pk)
        world.groups[HIYUNG] = group
        families += [world.family((Component.PRIMARY, {"facility": school}), name=f"PUNYA MURID {number:02d}")]
        families += [world.family(name=f"KELUARGA {number:02d}.{place:02d}") for place in range(1, EACH)]
    facilitator.save()
    world.listed(dict.fromkeys(families, NOMINAL))
    told(world, *((family, Outcome.CREDITED) for family in families[:EACH]))
    return Month(facilitator, person("regency_coordinator", regions=(TAPIN,), name="AHMAD SYARIF"))


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="id-ID", viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def enter(page: Page, address: str, post: Post) -> None:
    page.context.clear_cookies()
    page.goto(f"{address}/masuk/")
    page.fill("input[name=login]", post.user.username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{address}/")


def enter_past_second_step(page: Page, address: str, post: Post) -> None:
    """With the session that the second step gives."""
    session = signed_in(post).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.clear_cookies()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
    page.goto(f"{address}/")


def to(page: Page, errand: str) -> None:
    """By the header, where the errands that do not fit stand in a menu."""
    link = page.locator("header").get_by_role("link", name=errand, exact=True)
    if link.count() == 0:
        page.locator("header").get_by_text("Lainnya").click()
    link.first.click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name).first.click()


def title(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def a_photograph(folder: Path) -> Path:
    path = folder / "pertemuan.jpg"
    exif = Image.Exif()
    exif[306] = f"{TODAY:%Y:%m:%d} 09:30:00"
    Image.effect_noise((640, 480), 60).convert("RGB").save(path, exif=exif)
    return path


def test_a_month_from_the_plan_to_the_reports_and_the_coordinator(month: Month, desk: Page, tmp_path: Path) -> None:
    with served() as address:
        enter(desk, address, month.facilitator)
        _plan(desk)
        _verify(desk)
        _meet(desk, a_photograph(tmp_path))
        _visit(desk)
        _change(desk)
        _hand_over(desk)
        _report(desk)
        enter_past_second_step(desk, address, month.lead)
        _look_over(desk)


def _plan(page: Page) -> None:
    """Home says that the month has no plan; it is proposed from what is due."""
    follow(page, "Rencana kerja Juli 2025 belum disetujui")
    press(page, "Usulkan rencana")
    press(page, "Setujui rencana")
    title(page, "jam kerja direncanakan")
    expect(page.locator("main")).to_contain_text("SDN HIYUNG 1")


def _verify(page: Page) -> None:
    """The school's task leads to the school and to the months of a stage whose list has not come."""
    to(page, "Tugas")
    page.locator("main").get_by_role("link", name="SDN HIYUNG 1").last.click()
    expect(page.locator("[aria-current=true]", has_text="April–Juni 2025, tahap 2025-3")).to_be_visible()
    page.locator("tr[data-row]").nth(2).locator("input[name^=a-]").first.fill("4")
    press(page, f"Nyatakan {GROUPS} anak hadir")
    expect(page.get_by_text("3 bulan di SDN HIYUNG 1 dinyatakan")).to_be_visible()


def _meet(page: Page, photograph: Path) -> None:
    to(page, "P2K2")
    title(page, f"{GROUPS} dari {GROUPS} kelompok belum bertemu")
    follow(page, "Catat pertemuan")
    page.get_by_label("Tempat").fill("Rumah Bu Aminah")
    page.get_by_label("Notulensi").fill("Keluarga menyusun jadwal belajar anak.")
    press(page, "Simpan pertemuan")
    page.locator("[data-family]").nth(4).get_by_label("alpa").check(force=True)
    press(page, "Simpan, sisanya hadir")
    title(page, f"{EACH - 1} dari {EACH} keluarga hadir atau diwakili")
    page.set_input_files("input[type=file]", photograph)
    press(page, "Simpan foto")
    expect(page.get_by_text("1 foto disimpan")).to_be_visible()


def _visit(page: Page) -> None:
    to(page, "Keluarga")
    follow(page, "PUNYA MURID 01")
    follow(page, "Catat kunjungan")
    press(page, "Simpan kunjungan")
    title(page, "PUNYA MURID 01, 18 Juli 2025: layak")
    expect(page.locator("main")).to_contain_text("SD sederajat")


def _change(page: Page) -> None:
    to(page, "Pemutakhiran")
    follow(page, "Cari keluarga untuk diajukan")
    follow(page, "KELUARGA 01.10")
    follow(page, "Pemutakhiran")
    follow(page, "Kelahiran")
    page.get_by_label("Nama sesuai dokumen").fill("Muhammad Noor")
    page.get_by_label("Jenis kelamin").select_option(label="laki-laki")
    page.get_by_label("Terjadi pada").fill("2025-07-10")
    press(page, "Lihat akibatnya")
    press(page, "Kirim permintaan")
    title(page, "menunggu keputusan")


def _hand_over(page: Page) -> None:
    to(page, "Penyaluran")
    follow(page, "Anggrek 01")
    page.locator("[data-family]").nth(3).locator("label.a").click()
    page.locator("[data-family]").nth(3).locator("select").select_option("did_not_come")
    press(page, "Simpan, sisanya menerima")
    title(page, f"{EACH - 1} dari {EACH} baris")


def _report(page: Page) -> None:
    """What was recorded is in the report, and nothing was typed into it."""
    to(page, "Laporan")
    follow(page, "Juli 2025")
    press(page, "Buat laporan")
    title(page, "9 dari 9 laporan Juli 2025")
    row = page.locator("tr", has_text="002/RHK-2")
    address = row.get_by_role("link", name=".pdf").get_attribute("href")
    assert address is not None
    answer = page.request.get(page.url.split("/laporan")[0] + address)
    text = " ".join("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.body())).pages).split())
    assert "P2K2 Anggrek 01, Desa Hiyung: " in text
    assert f"hadir atau diwakili {EACH - 1} dari {EACH} keluarga, alpa 1" in text
    assert f"{EACH * GROUPS} keluarga dalam {GROUPS} kelompok" in text
    assert f"{GROUPS - 1} kelompok tidak bertemu bulan ini" in text


def _look_over(page: Page) -> None:
    """The figures agree with what was done, and lead to it; a change waits for a second person."""
    to(page, "Pantauan")
    title(page, f"{GROUPS + OTHERS - 1} dari {GROUPS + OTHERS} kelompok belum bertemu")
    figures = page.locator("tr", has_text="SITI RAHMAH").locator("a")
    tasks, late = (figures.nth(place).inner_text() for place in (-3, -2))
    figures.nth(-2).click()
    title(page, f"{late} dari {tasks} tugas")
    to(page, "Pemutakhiran")
    title(page, "1 pemutakhiran")
    follow(page, "KELUARGA 01.10")
    expect(page.get_by_role("button", name="Terapkan")).to_be_visible()
    to(page, "Laporan")
    follow(page, "Juli 2025")
    expect(page.locator("tr", has_text="SITI RAHMAH").get_by_role("link", name="versi 1")).to_have_count(9)
