"""A file booked in error goes as a whole and leaves everything as it was; what rests on it holds it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from harapan.benefits.actions import stage_named
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.payments import actions, closing, money, settling
from harapan.payments.enums import Outcome, Resolution
from harapan.payments.ledger import balances
from harapan.payments.models import PaymentException, SettlementFile, SettlementLine, WithdrawnLine
from harapan.payments.rows import SettlementRow
from harapan.payments.withdrawing import withdraw
from harapan.registry.models import Family
from tests.benefits.world import BEFORE, CEMPAKA, STAGE, TAPIN, World

DAY = date(2025, 6, 2)
WHY = "berkas ini untuk tahap 2025-1"


@pytest.fixture
def families(world: World) -> list[Family]:
    found = [world.family() for _ in range(3)] + [world.family(village=CEMPAKA)]
    world.listed(dict.fromkeys(found, 600_000))
    return found


def row(line: int, family: Family | None, outcome: Outcome, on: date = DAY) -> SettlementRow:
    return SettlementRow(line, family.pk if family else None, outcome, 600_000, on)


def settle(world: World, *rows: SettlementRow, digest: str = "a", stage: str = STAGE) -> SettlementFile:
    about: dict[str, Any] = {"digest": digest, "name": f"{digest}.csv", "by": world.user, "on": DAY, "payer": "BRI"}
    return settling.receive_settlement(stage, rows, **about).file


def standing(stage: str = STAGE) -> tuple[Any, ...]:
    return money.of(stage_named(stage)), balances(stage_named(stage))


def test_everything_is_as_before_and_the_file_may_be_booked_where_it_belongs(
    world: World, families: list[Family]
) -> None:
    settle(world, row(2, families[0], Outcome.FAILED), digest="first")
    before = standing()
    world.listed(dict.fromkeys(families, 600_000), stage=BEFORE)
    rows = [row(2, families[0], Outcome.CREDITED, DAY + timedelta(1)), row(3, families[1], Outcome.CREDITED)]
    rows += [row(4, families[2], Outcome.WITHDRAWN), row(5, None, Outcome.CREDITED)]
    wrong = settle(world, *rows, digest="wrong")
    exception = PaymentException.objects.open().get(file=wrong)
    actions.match_exception(exception, family=families[3], why="orangnya ini", by=world.user, on=DAY)
    assert standing() != before
    assert withdraw(wrong, why=WHY, by=world.user, on=DAY) == 4
    assert standing() == before
    assert set(SettlementLine.objects.values_list("file__name", flat=True)) == {"first.csv"}
    assert WithdrawnLine.objects.filter(file=wrong).count() == 4
    wrong.refresh_from_db()
    assert (wrong.withdrawn_by, wrong.withdrawn_because) == (world.user, WHY)
    right = settle(world, *rows, digest="wrong", stage=BEFORE)
    assert (right.stage.name, right.booked) == (BEFORE, 3)


def test_what_it_left_unmatched_is_closed_with_it(world: World, families: list[Family]) -> None:
    file = settle(world, row(2, None, Outcome.CREDITED), row(3, families[0], Outcome.CREDITED))
    withdraw(file, why=WHY, by=world.user, on=DAY)
    assert PaymentException.objects.get().resolution == Resolution.WITHDRAWN
    settle(world, row(3, families[0], Outcome.CREDITED), digest="again")
    assert money.of(stage_named(STAGE)).credited_idr == 600_000


def test_later_answers_hold_it(world: World, families: list[Family]) -> None:
    first = settle(world, row(2, families[0], Outcome.CREDITED))
    later = settle(world, row(2, families[0], Outcome.WITHDRAWN, DAY + timedelta(1)), digest="b")
    before = standing()
    with pytest.raises(Refused, match="Untuk 1 keluarga sudah ada jawaban"):
        withdraw(first, why=WHY, by=world.user, on=DAY)
    assert standing() == before
    withdraw(later, why=WHY, by=world.user, on=DAY)
    withdraw(first, why=WHY, by=world.user, on=DAY)
    assert money.of(stage_named(STAGE)).unanswered_idr == 2_400_000
    with pytest.raises(Refused, match="sudah ditarik kembali"):
        withdraw(first, why=WHY, by=world.user, on=DAY)


def test_sums_that_stand_hold_it(world: World, families: list[Family]) -> None:
    file = settle(world, *(row(line, family, Outcome.CREDITED) for line, family in enumerate(families, 2)))
    closing.reconcile(stage_named(STAGE), region=TAPIN, by=world.user, on=DAY)
    with pytest.raises(Refused, match="sudah direkonsiliasi"):
        withdraw(file, why=WHY, by=world.user, on=DAY)
    with pytest.raises(Refused, match="Tulis alasan menarik berkas kembali"):
        withdraw(file, why=" ", by=world.user, on=DAY)


def test_half_a_file_is_never_withdrawn(world: World, families: list[Family]) -> None:
    file = settle(world, *(row(line, family, Outcome.CREDITED) for line, family in enumerate(families, 2)))
    low = CEMPAKA // 10**4 * 10**4
    with put_on(Scope.of_ranges(((low, low + 10**4),), actor=world.user.pk, via="test")):
        with pytest.raises(Refused, match=r"3 jawaban berkas “a\.csv” ada di luar wilayah kerja Anda"):
            withdraw(file, why=WHY, by=world.user, on=DAY)


def test_nobody_deletes_an_answer_otherwise(world: World, families: list[Family]) -> None:
    settle(world, row(2, families[0], Outcome.CREDITED))
    with pytest.raises(DatabaseError, match="withdraw its whole file"), transaction.atomic():
        SettlementLine.objects.all().delete()
