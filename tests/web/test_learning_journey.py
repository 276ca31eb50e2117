"""A trainer's day at a desk; a quiz on a phone without scripts, closed midway, passed, certified and verified."""

from __future__ import annotations

import io
import shutil
from datetime import datetime, time
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from harapan.accounts.models import Post
from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.training import timetable
from harapan.training.certificates.issuing import issue_batch
from harapan.training.certificates.revoking import revoke
from harapan.training.certificates.wording import Signer
from harapan.training.models import ClassAttendance, Enrolment, TestScore
from tests.browser.shots import INSTALL
from tests.learning import ground
from tests.learning.ground import TODAY
from tests.training.conftest import BEGINS, TAPIN, Training, training
from tests.web.serving import served
from tests.web.signing import PASSWORD

__all__ = ["training"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason=INSTALL),
]
PHONE = {"width": 360, "height": 740}
SIGNER = Signer("SRI LESTARI", "Kepala BBPPKS Banjarmasin")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def answer(page: Page) -> None:
    """The right option says so in this school."""
    page.get_by_text("benar", exact=False).first.click()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_a_quiz_closed_midway_goes_on_and_is_passed(
    system: Any, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)
    school = ground.make_school()
    post = school.learner()
    enrolment = school.enrolment(post).pk
    context = chromium.new_context(locale="id-ID", viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    with served() as address:
        page.goto(f"{address}/masuk/?next=/belajar/")
        page.fill("input[name=login]", post.user.username)
        page.fill("input[name=password]", PASSWORD)
        page.locator("form:has(input[name=password]) button").last.click()
        page.goto(f"{address}/belajar/")
        page.get_by_role("link", name="Etika PKH").first.click()
        page.get_by_role("link", name="Mulai belajar").click()
        press(page, "Selesai dibaca, lanjut")
        press(page, "Selesai dibaca")
        page.get_by_role("link", name="Post-test").first.click()
        press(page, "Mulai kuis")
        for _ in range(2):
            answer(page)
            press(page, "Simpan dan lanjut")
        page.close()
        page = context.new_page()
        page.goto(f"{address}/belajar/{enrolment}/kuis/{school.quiz.pk}/")
        press(page, "Lanjutkan kuis")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Soal 3 dari 4")
        answer(page)
        press(page, "Simpan dan lanjut")
        answer(page)
        press(page, "Simpan dan periksa")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Semua 4 soal sudah dijawab")
        press(page, "Kumpulkan jawaban")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Nilai Anda 100%, lulus")
        with put_on(Scope.batch(via="test")):
            assert school.enrolment(post).state == Enrolment.State.PASSED
            centre = Post.objects.get(user=school.author)
            (made,) = issue_batch(school.batch, signer=SIGNER, post=centre, by=centre.user, on=TODAY)
            code = made.versions.get().code
        page.goto(f"{address}/diklat-saya/")
        link = page.get_by_role("link", name="Unduh").first.get_attribute("href")
        paper = PdfReader(io.BytesIO(context.request.get(f"{address}{link}").body()))
        assert "SITI RAHMAH" in paper.pages[0].extract_text()
        assert_verified(chromium, address, code)
        with put_on(Scope.batch(via="test")):
            revoke(made, letter="B/7/2025", reason="Kuis dikerjakan orang lain", post=centre, by=centre.user, on=TODAY)
        assert_verified(chromium, address, code, revoked="Kuis dikerjakan orang lain")
    context.close()


def assert_verified(chromium: Browser, address: str, code: str, *, revoked: str = "") -> None:
    """As somebody who holds the paper and has no account sees it; a forged code is told to be unknown."""
    context = chromium.new_context(locale="id-ID", viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/sertifikat/periksa/{code}/")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("sudah dicabut" if revoked else "asli dan berlaku")
    expect(page.locator("main")).to_contain_text(revoked or "SITI RAHMAH")
    forged = code[:-1] + ("0" if code[-1] != "0" else "1")
    page.goto(f"{address}/sertifikat/periksa/")
    page.fill("input[name=kode]", forged)
    press(page, "Periksa")
    expect(heading).to_contain_text("Kode ini tidak dikenal")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()


def sign_in(page: Page, address: str, post: Post, then: str) -> None:
    page.goto(f"{address}/masuk/?next={then}")
    page.fill("input[name=login]", post.user.username)
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button").last.click()
    page.goto(f"{address}{then}")


def test_a_trainer_runs_a_day(training: Training, chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of another kabupaten than the participants': the code on the screen, the list, then the post-test."""
    batch = training.batch()
    trainer, _own = training.with_account("district_lead", 6_306_010_000, name="PELATIH HSS")
    learner, mine = training.with_account("facilitator", 6_305_030_000, name="RAHMI")
    training.invite(batch, [mine, *training.people(2, TAPIN)])
    training.taught(batch)
    timetable.add_trainer("PELATIH 0", "BBPPKS", by=training.by, user=trainer.user)
    monkeypatch.setattr(day, "today", lambda: BEGINS)
    monkeypatch.setattr(day, "moment", lambda on: timezone.make_aware(datetime.combine(on, time(8, 10))))
    desk = chromium.new_context(locale="id-ID", viewport={"width": 1280, "height": 900})
    phone = chromium.new_context(locale="id-ID", viewport=PHONE)  # type: ignore[arg-type]
    page, hand = desk.new_page(), phone.new_page()
    with served() as address:
        sign_in(page, address, trainer, "/pelatihan/saya/")
        page.get_by_role("region", name="Sesi yang Anda ajar").get_by_role("link").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("3 peserta belum dicatat")
        press(page, "Tampilkan kode")
        code = page.locator(".key-text").inner_text()
        sign_in(hand, address, learner, "/pelatihan/hadir/")
        hand.fill("input[name=code]", code.lower())
        press(hand, "Saya hadir")
        expect(hand.locator("body")).to_contain_text("Anda tercatat hadir")
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_contain_text("1 hadir, 2 belum dicatat")
        press(page, "Simpan, sisanya hadir")
        expect(page.get_by_role("heading", level=1)).to_contain_text("3 dari 3 peserta hadir")
        page.get_by_role("link", name="Nilai kelas ini").click()
        fields = page.locator("input[name^=post-]")
        for place, points in enumerate(("80", "101", "75,5")):
            fields.nth(place).fill(points)
        press(page, "Simpan nilai")
        expect(page.locator("body")).to_contain_text("Nilai 101 bukan 0 sampai 100")  # refused alone
        expect(page.locator("body")).to_contain_text("2 nilai disimpan")
        expect(fields.nth(1)).to_have_value("101")
    desk.close()
    phone.close()
    with put_on(Scope.batch(via="test")):
        assert ClassAttendance.objects.filter(said_by=trainer.user).count() == 2
        assert TestScore.objects.filter(said_by=trainer.user).count() == 2
