"""Chance mixes up keys, names and waves: rehearsal and commit agree, and a list brought in twice changes nothing."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harapan.database.scope import atomic
from harapan.exchange.beneficiaries import codec
from harapan.intake.actions import AlreadyAnswered, answer
from tests.intake.conftest import TODAY, Bring, answers, row, table_counts

KEYS = st.integers(1, 4)


@st.composite
def lines(draw: st.DrawFn) -> dict[str, Any]:
    """A line whose IDDTKS, NIK and KK may belong to three different families, or be missing."""
    dtks, nik, kk = draw(KEYS), draw(KEYS), draw(KEYS)
    return row(draw(KEYS)) | {
        "beneficiary_id": draw(st.sampled_from(["", row(dtks)["beneficiary_id"]])),
        "nik": draw(st.sampled_from(["0", row(nik)["nik"]])),
        "kk": draw(st.sampled_from([row(kk)["kk"], row(kk + 1)["kk"]])),
        "wave": draw(st.sampled_from(["1", "2"])),
        "programme": draw(st.sampled_from(["PKH", "PKH", "BPNT"])),
        "bank": draw(st.sampled_from(["BRI", "POS"])),
        "village_code": draw(st.sampled_from(["6305032009", "6305022011", "6305039999"])),
        "village": "", "district": "",
    }  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(lines(), min_size=1, max_size=6), then=st.lists(lines(), min_size=1, max_size=6))
def test_any_list_is_answered_alike_and_only_once(bring: Bring, first: list[Any], then: list[Any]) -> None:
    with contextlib.suppress(_Enough), atomic():
        bring(first)
        rehearsed = answers(bring(then, commit=False))
        assert answers(bring(then)) == rehearsed
        before = _written()
        again = bring(codec.render(then, form="xlsx"))  # other bytes, so every row is compared
        assert (again.accepted, again.changed) == (0, 0), answers(again)
        assert _written() == before
        raise _Enough


def _written() -> dict[str, int]:
    """Rows of every table but that of the lists themselves."""
    return {name: count for name, count in table_counts().items() if name != "benefits_receivedlist"}


class _Enough(Exception):
    """Takes one example back, so that the next begins with an empty registry."""


def test_a_run_that_was_written_is_not_written_again(bring: Bring, operator: Any) -> None:
    run = bring([row(1)])
    with pytest.raises(AlreadyAnswered, match="sudah selesai dibaca"):
        answer(run, commit=True, by=operator.user, on=TODAY)


def test_the_number_of_statements_does_not_grow_with_the_rows(bring: Bring) -> None:
    def statements(rows: list[dict[str, Any]]) -> int:
        ran = 0

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal ran
            ran += 1
            return execute(sql, params, many, context)

        with connections["default"].execute_wrapper(count):
            bring(rows)
        return ran

    statements([row(1)])  # regions and stages are looked up once
    few = statements([row(number) for number in range(2, 6)])
    many = statements([row(number) for number in range(6, 206)])
    assert many == few
    again_few = statements([row(number, rt="009") for number in range(2, 6)])
    again_many = statements([row(number, rt="009") for number in range(6, 206)])
    assert again_many == again_few
