from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest

from harapan.benefits.actions import regencies_of, stage_named
from harapan.benefits.models import Stage, State
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.payments import actions, closing, holding, minutes, money
from harapan.payments.enums import Outcome
from harapan.payments.minutes import Signatory
from harapan.payments.models import PaymentException
from harapan.payments.rows import SettlementRow
from harapan.payments.settling import receive_settlement
from harapan.registry.models import Family
from tests.benefits.world import BAMBAN, HIYUNG, HSS, STAGE, TAPIN, World

DAY = date(2025, 6, 2)
LATER = date(2025, 9, 1)


@pytest.fixture
def families(world: World) -> list[Family]:
    found = [world.family() for _ in range(2)]
    world.listed(dict.fromkeys(found, 600_000))
    return found


@pytest.fixture
def stage(families: list[Family]) -> Stage:
    return stage_named(STAGE)


def settle(world: World, *lines: tuple[int | None, Outcome, int], on: date = DAY) -> None:
    rows = [SettlementRow(n, family, told, idr, on) for n, (family, told, idr) in enumerate(lines, start=2)]
    receive_settlement(
        STAGE, rows, digest=sha256(f"{on} {lines}".encode()).hexdigest(), name="bri.csv", by=world.user, on=on
    )


def test_reconciling_names_the_sums_that_do_not_match(world: World, families: list[Family], stage: Stage) -> None:
    settle(world, (families[0].pk, Outcome.CREDITED, 600_000))
    with pytest.raises(Refused, match=r"Rp1\.200\.000 = masuk Rp600\.000 .* belum terjawab Rp600\.000"):
        closing.reconcile(stage, by=world.user, on=DAY)


def test_reconciling_waits_for_open_exceptions(world: World, families: list[Family], stage: Stage) -> None:
    settle(world, *((family.pk, Outcome.CREDITED, 600_000) for family in families), (None, Outcome.CREDITED, 5))
    with pytest.raises(Refused, match=r"1 jawaban belum cocok \(Kab\. Tapin\)"):
        closing.reconcile(stage, by=world.user, on=DAY)
    actions.set_aside(PaymentException.objects.get(), why="program lain", by=world.user)
    assert closing.reconcile(stage, by=world.user, on=DAY).state == State.RECONCILED


def test_a_stage_goes_from_open_to_final_when_every_rupiah_has_an_end(
    world: World, families: list[Family], stage: Stage
) -> None:
    settle(world, (families[0].pk, Outcome.CREDITED, 600_000), (families[1].pk, Outcome.FAILED, 600_000))
    with pytest.raises(Refused, match="dibuka, bukan direkonsiliasi"):
        closing.close(stage, by=world.user, on=DAY)
    closing.reconcile(stage, by=world.user, on=DAY)
    closing.close(stage, by=world.user, on=DAY)
    with pytest.raises(Refused, match=r"Rp600\.000 di Kab\. Tapin masih di rekening"):
        closing.finish(stage, by=world.user, on=DAY)
    settle(world, (families[0].pk, Outcome.RETURNED, 600_000), on=LATER)
    found = money.of(stage)
    assert (found.credited_idr, found.treasury_idr, found.returned_idr) == (600_000, 600_000, 0)
    assert closing.finish(stage, by=world.user, on=LATER).state == State.FINAL


def test_what_would_change_a_closed_sum_waits_as_an_exception(
    world: World, families: list[Family], stage: Stage
) -> None:
    settle(world, (families[0].pk, Outcome.CREDITED, 600_000), (families[1].pk, Outcome.FAILED, 600_000))
    closing.reconcile(stage, by=world.user, on=DAY)
    settle(world, (families[1].pk, Outcome.CREDITED, 600_000), on=LATER)
    assert PaymentException.objects.get().kind == "late"
    closing.reopen(stage, by=world.user, on=LATER, why="jawaban bank menyusul")
    actions.match_exception(
        PaymentException.objects.get(), family=families[1], why="upaya kedua", by=world.user, on=LATER
    )
    assert money.of(stage).credited_idr == 1_200_000


