"""Pages of distribution: who may, whose region, the sheet, papers, confidential lists, statements that do not grow."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import fastexcel
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.benefits.models import Stage
from harapan.database import day
from harapan.payments.actions import record_card_step
from harapan.payments.enums import Outcome
from harapan.payments.models import (
    CardStep,
    Handover,
    HeldCard,
    PaymentException,
    PayoutDay,
    ReceiptDraw,
    ReceiptQuestion,
)
from harapan.registry.models import Family
from tests.benefits.world import HIYUNG, HSS, STAGE, TAPIN, World
from tests.payments.test_handing_over import page as photograph
from tests.web.signing import person, signed_in
from tests.web.stage_ground import DAY, listed, queries, told, words

ON = date(2025, 6, 4)
DISTRICT = 6305030000


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: ON)


@pytest.fixture
def families(world: World) -> list[Family]:
    found = listed(world, 3)
    told(world, *((family, Outcome.CREDITED) for family in found))
    return found


def facilitator(world: World, **about: Any) -> Post:
    post = person("facilitator", regions=(DISTRICT,), groups=(world.groups[HIYUNG].pk,), **about)
    world.groups[HIYUNG].facilitator = post.user
    world.groups[HIYUNG].save()
    return post


def url(name: str, *args: Any) -> str:
    return reverse(name, args=[STAGE, *args])


@pytest.fixture
def pendamping(world: World, families: list[Family]) -> Client:
    return signed_in(facilitator(world))


@pytest.fixture
def korkab(world: World, families: list[Family]) -> Client:
    return signed_in(person("regency_coordinator", regions=(TAPIN,)))


def test_the_door_leads_to_the_latest_stage_that_pays(pendamping: Client) -> None:
    answer = pendamping.get(reverse("distributions"))
    assert answer.status_code == 302
    assert answer.headers["Location"] == url("distribution")
    said = words(pendamping.get(url("distribution")))
    assert "<mark>3 keluarga</mark> belum dicatat" in said
    assert "Rp1.800.000" in said


def test_who_is_paid_nothing_finds_an_empty_door(world: World) -> None:
    assert "Belum ada tahap yang membayar" in words(signed_in(facilitator(world)).get(reverse("distributions")))


def test_the_sheet_is_saved_by_exception(world: World, pendamping: Client, families: list[Family]) -> None:
    sheet = url("distribution_group", world.groups[HIYUNG].pk)
    assert "<mark>3 dari 3 baris</mark> belum dicatat" in words(pendamping.get(sheet))
    first = families[0].pk
    told_ = {"day": "2025-06-03", "rest": "1", f"m-{first}-pkh": "2", f"r-{first}-pkh": "card_lost"}
    answer = pendamping.post(url("handover_mark", world.groups[HIYUNG].pk), told_, follow=True)
    said = words(answer)
    assert "Serah terima 3 baris disimpan." in said
    assert "lanjut: urus kartu" in said
    assert Handover.objects.filter(outcome=Handover.Outcome.RECEIVED).count() == 2


def test_marks_sent_back_as_they_stood_keep_their_day(world: World, pendamping: Client, families: list[Family]) -> None:
    group = world.groups[HIYUNG].pk
    pendamping.post(url("handover_mark", group), {"day": "2025-06-02", f"m-{families[0].pk}-pkh": "1"})
    shown = words(pendamping.get(url("distribution_group", group)))
    assert f'name="was-{families[0].pk}-pkh" value="1"' in shown
    later = {
        "day": "2025-06-04", f"m-{families[0].pk}-pkh": "1", f"was-{families[0].pk}-pkh": "1",
        f"m-{families[1].pk}-pkh": "1", f"was-{families[1].pk}-pkh": "",
    }  # fmt: skip
    said = words(pendamping.post(url("handover_mark", group), later, follow=True))
    assert "Serah terima 1 baris disimpan." in said
    assert "dua kali" not in said
    assert Handover.objects.get(family=families[0]).on == date(2025, 6, 2)


def test_a_reason_without_its_document_is_shown_apart_until_it_is_there(
    world: World, pendamping: Client, families: list[Family]
) -> None:
    group, first = world.groups[HIYUNG].pk, families[0].pk
    said = {"day": "2025-06-03", "rest": "1", f"m-{first}-pkh": "2", f"r-{first}-pkh": "refused"}
    shown = words(pendamping.post(url("handover_mark", group), said, follow=True))
    assert "1 alasan belum berbukti" in shown
    assert "surat pernyataan menolak yang ditandatangani keluarga" in shown
    assert "1 alasan belum berbukti" in words(pendamping.get(url("distribution")))
    assert pendamping.post(url("handover_reason_proof", group), {"line": "1"}).status_code == 422
    paper = SimpleUploadedFile("surat.jpg", photograph(90), content_type="image/jpeg")
    proven = words(pendamping.post(url("handover_reason_proof", group), {"line": "1", "document": paper}, follow=True))
    assert "Bukti disimpan untuk" in proven
    assert "belum berbukti" not in proven


def test_a_second_wave_opens_the_line_again(world: World, pendamping: Client, families: list[Family]) -> None:
    group, first = world.groups[HIYUNG].pk, families[0].pk
    pendamping.post(url("handover_mark", group), {"day": "2025-06-02", "rest": "1"})
    world.listed({families[0]: 300_000}, bank="POS", wave="2")
    PayoutDay.objects.create(
        stage=Stage.objects.get(name=STAGE), region_no=HIYUNG, on=date(2025, 6, 4), begins="08:00", ends="12:00",
        place="Kantor pos", payer="POS", recorded_by=world.user,
    )  # fmt: skip
    shown = words(pendamping.get(url("distribution_group", group)))
    assert "<mark>1 dari 3 baris</mark> belum dicatat" in shown
    assert "sisa Rp300.000" in shown
    too_much = {"day": "2025-06-04", f"m-{first}-pkh": "1", f"i-{first}-pkh": "300001"}
    assert "tidak dapat dicatat" in words(pendamping.post(url("handover_mark", group), too_much, follow=True))
    assert pendamping.post(url("handover_mark", group), {**too_much, f"i-{first}-pkh": "1,5"}).status_code == 422
    pendamping.post(url("handover_mark", group), {"day": "2025-06-04", f"m-{first}-pkh": "1"})
    assert sum(Handover.objects.filter(family=first).values_list("amount_idr", flat=True)) == 900_000


def test_a_moved_day_is_told_to_the_families(world: World, korkab: Client, pendamping: Client) -> None:
    world.listed({world.family(bank="POS"): 600_000}, bank="POS")
    form = {"region": str(HIYUNG), "day": "2025-06-03", "begins": "08:00", "ends": "12:00", "place": "Kantor pos"}
    form["payer"] = "POS"
    korkab.post(url("distribution_days"), form)
    page, group = url("payout_day", PayoutDay.objects.get().pk), world.groups[HIYUNG].pk
    assert pendamping.get(page).status_code in (403, 404)
    move = {"day": "2025-06-10", "begins": "09:00", "ends": "11:00", "place": "Balai desa", "because": "air"}
    assert "hanya 3 huruf; paling sedikit 5" in words(korkab.post(page, move))
    assert korkab.post(page, {**move, "because": "jembatan putus karena banjir"}).status_code == 303
    assert "belum dikabari" in words(pendamping.get(url("distribution")))
    sheet = words(pendamping.get(url("distribution_group", group)))
    assert "pindah ke 10 Juni 2025 pukul 09.00–11.00 di Balai desa. Sebab: jembatan putus" in sheet
    assert "sudah dikabari" in words(pendamping.post(url("payout_told", group), follow=True))
    assert "belum dikabari" not in words(pendamping.get(url("distribution")))
    assert "dipindah ke 10 Juni 2025" in words(korkab.get(url("distribution_days")))
    assert korkab.get(page).status_code == 404
    left = url("payout_day", PayoutDay.objects.standing().get().pk)
    assert korkab.post(left, {**move, "cancel": "1", "because": "kantor pos tutup"}).status_code == 303
    assert not PayoutDay.objects.standing().exists()


def test_four_amounts_of_every_group_and_family(world: World, korkab: Client, families: list[Family]) -> None:
    korkab.post(url("distribution_family", families[0].pk), {"amount_idr": "500000", "told_on": "2025-06-04"})
    said = words(korkab.get(url("distribution_amounts")))
    assert "kata <mark>1 keluarga</mark> berbeda" in said
    assert "Jumlah seluruhnya" in said
    assert "Rp1.800.000" in said
    one = words(korkab.get(url("distribution_group_amounts", world.groups[HIYUNG].pk)))
    assert "Rp500.000" in one
    assert signed_in(person("regency_coordinator", regions=(HSS,))).get(
        url("distribution_group_amounts", world.groups[HIYUNG].pk)
    ).status_code == 404  # fmt: skip


def test_a_file_that_would_be_too_long_is_refused_not_cut(korkab: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harapan.web.distribution.papers.BATCH", 1)
    assert len(b"".join(korkab.get(url("distribution_file", "csv")).streaming_content).splitlines()) == 4
    monkeypatch.setattr("harapan.web.distribution.papers.FILE_FAMILIES_MAX", 2)
    refused = korkab.get(url("distribution_file", "csv"))
    assert refused.status_code == 422
    assert "memuat 3 keluarga; satu berkas paling banyak 2" in words(refused)


def test_a_draw_is_repeated_on_its_page(world: World, korkab: Client) -> None:
    korkab.post(url("receipt_draw"), {"region": str(DISTRICT)})
    page = url("receipt_draw_repeat", ReceiptDraw.objects.get().pk)
    told(world, *((family, Outcome.CREDITED) for family in listed(world, 4)), name="kemudian")
    said = words(korkab.get(page))
    assert "<mark>1 keluarga yang sama</mark>" in said
    assert "4 keluarga dibayar sesudah undian" in said
    assert signed_in(person("regency_coordinator", regions=(HSS,))).get(page).status_code == 404


def test_a_page_tells_what_it_refused(world: World, pendamping: Client, families: list[Family]) -> None:
    group = world.groups[HIYUNG].pk
    future = pendamping.post(url("handover_mark", group), {"day": "2025-06-05", "rest": "1"}, follow=True)
    assert "belum tiba" in words(future)
    assert pendamping.post(url("handover_mark", group), {"day": "", "rest": "1"}).status_code == 422
    assert pendamping.post(url("handover_mark", group), {"day": "2025-06-03"}).status_code == 422
    assert not Handover.objects.exists()


def test_a_signed_page_proves_its_lines(world: World, pendamping: Client) -> None:
    group = world.groups[HIYUNG].pk
    pendamping.post(url("handover_mark", group), {"day": "2025-06-03", "rest": "1"})
    file = SimpleUploadedFile("h1.jpg", photograph(), content_type="image/jpeg")
    sent = {"photograph": file, "page": "1", "first": "1", "last": "2"}
    said = words(pendamping.post(url("handover_proof", group), sent, follow=True))
    assert "2 baris terbukti" in said
    proof = Handover.objects.filter(proof__isnull=False)[0].proof_id
    picture = pendamping.get(url("handover_proof_file", group, proof))
    assert b"".join(picture.streaming_content)[:2] == b"\xff\xd8"
    wrong = SimpleUploadedFile("h1.jpg", b"%PDF-1.7", content_type="image/jpeg")
    none = pendamping.post(url("handover_proof", group), {**sent, "photograph": wrong}, follow=True)
    assert "foto" in words(none)


def test_bpnt_stands_beside_pkh_on_the_list_to_sign(world: World, pendamping: Client, families: list[Family]) -> None:
    group = world.groups[HIYUNG].pk
    sent = {"amount": "200000", "numbers": "1,2", "source": "daftar bayar kantor pos"}
    assert "BPNT 2 keluarga dicatat." in words(pendamping.post(url("programme_due", group), sent, follow=True))
    assert pendamping.post(url("programme_due", group), {**sent, "numbers": "99"}).status_code == 422
    assert pendamping.post(url("programme_due", group), {**sent, "amount": "1,5"}).status_code == 422
    answer = pendamping.get(url("distribution_list", group))
    paper = pypdf.PdfReader(io.BytesIO(answer.content))
    said = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    for part in ("DAFTAR SERAH TERIMA BANTUAN", "Rp200.000", "BPNT", "Jumlah Rp2.200.000", families[0].name):
        assert part in said, part


def test_the_list_as_a_file_names_no_number(korkab: Client) -> None:
    answer = korkab.get(url("distribution_file", "xlsx"))
    rows = fastexcel.read_excel(b"".join(answer.streaming_content)).load_sheet("Daftar").to_arrow().to_pylist()
    assert [row["Jumlah (Rp)"] for row in rows] == [600_000] * 3
    assert not [key for key in rows[0] if "NIK" in key or "ekening" in key]
    assert korkab.get(url("distribution_file", "exe")).status_code == 404


def test_a_family_is_found_with_what_it_is_due(pendamping: Client, families: list[Family]) -> None:
    said = words(pendamping.get(url("distribution_search") + "?q=IBU"))
    assert "Rp600.000" in said
    assert "belum dicatat" in said


def test_payout_days_are_set_by_the_place_and_read_by_all(korkab: Client, pendamping: Client) -> None:
    form = {
        "region": str(HIYUNG), "day": "2025-06-03", "begins": "08:00", "ends": "12:00", "place": "Kantor pos Rantau",
        "payer": "POS",
    }  # fmt: skip
    assert pendamping.post(url("distribution_days"), form).status_code in (403, 404)
    assert korkab.post(url("distribution_days"), {**form, "ends": "07:00"}).status_code == 422
    assert korkab.post(url("distribution_days"), form).status_code == 303
    assert PayoutDay.objects.count() == 1
    assert "Kantor pos Rantau" in words(pendamping.get(url("distribution_days")))
    assert "Kantor pos Rantau" not in words(pendamping.get(url("distribution")))  # its families have accounts


def test_what_the_family_says_stands_beside_the_books(korkab: Client, families: list[Family]) -> None:
    page = url("distribution_family", families[0].pk)
    assert "belum ditanya berapa" in words(korkab.get(page))
    said = words(korkab.post(page, {"amount_idr": "500000", "told_on": "2025-06-04"}, follow=True))
    assert "jumlahnya berbeda" in said
    assert PaymentException.objects.open().count() == 1
    listed_ = words(korkab.get(reverse("stage_exceptions", args=[STAGE])))
    assert "Keluarga mengaku menerima jumlah lain" in listed_
    assert "dari lapangan" in listed_
    one = reverse("exception", args=[STAGE, PaymentException.objects.get().pk])
    assert "mengaku menerima Rp500.000" in words(korkab.get(one))
    closed = korkab.post(one, {"how": "set_aside", "why": "biaya agen bank, keluarga sudah mengerti"}, follow=True)
    assert "ditutup dengan alasan" in words(closed)
    refused = korkab.post(page, {"amount_idr": "1", "told_on": "2025-06-09"})
    assert (refused.status_code, refused.content.decode().count("perlu diperbaiki")) == (422, 1)


def test_the_accused_finds_no_report(world: World, pendamping: Client, korkab: Client, families: list[Family]) -> None:
    accused = world.groups[HIYUNG].facilitator
    assert accused is not None
    form = {"holder": "facilitator", "accused": str(accused.pk), "found_how": "keluarga bercerita di posyandu"}
    assert korkab.post(url("held_card_report", families[0].pk), {**form, "found_how": "x"}).status_code == 422
    said = words(korkab.post(url("held_card_report", families[0].pk), form, follow=True))
    assert "<mark>1 laporan</mark>" in said
    report = HeldCard.objects.get()
    page = reverse("held_card", args=[report.pk])
    assert accused.name in words(korkab.get(page))
    assert "Tidak ada laporan kartu yang menunggu" in words(pendamping.get(reverse("held_cards")))
    assert pendamping.get(page).status_code == 404
    assert "KARTU-" in words(korkab.get(reverse("stage_exceptions", args=[STAGE])))
    assert "KARTU-" not in words(pendamping.get(reverse("stage_exceptions", args=[STAGE])))
    done = {"resolution": "returned", "how": "kartu kembali di depan saksi"}
    assert korkab.post(page, {**done, "how": "x"}).status_code == 422
    assert korkab.post(page, done).status_code == 422  # whoever reported it does not resolve it
    assert signed_in(person("regency_office", regions=(TAPIN,))).post(page, done).status_code == 303
    assert not PaymentException.objects.open().exists()


def test_the_question_is_drawn_asked_and_kept_from_the_facilitator(
    world: World, pendamping: Client, korkab: Client
) -> None:
    assert pendamping.get(url("distribution_questions")).status_code in (403, 404)
    assert "Belum ada keluarga yang diundi" in words(korkab.get(url("distribution_questions")))
    drawn = words(korkab.post(url("receipt_draw"), {"region": str(DISTRICT)}, follow=True))
    assert "1 dari 3 keluarga terundi." in drawn
    lead = signed_in(person("district_lead", regions=(DISTRICT,)))
    page = reverse("receipt_question", args=[ReceiptQuestion.objects.get().pk])
    assert lead.post(page, {"answer": "2", "asked_on": "2025-06-04"}).status_code == 422
    cut = {"answer": "2", "asked_on": "2025-06-04", "cut_idr": "50000", "cut_by": "ketua kelompok"}
    assert lead.post(page, cut).status_code == 303
    said = words(lead.get(url("distribution_questions")))
    assert "<mark>1 dari 1 keluarga</mark> terundi sudah ditanya" in said
    assert "disembunyikan: terlalu sedikit jawaban" in said
    own = world.groups[HIYUNG].facilitator
    assert own is not None
    both = Post.objects.create(user=own, role_code="district_lead", region_nos=[DISTRICT], since=date(2024, 1, 1))
    also = signed_in(both)
    session = also.session
    session["post"] = both.pk
    session.save()
    assert also.get(page).status_code == 404


def test_cards_are_handed_over_against_minutes(world: World, korkab: Client, families: list[Family]) -> None:
    given = {"minutes_no": "BA/7/2025", "minutes_on": DAY}
    record_card_step(families[:2], step=CardStep.Step.HANDED_OVER, by=world.user, on=DAY, bank="BRI", **given)
    record_card_step(
        families[2:], step=CardStep.Step.NOT_HANDED_OVER, by=world.user, on=DAY, reason_code="migrant_worker"
    )
    assert "BA/7/2025" in words(korkab.get(reverse("cards")))
    answer = korkab.get(reverse("card_minutes") + "?nomor=BA/7/2025")
    said = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages).split())
    for part in ("BERITA ACARA SERAH TERIMA KARTU", "BA/7/2025", families[0].name, "Belum diserahkan", "luar negeri"):
        assert part in said, part
    assert korkab.get(reverse("card_minutes") + "?nomor=lain").status_code == 404


def test_another_place_finds_nothing(world: World, families: list[Family]) -> None:
    stranger = signed_in(person("regency_coordinator", regions=(HSS,)))
    group = world.groups[HIYUNG].pk
    for page in (
        url("distribution_group", group),
        url("distribution_family", families[0].pk),
        url("distribution_list", group),
    ):
        assert stranger.get(page).status_code == 404
    assert stranger.post(url("handover_mark", group), {"day": "2025-06-03", "rest": "1"}).status_code == 404
    assert not Handover.objects.exists()
    auditor = signed_in(person("auditor"))
    assert auditor.get(url("distribution_group", group)).status_code == 200
    assert auditor.post(url("handover_mark", group), {"day": "2025-06-03", "rest": "1"}).status_code in (403, 404)


def test_statements_do_not_grow_with_the_families(world: World, korkab: Client) -> None:
    pages = (
        url("distribution"), url("distribution_group", world.groups[HIYUNG].pk), url("distribution_amounts"),
        url("distribution_days"),
    )  # fmt: skip
    before = [queries(korkab, page) for page in pages]
    told(world, *((family, Outcome.CREDITED) for family in listed(world, 15)), name="lagi")
    assert [queries(korkab, page) for page in pages] == before
