"""What one family is told of a computed stage: its entitlement as frozen, its order, its file and its answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from harapan.benefits import freezing, running
from harapan.benefits.answers import answer
from harapan.benefits.models import Entitlement, Run, Stage
from harapan.core.components import Component
from harapan.core.money import rupiah
from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.exchange.settlement.words import Outcome as Told
from harapan.payments import closing, money, sheet, treasury
from harapan.payments.models import PaymentFile, SettlementLine
from harapan.registry.models import Family, Member
from tests.benefits.world import HSS, TAPIN
from tests.computed.doing import newcomer, reader
from tests.computed.ground import DAY, STAGE, Ground, make_family
from tests.web.stage_ground import words


def page_of(ground: Ground, family: Family, who: str = "commitment_officer") -> str:
    return words(reader(ground, who).get(reverse("family", args=[family.pk]), {"tahap": STAGE}))


def due(ground: Ground, family: Family) -> str:
    with put_on(ground.nation()):
        return rupiah(Entitlement.objects.filter(family_id=family.pk).latest("run_id").net_idr)


def text_of(ground: Ground, family: Family) -> str:
    with put_on(ground.nation()):
        return sheet.as_text(sheet.sheet_of(family, Stage.objects.get(name=STAGE), on=DAY))


def test_before_it_is_ordered_the_amount_is_called_what_it_is(ground: Ground) -> None:
    family = ground.families[0]
    ground.checked()
    page = page_of(ground, family)
    assert f"<mark>{due(ground, family)}</mark> pada tahap 2024-4, belum diperintahkan" in page
    assert "gelombang utama, belum disetujui" in page
    assert "Menurut daftar kementerian" not in page
    assert "Hasil hitungan sementara, belum disetujui" in text_of(ground, family)
    ground.approve()
    assert "belum disetujui" not in page_of(ground, family)
    assert "menunggu perintah bayar" in text_of(ground, family)


def test_an_order_is_followed_from_its_file_to_the_hand(ground: Ground) -> None:
    family = ground.families[0]
    ground.handed_over()
    ground.answer(Told.CREDITED)
    page = page_of(ground, family)
    assert f"berhak atas <mark>{due(ground, family)}</mark>" in page
    for said in (
        "Order ditarik",
        "Perintah bayar 1, upaya ke-1",
        "Berkas diserahkan ke penyalur",
        "Diterima Budi, BRI",
    ):
        assert said in page
    assert "Masuk rekening" in page
    told = text_of(ground, family)
    assert due(ground, family) in told
    assert "sudah masuk rekening dan belum diambil" in told


def test_a_computed_stage_is_never_computed_again_from_todays_registry(ground: Ground) -> None:
    family = ground.families[0]
    ground.handed_over()
    before = due(ground, family)
    with put_on(Scope.batch(via="test")):
        ground.world.member(family, Component.TODDLER)
    assert before in page_of(ground, family)
    late = make_family(ground.world, 30)
    page = page_of(ground, late)
    assert "tidak dapat ditunjukkan" in page
    assert "Jumlahnya tidak dihitung ulang dari data hari ini." in page
    assert "belum dapat ditunjukkan" in text_of(ground, late)


def test_a_family_of_a_supplementary_wave_is_told_its_own_wave(ground: Ground) -> None:
    ground.handed_over()
    late = make_family(ground.world, 30)
    freezing.freeze(ground.stage(), susulan=True, actor=ground.maker, on=DAY)
    running.compute(ground.stage(), actor=ground.maker, on=DAY)
    page = page_of(ground, late)
    assert "susulan ke-1, belum disetujui" in page
    assert due(ground, late) in page
    assert "gelombang utama" in page_of(ground, ground.families[0])


def test_a_reader_of_another_place_is_told_plainly(ground: Ground) -> None:
    family = next(each for each in ground.families if each.region_id // 10**6 == TAPIN // 10**6)
    ground.computed()
    hss = newcomer("regency_coordinator", regions=(HSS,))
    assert hss.get(reverse("family", args=[family.pk])).status_code == 404
    with put_on(Scope.nation(actor=0)):
        assert answer(family, ground.stage()).computed is not None
    with put_on(Scope.of_ranges(((HSS, HSS + 10**6),))):
        assert answer(family, ground.stage()).computed is None


def test_money_held_says_why_on_page_and_paper(ground: Ground) -> None:
    family = ground.families[0]
    with put_on(Scope.batch(via="test")):
        Member.objects.filter(family=family, manager=True).update(name_key="LAIN SEKALI", name="LAIN SEKALI")
    ground.handed_over()
    page = page_of(ground, family)
    assert "Ditahan" in page
    assert "Nama pemilik rekening tidak cocok" in page
    assert "Ditahan karena: Nama pemilik rekening tidak cocok" in text_of(ground, family)


def test_lists_home_and_older_pages_stand_on_a_computed_stage(ground: Ground) -> None:
    ground.handed_over()
    ground.answer(Told.FAILED)
    for page in (reader(ground, "commitment_officer"), newcomer("regency_coordinator", regions=(TAPIN,))):
        for name in ("home", "stages"):
            assert page.get(reverse(name)).status_code == 200
        for name in ("stage", "stage_exceptions", "undelivered", "stage_money"):
            assert page.get(reverse(name, args=[STAGE])).status_code == 200
    assert page.get(reverse("family_sheet", args=[ground.families[0].pk])).status_code == 200


def test_status_counts_orders_and_says_what_is_due_before_there_are_any(ground: Ground) -> None:
    def told(**about: Any) -> dict[str, Any]:
        with put_on(ground.nation()):
            return money.status(ground.stage(), **about).as_json()

    run = ground.approved()
    waiting = told()
    assert (waiting["net_idr"], waiting["families"], waiting["orders"]) == (run.net_idr, run.paid, 0)
    assert waiting["net_idr"] == told(region=TAPIN)["net_idr"] + told(region=HSS)["net_idr"]
    ground.ordered()
    status = told()
    assert set(status) == {
        "stage", "mode", "state", "families", "net_idr", "orders", "credited_idr", "withdrawn_idr", "untouched_idr",
        "failed_idr", "returned_idr", "held_idr", "exceptions",
    }  # fmt: skip
    assert (status["orders"], status["net_idr"], status["mode"]) == (12, run.net_idr, "computed")


def test_money_back_in_the_treasury_names_its_receipt(ground: Ground) -> None:
    untouched, failed = ground.families[0], ground.families[3]  # one payer and regency each
    ground.handed_over()
    rows = ground.rows(Told.CREDITED)
    ground.settle([
        row._replace(outcome=Told.FAILED, reason="dormant_account") if row.family_id == failed.pk else row
        for row in rows
    ])  # fmt: skip
    back = [row for row in ground.rows(Told.RETURNED, on=DAY + timedelta(days=120)) if row.family_id != failed.pk]
    ground.settle(
        [row._replace(ntpn="A1B2C3D4E5F6G7H8", reason="other", note="setor kas negara") for row in back],
        name="ntpn.csv",
    )
    page = page_of(ground, untouched)
    assert "setor kas negara. NTPN A1B2C3D4E5F6G7H8" in page
    assert "Alasan lain" not in page
    assert "alasan lain" not in text_of(ground, untouched)
    assert "NTPN" not in page_of(ground, failed)
    with put_on(ground.nation()):
        ppk, treasurer = ground.people["commitment_officer"], ground.people["treasurer"]
        closing.reconcile(ground.stage(), by=ppk, on=DAY)
        closing.close(ground.stage(), by=ppk, on=DAY)
        line = SettlementLine.objects.get(family=failed, outcome=4)
        treasury.pay_back(
            ground.stage(), payer=line.bank, region=line.region_no // 10**6 * 10**6, ntpn="ABCDEFGH12345678",
            on=DAY, by=treasurer, today=DAY,
        )  # fmt: skip
        closing.finish(ground.stage(), by=ppk, on=DAY)
    page = page_of(ground, failed)
    assert "Disetor penyalur ke kas negara</b>. NTPN ABCDEFGH12345678" in page
    assert f"berhak atas <mark>{due(ground, failed)}</mark> pada tahap 2024-4" in page  # final, and still told
    assert "gelombang utama" in page
    assert due(ground, failed) in text_of(ground, failed)
    assert "tidak ada di daftar" not in text_of(ground, failed)


def test_times_of_a_demonstration_are_its_own(ground: Ground) -> None:
    day.live_in(date(2025, 7, 18))
    try:
        instruction = ground.handed_over()
    finally:
        day.live_in(None)
    with put_on(ground.nation()):
        run = Run.objects.live().select_related("snapshot").get(stage__name=STAGE)
        file = PaymentFile.objects.filter(instruction=instruction)[0]
        told = (run.data_as_of, run.ended_at, run.snapshot.ended_at, file.written_at, file.handed_over_at)
        assert {timezone.localdate(each) for each in told} == {DAY}
