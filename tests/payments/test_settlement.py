from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harapan.benefits.actions import stage_named
from harapan.benefits.models import Stage
from harapan.benefits.verdicts import Verdict
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.payments import actions, money
from harapan.payments.enums import ExceptionKind, Outcome, Standing
from harapan.payments.ledger import ACCOUNT_OF
from harapan.payments.models import (
    Account,
    Claim,
    LedgerEntry,
    PaymentException,
    Posting,
    SettlementFile,
    SettlementLine,
)
from harapan.payments.rows import SettlementRow
from harapan.payments.settling import Settled, receive_settlement
from harapan.registry.models import Family
from tests.benefits.world import BEFORE, CEMPAKA, HIYUNG, HSS, STAGE, TAPIN, World

DAY = date(2025, 6, 2)


@pytest.fixture
def families(world: World) -> list[Family]:
    """Four families on the list with 600.000 each, one of them in another kecamatan with another facilitator."""
    found = [world.family() for _ in range(3)] + [world.family(village=CEMPAKA)]
    world.listed(dict.fromkeys(found, 600_000))
    return found


def settle(world: World, *rows: SettlementRow, digest: str = "a", stage: str = STAGE, **about: Any) -> Settled:
    return receive_settlement(stage, rows, digest=digest, name="bri.csv", by=world.user, on=DAY, **about)


def row(line: int, family: Family | None, outcome: Outcome, idr: int = 600_000, **about: Any) -> SettlementRow:
    return SettlementRow(line, family.pk if family else None, outcome, idr, about.pop("on", DAY), **about)


def test_answers_move_the_money_of_each_family(world: World, families: list[Family]) -> None:
    settled = settle(
        world,
        row(2, families[0], Outcome.CREDITED),
        row(3, families[1], Outcome.WITHDRAWN),
        row(4, families[2], Outcome.UNDELIVERED, reason="migrant_worker", note="Di luar negeri"),
    )
    assert {answer.verdict for answer in settled.answers.values()} == {Verdict.ACCEPTED}
    found = money.of(stage_named(STAGE))
    assert (found.net_idr, found.credited_idr, found.withdrawn_idr) == (2_400_000, 1_200_000, 600_000)
    assert (found.untouched_idr, found.returned_idr, found.unanswered_idr) == (600_000, 600_000, 600_000)
    (reason,) = money.undelivered(stage_named(STAGE), on=DAY)
    assert (reason.code, reason.label) == ("migrant_worker", "Bekerja di luar negeri (TKW/TKI)")


def test_the_same_file_twice_changes_nothing(world: World, families: list[Family]) -> None:
    rows = (row(2, families[0], Outcome.CREDITED), row(3, None, Outcome.CREDITED))
    settle(world, *rows)
    before = (money.of(stage_named(STAGE)), SettlementLine.objects.count(), PaymentException.objects.count())
    again = settle(world, *rows)
    assert {answer.verdict for answer in again.answers.values()} == {Verdict.UNCHANGED}
    assert (money.of(stage_named(STAGE)), SettlementLine.objects.count(), PaymentException.objects.count()) == before
    assert SettlementFile.objects.count() == 1


def test_another_file_with_the_same_answers_changes_nothing(world: World, families: list[Family]) -> None:
    settle(world, row(2, families[0], Outcome.CREDITED))
    again = settle(world, row(9, families[0], Outcome.CREDITED), digest="b")
    assert again.answers[9].verdict == Verdict.UNCHANGED
    assert SettlementLine.objects.count() == 1


def test_a_file_booked_for_one_stage_is_refused_for_another(world: World, families: list[Family]) -> None:
    world.listed({families[0]: 600_000}, stage=BEFORE)
    settle(world, row(2, families[0], Outcome.CREDITED))
    with pytest.raises(Refused, match="sudah dibukukan untuk tahap 2025-2"):
        settle(world, row(2, families[0], Outcome.CREDITED), stage=BEFORE)


def test_a_line_for_nobody_waits_in_the_regency_of_its_file(world: World, families: list[Family]) -> None:
    nik = "6305026602731932"
    settled = settle(
        world, row(2, families[0], Outcome.CREDITED), row(3, None, Outcome.CREDITED, 750_000, nik=nik, name="SITI")
    )
    assert settled.answers[3].verdict == Verdict.REFUSED
    waiting = PaymentException.objects.get()
    assert (waiting.kind, waiting.region_no, waiting.amount_idr) == (ExceptionKind.NO_FAMILY, TAPIN, 750_000)
    assert waiting.nik.open() == nik
    assert money.status(stage_named(STAGE)).exceptions == 1


@pytest.mark.parametrize(("kind", "idr"), [(ExceptionKind.WRONG_STAGE, 900_000), (ExceptionKind.NOT_LISTED, 1)])
def test_a_family_of_another_stage_is_told_apart(world: World, families: list[Family], kind: str, idr: int) -> None:
    stranger = world.family()
    world.listed({stranger: 900_000}, stage=BEFORE)
    settle(world, row(2, stranger, Outcome.CREDITED, idr))
    assert PaymentException.objects.get().kind == kind


def test_an_exception_is_matched_by_hand_and_the_money_moves(world: World, families: list[Family]) -> None:
    settle(world, row(2, None, Outcome.WITHDRAWN))
    waiting = PaymentException.objects.get()
    with pytest.raises(Refused, match="Tulis alasan menutup selisih"):
        actions.match_exception(waiting, family=families[0], why=" ", by=world.user, on=DAY)
    closed = actions.match_exception(waiting, family=families[0], why="NIK lama, dicek ke bank", by=world.user, on=DAY)
    assert (closed.family, closed.region_no, closed.is_open) == (families[0], HIYUNG, False)
    assert money.of(stage_named(STAGE)).withdrawn_idr == 600_000
    with pytest.raises(Refused, match="sudah ditutup"):
        actions.set_aside(waiting, why="dikirim dua kali", by=world.user)