def test_one_regency_is_reconciled_while_its_neighbour_waits(world: World) -> None:
    near, far = world.family(village=HIYUNG), world.family(village=BAMBAN)
    world.listed({near: 600_000, far: 600_000})
    settle(world, (near.pk, Outcome.WITHDRAWN, 600_000))
    stage = stage_named(STAGE)
    with put_on(Scope.of_ranges(((TAPIN, TAPIN + 10**6),), actor=world.user.pk)):
        closing.reconcile(stage, by=world.user, on=DAY)
        assert money.status(stage_named(STAGE), region=TAPIN).state == State.RECONCILED
        with pytest.raises(Refused, match="belum punya daftar di wilayah ini"):
            closing.reconcile(stage, region=HSS, by=world.user, on=DAY)
    assert {each.regency_no: each.state for each in regencies_of(stage)} == {TAPIN: "reconciled", HSS: "open"}
    assert money.status(stage_named(STAGE)).state == State.OPEN


def test_a_kecamatan_is_not_reconciled_alone(world: World, stage: Stage) -> None:
    with pytest.raises(Refused, match="per kabupaten/kota"):
        closing.reconcile(stage, region=6305030000, by=world.user, on=DAY)


def test_the_status_has_exactly_the_fields_programs_read(world: World, families: list[Family], stage: Stage) -> None:
    settle(world, (families[0].pk, Outcome.WITHDRAWN, 600_000), (None, Outcome.CREDITED, 5))
    assert money.status(stage).as_json() == {
        "stage": STAGE, "mode": "received", "state": "open", "families": 2, "net_idr": 1_200_000, "orders": 2,
        "credited_idr": 600_000, "withdrawn_idr": 600_000, "untouched_idr": 0, "failed_idr": 0, "returned_idr": 0,
        "held_idr": 0, "exceptions": 1,
    }  # fmt: skip


def test_minutes_are_drawn_up_after_reconciling_and_signed_by_both(
    world: World, families: list[Family], stage: Stage
) -> None:
    about = {
        "regency": TAPIN, "number": "460/12/Dinsos", "on": date(2025, 6, 20), "city": "Rantau", "by": world.user,
        "office": Signatory("Dinas Sosial Kab. Tapin", "Hj. Noor", "Kepala Dinas", "19700101"),
        "bank": Signatory("BRI Rantau", "Ahmad", "Pimpinan Cabang"),
    }  # fmt: skip
    with pytest.raises(Refused, match="belum direkonsiliasi"):
        minutes.draw_up(stage, **about)
    settle(world, *((family.pk, Outcome.WITHDRAWN, 600_000) for family in families))
    closing.reconcile(stage, by=world.user, on=DAY)
    drawn = minutes.draw_up(stage, **about)
    data = minutes.minutes_data(stage, TAPIN, on=DAY, minutes=drawn)
    assert (data.place, data.on_words, data.months) == (
        "Kab. Tapin",
        "Jumat, 20 Juni 2025",
        "April 2025 sampai Juni 2025",
    )
    assert (data.figures[0].idr, data.figures[0].words) == (1_200_000, "satu juta dua ratus ribu rupiah")
    assert [row.label for row in data.by_district] == ["Kec. Tapin Tengah"]
    assert data.balanced
    half = minutes.record_signing(drawn, office_signed_on=DAY, bank_signed_on=None, by=world.user)
    assert not half.signed
    assert minutes.record_signing(drawn, office_signed_on=None, bank_signed_on=DAY, by=world.user).signed


def test_held_money_counts_until_it_is_released(world: World, families: list[Family], stage: Stage) -> None:
    with pytest.raises(Refused, match="Tulis alasan penahanan"):
        holding.hold(stage, [families[0].pk], why="", by=world.user, on=DAY)
    assert holding.hold(stage, [family.pk for family in families], why="ada aduan", by=world.user, on=DAY) == 2
    assert holding.hold(stage, [families[0].pk], why="sekali lagi", by=world.user, on=DAY) == 0
    assert money.of(stage).held_idr == 1_200_000
    assert holding.release(stage, [families[0].pk], why="sudah selesai", by=world.user, on=DAY) == 1
    settle(world, (families[1].pk, Outcome.CREDITED, 600_000))
    found = money.of(stage)
    assert (found.held_idr, found.credited_idr, found.unanswered_idr) == (0, 600_000, 600_000)


def test_held_money_of_a_reconciled_regency_is_not_released(world: World, families: list[Family], stage: Stage) -> None:
    holding.hold(stage, [family.pk for family in families], why="ada aduan", by=world.user, on=DAY)
    closing.reconcile(stage, by=world.user, on=DAY)
    with pytest.raises(Refused, match="Buka kembali rekonsiliasinya"):
        holding.release(stage, [families[0].pk], why="sudah selesai", by=world.user, on=DAY)
    assert money.of(stage).held_idr == 1_200_000
