"""A regency's officer brings in the regency's own families; of the rest of the nation a list tells nothing."""

from __future__ import annotations

import json

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.database.scope import put_on
from harapan.intake.models import ImportRow, ImportRun
from harapan.registry.models import Family
from tests.intake.conftest import Bring, answers, row

MARTAPURA = {
    "regency": "BANJAR", "district": "", "village": "", "village_code": "6303062002",
}  # fmt: skip


def test_rows_of_another_regency_are_refused(bring: Bring, officer: Post) -> None:
    with put_on(officer.scope(actor=officer.user_id)):
        run = bring([row(1), row(2, **MARTAPURA)], post=officer)
        assert (run.accepted, run.refused) == (1, 1), answers(run)
        assert "di luar" in answers(run)[3]
        assert run.region_no == officer.region_nos[0]


def test_a_family_registered_elsewhere_is_refused_counted_and_logged(
    bring: Bring, officer: Post, stranger: Post
) -> None:
    bring([row(1, **MARTAPURA)], post=stranger)
    for same in ({}, {"beneficiary_id": "630588888888888"}, {"beneficiary_id": "", "nik": "0"}):
        with put_on(officer.scope(actor=officer.user_id)):
            run = bring([row(1, **same), row(2)], post=officer, commit=False)
            assert run.refused == 1, answers(run)
            assert "terdaftar di tempat lain" in answers(run)[2]
            assert run.answers.get(line=2).family_id is None
    entries = Entry.objects.filter(verb="import.registered_elsewhere")
    assert [json.loads(entry.body) for entry in entries] == [{"lines": 1}] * 3
    assert entries[0].actor == officer.user_id


def test_an_iddtks_of_another_regency_is_not_taken_over(bring: Bring, officer: Post, stranger: Post) -> None:
    bring([row(1, **MARTAPURA)], post=stranger)
    with put_on(officer.scope(actor=officer.user_id)):
        bring([row(2)], post=officer)
        run = bring([row(2, beneficiary_id=row(1)["beneficiary_id"])], post=officer)
        assert (run.refused, run.changed) == (1, 0), answers(run)


def test_a_list_moves_a_family_only_within_the_officers_regency(bring: Bring, officer: Post) -> None:
    bring([row(1)])
    with put_on(officer.scope(actor=officer.user_id)):
        run = bring([row(1, **MARTAPURA)], post=officer)
        assert run.refused == 1
    assert Family.objects.get().region_id == 6305032009


def test_another_officer_sees_neither_run_nor_answers(bring: Bring, officer: Post, stranger: Post) -> None:
    with put_on(officer.scope(actor=officer.user_id)):
        bring([row(1), row(2, name="")], post=officer)
        assert (ImportRun.objects.count(), ImportRow.objects.count()) == (1, 2)
    with put_on(stranger.scope(actor=stranger.user_id)):
        assert (ImportRun.objects.count(), ImportRow.objects.count(), Family.objects.count()) == (0, 0, 0)


def test_a_stage_not_there_yet_needs_the_right_to_plan(bring: Bring, officer: Post) -> None:
    with put_on(officer.scope(actor=officer.user_id)):
        run = bring([row(1)], post=officer)
        assert run.accepted == 1
