"""Whose a line is, drawn: what is on record, what the list says, what becomes of each line, and again the next time."""

from __future__ import annotations

from typing import Any

import pytest

from harapan.registry.models import Family
from tests.intake.conftest import Bring, answers, row

NOBODY = {"beneficiary_id": "", "nik": "0"}  # a line with its card alone


def line(number: int, *, card: int = 1, wave: str = "1", bare: bool = False) -> dict[str, Any]:
    """A line of person `number` on card `card`; a bare one bears neither IDDTKS nor NIK."""
    return row(number, kk=row(card)["kk"], wave=wave, **(NOBODY if bare else {"beneficiary_id": ""}))


TABLE = [
    # on record                       the list                                   each line becomes
    ("a stranger on a known card",
     [line(1, bare=True)], [line(2)], ["known"]),
    ("a stranger and a bare line on it",
     [line(1, bare=True)], [line(2), line(1, bare=True, wave="2")], ["known", "tanpa IDDTKS dan tanpa NIK"]),
    ("two strangers on it",
     [line(1, bare=True)], [line(2), line(3, wave="2")], ["bukan hanya baris ini", "bukan hanya baris ini"]),
    ("its own family and a stranger",
     [line(1)], [line(1), line(2)], ["known", "new"]),
    ("its own family and a bare line",
     [line(1)], [line(1), line(1, bare=True, wave="2")], ["known", "tanpa IDDTKS dan tanpa NIK"]),
    ("a bare line twice, for two waves",
     [line(1, bare=True)], [line(1, bare=True), line(1, bare=True, wave="2")], ["known", "known"]),
    ("two families on the card, a bare line",
     [line(1), line(2)], [line(3, bare=True)], ["2 keluarga tercatat dengan nomor KK"]),
    ("an unknown card, a person and a bare line",
     [line(9, card=9)], [line(1), line(2, bare=True, wave="2")], ["new", "new"]),
]  # fmt: skip


@pytest.mark.parametrize(("known", "listed", "becomes"), [case[1:] for case in TABLE], ids=[case[0] for case in TABLE])
def test_whose(bring: Bring, known: list[Any], listed: list[Any], becomes: list[str]) -> None:
    bring(known, stage="2025-1")
    before = set(Family.objects.values_list("pk", flat=True))
    first = bring(listed)
    found = list(first.answers.order_by("line"))
    for word, each in zip(becomes, found, strict=True):
        if word in ("known", "new"):
            assert (each.family_id in before) == (word == "known"), answers(first)
        assert word in ("known", "new") or word in each.words, answers(first)
    again = bring([*listed, row(7)])  # another file: every line is judged anew
    assert (again.accepted, again.changed, again.refused) == (1, 0, first.refused), answers(again)
    kept = {each.line: each.family_id for each in found}
    assert kept.items() <= {each.line: each.family_id for each in again.answers.all()}.items()
