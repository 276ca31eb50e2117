"""Pages of what should be checked: one's own first, answers, draws, visits, calibration; nobody else's eyes."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.database import day
from harapan.performance.answering import answer
from harapan.performance.models import CheckDraw, CheckPhotograph, CheckVisit, Finding, FindingAnswer
from harapan.performance.running import release_due, run
from tests.benefits.world import World
from tests.performance.ground import AFTER, MONTH, RUN_ON, Field, make_field
from tests.web.signing import person, signed_in
from tests.web.stage_ground import queries, words
from tests.web.test_english import english, leftovers

TITLE = "Yang tidak hadir sama dengan bulan sebelumnya"
LISTED = f"<b>{TITLE}</b>"
LISTS = ("integrity", "checks", "calibration")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: RUN_ON)


@pytest.fixture
def field(world: World) -> Field:
    made = make_field(world)
    run("2025-06", actor=0, on=RUN_ON)
    return made


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The days that are the person's alone are over."""
    monkeypatch.setattr(day, "today", lambda: AFTER)
    release_due(on=AFTER)


def copied() -> Finding:
    found: Finding = Finding.objects.get(indicator="session_copied")
    return found


def page(post: Post, name: str, *numbers: int, **query: str) -> str:
    return words(signed_in(post).get(reverse(name, args=numbers), query))


def photograph() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").save(out, "JPEG")
    return out.getvalue()


def test_the_person_sees_it_first_with_figure_usual_and_harmless_reasons(field: Field) -> None:
    shown = page(field.copier, "integrity")
    assert LISTED in shown
    assert "hanya Anda yang melihat" in shown
    one = page(field.copier, "finding", copied().pk)
    for said in (
        "Rata-rata 100% dari keluarga yang tidak hadir sama", "Pada pendamping lain", "Bisa jadi tidak apa-apa",
        "merantau", "Hanya Anda yang melihat ini, 15 hari lagi", "Kelompok 0-0", "Kirim jawaban",
    ):  # fmt: skip
        assert said in one, said
    assert Entry.objects.filter(verb="finding.looked", subject=copied().pk, actor=field.copier.user_id).exists()
    assert "Hal di catatan Anda yang perlu dicek" in page(field.copier, "home")


def test_nobody_else_sees_it_before(field: Field) -> None:
    auditor = person("auditor")
    for post in (field.honest, field.lead, field.coordinator, field.stranger, auditor):
        assert LISTED not in page(post, "integrity", indicator="session_copied")
        assert signed_in(post).get(reverse("finding", args=[copied().pk])).status_code == 404
    assert "Yang bersangkutan melihat temuannya lebih dahulu" in page(field.lead, "integrity")


def test_an_answer_with_a_file_goes_to_whoever_supervises(field: Field) -> None:
    pk = copied().pk
    own = signed_in(field.copier)
    refused = own.post(reverse("finding_answer", args=[pk]), {"text": "tidak"})
    assert refused.status_code == 422
    assert "10 sampai" in words(refused)
    bad = {"text": "Tiga keluarga itu merantau.", "file": SimpleUploadedFile("a.exe", b"MZ")}
    assert own.post(reverse("finding_answer", args=[pk]), bad).status_code == 422
    sent = {"text": "Tiga keluarga itu merantau.", "file": SimpleUploadedFile("surat.pdf", b"%PDF-1.7 surat")}
    assert own.post(reverse("finding_answer", args=[pk]), sent).status_code == 303
    shown = page(field.lead, "finding", pk)
    assert "Tiga keluarga itu merantau." in shown
    assert "Kirim jawaban" not in shown
    file = reverse("finding_file", args=[pk, FindingAnswer.objects.get().file_id])
    assert b"".join(signed_in(field.lead).get(file).streaming_content) == b"%PDF-1.7 surat"  # type: ignore[attr-defined]
    assert signed_in(field.stranger).get(file).status_code == 404
    assert signed_in(field.lead).post(reverse("finding_answer", args=[pk]), sent).status_code in (403, 404)
    assert FindingAnswer.objects.count() == 1
    others = Finding.objects.filter(person=field.copier.user_id).exclude(pk=pk)
    number = others.update(month=202505)
    assert number
    shown = page(field.copier, "integrity")
    assert "Sudah Anda jawab</mark>: 1 hal di catatan Juni 2025" in shown
    assert f"{number} hal dari Mei 2025 juga menunggu jawaban Anda." in shown
    assert "?month=202505" in shown


def test_after_its_days_whoever_supervises_sees_the_ranked_list(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch)
    for post in (field.lead, field.coordinator, person("auditor")):
        shown = page(post, "integrity")
        assert LISTED in shown
        assert "PENDAMPING 0" in shown
    assert "1 dari 6 pendamping</mark> mempunyai catatan yang perlu dicek" in page(field.lead, "integrity")
    assert "PENDAMPING 0" not in page(field.stranger, "integrity")
    assert LISTED in page(field.lead, "integrity", state="open")
    assert LISTED not in page(field.lead, "integrity", state="answered")


