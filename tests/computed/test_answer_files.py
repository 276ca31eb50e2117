"""Answers as files come in, from a bank that makes mistakes: of another stage, cut off. No rupiah moves by them."""

from __future__ import annotations

from typing import Any

import pytest

from harapan.accounts.models import Post
from harapan.benefits.models import State
from harapan.core.errors import Refused
from harapan.core.references import reference_of
from harapan.database.scope import Scope, put_on
from harapan.exchange.settlement import codec
from harapan.intake.actions import bring_in
from harapan.payments import closing, money, whole
from harapan.payments.enums import ExceptionKind
from harapan.payments.models import Order, PaymentException, SettlementFile, SettlementLine
from harapan.registry.models import PaymentAccount
from tests.benefits.world import TAPIN
from tests.computed.ground import DAY, STAGE, Ground
from tests.web.signing import person


def answers(ground: Ground, **changes: Any) -> list[dict[str, Any]]:
    """What a bank says of every order, with the account it paid into."""
    with put_on(ground.nation()):
        accounts = {each.family_id: each.number.open() for each in PaymentAccount.objects.all()}
        return [
            {"reference": reference_of(STAGE, order.family_id, order.attempt), "account": accounts[order.family_id],
             "amount_idr": order.amount_idr, "settled_on": DAY, "outcome": "credited", "bank": order.payer} | changes
            for order in Order.objects.filter(stage__name=STAGE).order_by("family_id")
        ]  # fmt: skip


def bring(ground: Ground, contents: bytes, *, name: str = "jawaban.csv") -> Any:
    by = ground.people["commitment_officer"]
    with put_on(Scope.batch(via="test")):
        post = Post.objects.get(user=by)
    with put_on(ground.nation()):
        return bring_in(contents, name=name, layout="settlement", stage=STAGE, commit=True, by=by, post=post, on=DAY)


def test_an_order_of_another_stage_is_not_booked_for_this_one(ground: Ground) -> None:
    """The family is the same, so are its account and mostly its amount: only the reference tells."""
    ground.handed_over()
    rows = answers(ground)
    rows[0]["reference"] = rows[0]["reference"].replace(STAGE, "2024-3")
    run = bring(ground, codec.render(rows, form="csv"))
    assert (run.accepted, run.refused) == (len(rows) - 1, 1)
    with put_on(ground.nation()):
        assert PaymentException.objects.get().kind == ExceptionKind.WRONG_STAGE
        assert money.of(ground.stage()).unanswered == 1


def test_a_file_for_another_stage_is_refused_whole_and_may_still_be_booked_there(ground: Ground) -> None:
    ground.handed_over()
    rows = answers(ground)
    elsewhere = codec.render(
        [row | {"reference": row["reference"].replace(STAGE, "2024-3")} for row in rows], form="csv"
    )
    with pytest.raises(Refused, match="menjawab order tahap 2024-3, bukan 2024-4"):
        bring(ground, elsewhere)
    with put_on(ground.nation()):
        assert SettlementFile.objects.count() == PaymentException.objects.count() == 0


def test_an_answer_of_a_day_to_come_is_refused_alone(ground: Ground) -> None:
    ground.handed_over()
    rows = answers(ground)
    rows[0]["settled_on"] = DAY.replace(year=DAY.year + 10)
    run = bring(ground, codec.render(rows, form="csv"))
    assert (run.accepted, run.refused) == (len(rows) - 1, 1)
    with put_on(ground.nation()):
        assert money.of(ground.stage()).unanswered == 1


def test_a_regency_brings_no_answers_to_a_stage_of_the_nation(ground: Ground) -> None:
    """What it does not see would wait for somebody, line by line, and keep the nation's stage open."""
    ground.handed_over()
    contents = codec.render(answers(ground), form="csv")
    with put_on(Scope.batch(via="test")):
        post = person("data_officer", regions=(TAPIN,))
    with put_on(post.scope(actor=post.user_id)), pytest.raises(Refused, match="yaitu pusat"):
        bring_in(
            contents, name="bri.csv", layout="settlement", stage=STAGE, commit=True, by=post.user, post=post, on=DAY
        )
    with put_on(ground.nation()):
        assert PaymentException.objects.count() == 0


@pytest.mark.parametrize("lost", [25, 60, 200])
def test_an_answer_file_that_lost_its_end_books_what_is_whole_and_hides_nothing(ground: Ground, lost: int) -> None:
    ground.handed_over()
    rows = answers(ground)
    contents = codec.render(rows, form="csv")
    bring(ground, contents[:-lost], name="terpotong.csv")
    by = ground.people["commitment_officer"]
    with put_on(ground.nation()):
        known = {row["reference"]: row["amount_idr"] for row in rows}
        for line in SettlementLine.objects.all():
            assert line.amount_idr == known[reference_of(STAGE, line.family_id, line.attempt)]
        assert money.of(ground.stage()).unanswered > 0
        with pytest.raises(Refused):
            closing.reconcile(ground.stage(), by=by, on=DAY)
    bring(ground, contents, name="utuh.csv")
    with put_on(ground.nation()):
        found = money.of(ground.stage())
        assert found.credited_idr == found.net_idr == whole.due_idr(ground.stage())
        assert SettlementLine.objects.count() == len(rows)
        whole.refuse_other_ledger(ground.stage())
    assert ground.stage().state == State.INSTRUCTED