def test_a_match_that_does_not_fit_is_refused_and_stays_open(world: World, families: list[Family]) -> None:
    settle(world, row(2, None, Outcome.CREDITED, 1))
    with pytest.raises(Refused, match=r"Rp600\.000"):
        actions.match_exception(
            PaymentException.objects.get(), family=families[0], why="NIK lama, dicek", by=world.user, on=DAY
        )
    assert PaymentException.objects.get().is_open


def test_a_contradiction_waits_and_may_be_overruled(world: World, families: list[Family]) -> None:
    settle(world, row(2, families[0], Outcome.CREDITED))
    settle(world, row(2, families[0], Outcome.FAILED, on=date(2025, 6, 9)), digest="b")
    waiting = PaymentException.objects.get()
    assert waiting.kind == ExceptionKind.CONTRADICTS
    actions.match_exception(waiting, family=families[0], why="ralat bank", by=world.user, on=DAY, overrule=True)
    assert Claim.objects.get(family=families[0]).standing == Standing.FAILED


def test_a_facilitator_sees_and_sums_only_her_own_families(world: World, families: list[Family]) -> None:
    settle(world, *(row(line, family, Outcome.CREDITED) for line, family in enumerate(families, start=2)))
    with put_on(Scope.of_groups((world.groups[CEMPAKA].pk,), actor=world.user.pk)):
        found = money.status(stage_named(STAGE))
        assert (found.money.families, found.money.net_idr, found.money.credited_idr) == (1, 600_000, 600_000)
        assert Claim.objects.count() == SettlementLine.objects.count() == 1
        assert [place.name for place, _ in money.by_place(stage_named(STAGE), level="district")] == [
            "Kec. Tapin Selatan"
        ]
    with put_on(Scope.of_ranges(((HSS, HSS + 10**6),), actor=world.user.pk)):
        assert money.of(stage_named(STAGE)).families == 0


def test_untouched_money_is_shown_by_age(world: World, families: list[Family]) -> None:
    for place, on in enumerate((date(2025, 2, 1), date(2025, 4, 20), DAY)):
        settle(world, row(2, families[place], Outcome.CREDITED, on=on), digest=str(place))
    bands = money.untouched(stage_named(STAGE), on=DAY)
    assert [(band.label, band.families, band.idr) for band in bands] == [
        ("0–29 hari", 1, 600_000),
        ("30–59 hari", 1, 600_000),
        ("60–89 hari", 0, 0),
        ("90–104 hari", 0, 0),
        ("105 hari atau lebih", 1, 600_000),
    ]


def test_the_number_of_statements_does_not_grow_with_the_lines(world: World) -> None:
    many = [world.family() for _ in range(42)]
    world.listed(dict.fromkeys(many, 600_000))
    counts = []
    for place, some in enumerate((many[:2], many[2:])):
        with CaptureQueriesContext(connection) as captured:
            settle(world, *(row(n, each, Outcome.CREDITED) for n, each in enumerate(some)), digest=str(place))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_posting_that_does_not_add_up_cannot_be_stored(world: World, families: list[Family]) -> None:
    with pytest.raises(IntegrityError, match="does not add up"):
        _post_one_rupiah_too_little(world)


@transaction.atomic
def _post_one_rupiah_too_little(world: World) -> None:
    posting = Posting.objects.create(stage=stage_named(STAGE), kind=Posting.Kind.SETTLEMENT, by=world.user, on=DAY)
    about = {"posting": posting, "stage": posting.stage, "region_no": TAPIN}
    LedgerEntry.objects.create(account=Account.TREASURY, idr=-600_000, **about)
    LedgerEntry.objects.create(account=Account.UNTOUCHED, idr=599_999, **about)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


LINES = st.tuples(
    st.integers(0, 3),
    st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.TREASURY]),
    st.sampled_from((600_000, 600_000, 600_000, 1)),
    st.dates(date(2025, 6, 1), date(2025, 6, 9)),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.lists(LINES, min_size=1, max_size=6), min_size=1, max_size=4))
def test_no_rupiah_vanishes_between_lists_answers_and_ledger(
    world: World, families: list[Family], files: list[list[tuple[int, Outcome, int, date]]]
) -> None:
    with transaction.atomic():
        for number, lines in enumerate(files):
            rows = [row(n, families[who], told, idr, on=on) for n, (who, told, idr, on) in enumerate(lines)]
            settle(world, *rows, digest=f"file {number}")
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            _identity_holds(stage_named(STAGE))
        transaction.set_rollback(True)


def _identity_holds(stage: Stage) -> None:
    found = money.of(stage)
    assert found.net_idr == 2_400_000
    parts = found.credited_idr + found.failed_idr + found.returned_idr + found.held_idr + found.unanswered_idr
    assert parts == found.net_idr
    assert found.unanswered_idr == found.unanswered * 600_000
    within = found.withdrawn_idr + found.untouched_idr + found.blocked_idr + found.treasury_idr
    assert within == found.credited_idr
    stood: dict[int, int] = {}
    for claim in Claim.objects.filter(stage=stage).exclude(standing=Standing.UNANSWERED):
        account = ACCOUNT_OF[Standing(claim.standing)]
        stood[account] = stood.get(account, 0) + claim.amount_idr
    posted: dict[int, int] = {}
    for entry in LedgerEntry.objects.filter(stage=stage):
        posted[entry.account] = posted.get(entry.account, 0) + entry.idr
    for account in Account:
        if account != Account.TREASURY:  # what has no answer is still there
            assert posted.get(account, 0) == stood.get(account, 0)