def test_a_draw_is_made_once_and_can_be_drawn_again(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch)
    lead, told = signed_in(field.lead), {"month": str(MONTH), "size": "3", "random_percent": "60"}
    low = lead.post(reverse("check_draw"), {**told, "random_percent": "10"})
    assert low.status_code == 422
    assert not CheckDraw.objects.exists()
    assert lead.post(reverse("check_draw"), told).status_code == 303
    made = CheckDraw.objects.get()
    assert made.visits.count() == 3
    assert len(made.chances) == 6  # of the own kecamatan
    assert max(made.chances, key=made.chances.__getitem__) == str(field.copier.user_id)
    shown = page(field.lead, "checks")
    assert f"3 terundi, 60% acak, benih {made.seed}" in shown
    again = lead.post(reverse("check_draw"), told)
    assert again.status_code == 422
    assert "sudah diundi, dan hanya sekali" in words(again)
    drawn = CheckVisit.objects.first()
    assert drawn is not None
    assert page(Post.objects.get(user=drawn.person), "checks").count("Belum dikunjungi") == 0  # not announced
    for post in (field.copier, person("auditor")):
        assert signed_in(post).post(reverse("check_draw"), told).status_code in (403, 404)


def test_a_visit_s_result_is_written_once_and_seen_by_the_person(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch)
    lead = signed_in(field.lead)
    lead.post(reverse("check_draw"), {"month": str(MONTH), "size": "6", "random_percent": "50"})
    visit = CheckVisit.objects.get(person=field.copier.user)
    address = reverse("check", args=[visit.pk])
    sent: dict[str, Any] = {
        "result": "made_up",
        "visited_on": "2025-07-19",
        "notes": "Lima keluarga tidak mengenal pertemuan itu.",
    }
    assert lead.post(address, {**sent, "visited_on": "2025-08-01"}).status_code == 422
    assert lead.post(address, {**sent, "notes": "x"}).status_code == 422
    none = lead.post(address, {**sent, "photographs": SimpleUploadedFile("a.jpg", b"bukan")})
    assert "bukan foto" in words(none)
    assert signed_in(field.stranger).post(address, sent).status_code == 404
    assert signed_in(field.copier).get(address).status_code == 404
    assert lead.post(address, {**sent, "photographs": SimpleUploadedFile("a.jpg", photograph())}).status_code == 303
    shown = page(field.lead, "check", visit.pk)
    assert "dibuat-buat" in shown
    kept = CheckPhotograph.objects.get()
    raw = lead.get(reverse("check_photograph", args=[visit.pk, kept.pk]))
    assert b"".join(raw.streaming_content).startswith(b"\xff\xd8")  # type: ignore[attr-defined]
    assert lead.post(address, sent).status_code == 422
    assert "Lima keluarga tidak mengenal" in page(field.copier, "finding", copied().pk)
    assert "dibuat-buat" in page(field.copier, "checks")
    told = page(field.lead, "calibration")
    assert "Menurut 1 kunjungan cek" in told
    assert "100,0%" in told


def test_statements_do_not_grow_with_findings(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch)
    answer(copied().pk, "Tiga keluarga itu merantau.", by=field.copier.user, on=AFTER)
    lead = signed_in(field.lead)
    lead.post(reverse("check_draw"), {"month": str(MONTH), "size": "2", "random_percent": "50"})
    addresses = [reverse(name) for name in LISTS] + [reverse("finding", args=[copied().pk])]
    before = [queries(lead, address) for address in addresses]
    for number, post in enumerate(field.facilitators[::2]):
        Finding.objects.create(
            person=post.user, region_no=6305030000, month=MONTH, indicator="night", n=9, value=0.5, usual=0.1,
            strength=3 + number, rarity=0.01, score=2, found_on=RUN_ON, private_until=RUN_ON, released=True,
        )  # fmt: skip
    assert [queries(lead, address) for address in addresses] == before


def test_before_any_run_pages_say_what_will_come(world: World) -> None:
    nobody = person("facilitator", regions=(6305030000,))
    assert "Belum ada bulan yang diperiksa" in page(nobody, "integrity")
    lead = person("district_lead", regions=(6305030000,))
    for name in LISTS:
        assert signed_in(lead).get(reverse(name)).status_code == 200
    assert signed_in(person("data_officer", regions=(6305000000,))).get(reverse("integrity")).status_code == 404


def test_a_reader_of_english_finds_no_word_of_ours_indonesian(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    one = copied()
    addresses = [reverse(name) for name in LISTS] + [reverse("finding", args=[one.pk])]
    for address in addresses:
        assert leftovers(english(field.copier).get(address)) == [], address
    later(monkeypatch)
    lead = english(field.lead)
    lead.post(reverse("check_draw"), {"month": str(MONTH), "size": "6", "random_percent": "50"})
    visit = CheckVisit.objects.get(person=field.copier.user)
    addresses.append(reverse("check", args=[visit.pk]))
    for address in addresses:
        assert leftovers(lead.get(address)) == [], address
    sent = {"result": "partly", "visited_on": date(2025, 7, 19).isoformat(), "notes": "- - - - - - - -"}
    lead.post(addresses[-1], sent)
    for address in addresses:
        assert leftovers(lead.get(address)) == [], address
