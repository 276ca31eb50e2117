"""Differences on NIK, KK and names: put before a person, never overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from harapan.database.fields import Sealed, draw_ids
from harapan.database.sealing import seal
from harapan.database.staging import staged
from harapan.registry.models import Family, Member, PaymentAccount, Question


@dataclass(slots=True)
class Asked:
    """A difference for a person to decide: numbers in full, which are sealed into the question."""

    family_id: int
    field: str  # nik, kk, name, account or card
    ours: str
    theirs: str
    member_id: int | None = None


_ASK = """
    INSERT INTO registry_question (id, family_id, region_no, group_id, member_id, field, ours, theirs, source, asked_at,
                                   why)
    SELECT a.id, a.family_id, f.region_no, f.group_id, a.member_id, a.field, a.ours, a.theirs, %s, now(), ''
    FROM asked a JOIN registry_family f ON f.id = a.family_id"""
ASKED_COLUMNS = {
    "id": "bigint", "family_id": "bigint", "member_id": "bigint", "field": "text", "ours": "bytea", "theirs": "bytea",
}  # fmt: skip


def ask(questions: Sequence[Asked], *, source: str) -> list[Asked]:
    """Put differences before a person. One asked before, open or decided, is not asked again. Returns the new ones."""
    if not questions:
        return []
    before = _asked_before({question.family_id for question in questions})
    new = [each for each in questions if (each.family_id, each.member_id, each.field, each.theirs) not in before]
    rows = (_asked_row(each, number) for each, number in zip(new, draw_ids(Question, len(new)), strict=True))
    with staged("asked", ASKED_COLUMNS, rows) as cursor:
        cursor.execute(_ASK, [source])
    return new


def _asked_before(family_ids: set[int]) -> set[tuple[int, int | None, str, str]]:
    asked = Question.objects.filter(family_id__in=family_ids)
    return {(each.family_id, each.member_id, each.field, each.theirs.open()) for each in asked if each.theirs}


def _asked_row(question: Asked, number: int) -> tuple[Any, ...]:
    ours, theirs = (
        seal(value, kind="text", table="registry_question", row_id=number) for value in (question.ours, question.theirs)
    )
    return (number, question.family_id, question.member_id, question.field, ours, theirs)


def ours_in_full(questions: Sequence[Asked]) -> list[Asked]:
    """The same questions with our own numbers opened from the rows they are about. Three statements at most."""
    asked = {field: {q.family_id for q in questions if q.field == field} for field in ("kk", "account", "card")}
    managers = {q.member_id for q in questions if q.field == "nik" and q.member_id}
    ours: dict[tuple[str, int | None], Sealed | None] = {}
    for family in Family.objects.filter(pk__in=asked["kk"]) if asked["kk"] else ():
        ours["kk", family.pk] = family.kk
    for member in Member.objects.filter(pk__in=managers) if managers else ():
        ours["nik", member.pk] = member.nik
    paid = asked["account"] | asked["card"]
    for account in PaymentAccount.objects.filter(family_id__in=paid, spell__upper_inf=True) if paid else ():
        ours["account", account.family_id], ours["card", account.family_id] = account.number, account.card
    return [_opened(question, ours) for question in questions]


def _opened(question: Asked, ours: dict[tuple[str, int | None], Sealed | None]) -> Asked:
    of = question.member_id if question.field == "nik" else question.family_id
    number = ours.get((question.field, of))
    return question if number is None else replace(question, ours=number.open())
