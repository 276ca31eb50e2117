"""The auditor's page: what was frozen and computed by whom, computing again, and the pack to take away."""

from __future__ import annotations

import io
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from harapan.benefits.actions import plan
from harapan.benefits.models import Mode, Pack, Replay
from harapan.benefits.tasks import replay_stage
from harapan.core.money import rupiah
from harapan.database.scope import put_on
from harapan.engine import NAME, VERSION
from harapan.jobs.actions import give_up
from harapan.payments.tasks import pack_stage
from tests.computed.ground import DAY, STAGE, Ground
from tests.computed.test_replay import as_owner, first_due
from tests.web.signing import signed_in
from tests.web.stage_ground import words


@pytest.fixture
def auditor(ground: Ground) -> Client:
    with put_on(ground.nation("auditor")):
        return signed_in(ground.people["auditor"].posts.get())


def see(page: Client, name: str = "stage_replay", *more: Any) -> Any:
    return page.get(reverse(name, args=[STAGE, *more]))


def ask(page: Client, name: str) -> Any:
    return page.post(reverse(name, args=[STAGE]), follow=True)


def work(ground: Ground, kind: type[Replay] | type[Pack], task: Any) -> Any:
    """What the worker would do next."""
    with put_on(ground.nation("auditor")):
        row = kind.objects.latest("id")
    task(work_id=row.work_no, row_id=row.pk)
    return row


def test_it_shows_what_was_frozen_and_computed_by_whom(ground: Ground, auditor: Client) -> None:
    run = ground.approved()
    page = words(see(auditor))
    assert "<mark>belum pernah dihitung ulang</mark>" in page
    for told in (run.output_sha256, run.snapshot.manifest_sha256, "Commitment Officer", "SK 123/SK/2024",
                 f"{NAME} {VERSION}"):  # fmt: skip
        assert told in page


def test_computed_again_in_the_background_and_kept(ground: Ground, auditor: Client) -> None:
    ground.computed()
    assert "Hitung ulang dimulai." in words(ask(auditor, "stage_replay_begin"))
    ask(auditor, "stage_replay_begin")  # a double click
    with put_on(ground.nation("auditor")):
        assert Replay.objects.count() == 1
    assert 'role="progressbar"' in words(see(auditor, "stage_replay_progress"))
    row = work(ground, Replay, replay_stage)
    assert see(auditor, "stage_replay_progress").status_code == 303
    page = words(see(auditor))
    assert "Hasil hitung ulang terakhir <mark>identik</mark>" in page
    assert "Auditor" in page
    with put_on(ground.nation("policy_maker")):
        another = signed_in(ground.people["policy_maker"].posts.get())
        kept = Replay.objects.get(pk=row.pk)
    assert kept.output_sha256 in words(see(another))


def test_one_whose_worker_was_given_up_makes_room_for_the_next(ground: Ground, auditor: Client) -> None:
    ground.computed()
    ask(auditor, "stage_replay_begin")
    with put_on(ground.nation("auditor")):
        lost = Replay.objects.get()
    give_up(lost.work_no)
    assert "dua kali terhenti" in words(see(auditor))
    ask(auditor, "stage_replay_begin")
    row = work(ground, Replay, replay_stage)
    with put_on(ground.nation("auditor")):
        lost.refresh_from_db()
        row.refresh_from_db()
    assert row.pk != lost.pk
    assert row.identical is True
    assert "dua kali terhenti" in lost.refusal


def test_what_differs_is_shown(ground: Ground, auditor: Client) -> None:
    run = ground.computed()
    row = first_due(run, ground)
    as_owner(f"UPDATE benefits_entitlement SET net_idr = 1 WHERE run_id = {run.pk} AND family_id = {row.family_id}")
    ask(auditor, "stage_replay_begin")
    work(ground, Replay, replay_stage)
    page = words(see(auditor))
    assert "<mark>1 baris berbeda</mark>" in page
    assert f"keluarga {row.family_id}" in page
    assert rupiah(row.net_idr) in page


def test_a_refusal_is_shown_with_the_file(ground: Ground, auditor: Client) -> None:
    run = ground.computed()
    ask(auditor, "stage_replay_begin")
    (run.snapshot.folder / "members-0000.parquet").unlink()
    work(ground, Replay, replay_stage)
    page = words(see(auditor))
    assert "Tidak selesai" in page
    assert "members-0000.parquet" in page


def test_the_pack_is_downloaded_after_its_look_is_written(ground: Ground, auditor: Client) -> None:
    ground.computed()
    ask(auditor, "stage_pack")
    row = work(ground, Pack, pack_stage)
    assert "Unduh paket" in words(see(auditor))
    answer = see(auditor, "stage_pack_file", row.pk)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT verb FROM audit_entry WHERE subject_kind = 'pack' AND subject = %s", [row.pk])
        assert ("pack.looked",) in cursor.fetchall()
    with ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as zipped:
        assert "pack.json" in zipped.namelist()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT body::json ->> 'file' FROM audit_entry WHERE verb = 'file.opened'")
        row.refresh_from_db(using="owner")
        assert (str(row.file_id),) in cursor.fetchall()


def test_only_those_who_may(ground: Ground) -> None:
    ground.computed()
    with put_on(ground.nation("treasurer")):
        treasurer = signed_in(ground.people["treasurer"].posts.get())
    for answer in (see(treasurer), ask(treasurer, "stage_replay_begin"), ask(treasurer, "stage_pack")):
        assert answer.status_code == 404
    with put_on(ground.nation("auditor")):
        assert not Replay.objects.exists()
    assert "hitung-ulang" not in words(see(treasurer, "stage"))


def test_a_received_stage_has_none(ground: Ground, auditor: Client) -> None:
    with put_on(ground.nation()):
        plan(STAGE, mode=Mode.RECEIVED, by=ground.people["commitment_officer"], on=DAY)
    answer = see(auditor)
    assert answer.status_code == 422
    assert "diterima dari pusat" in words(answer)


def test_the_statements_do_not_grow_with_what_is_kept(ground: Ground, auditor: Client) -> None:
    ground.computed()

    def statements() -> int:
        see(auditor)
        with (
            CaptureQueriesContext(connections["default"]) as first,
            CaptureQueriesContext(connections["nation"]) as more,
        ):
            assert see(auditor).status_code == 200
        return len(first) + len(more)

    ask(auditor, "stage_replay_begin")
    work(ground, Replay, replay_stage)
    once = statements()
    for _ in range(3):
        ask(auditor, "stage_replay_begin")
        work(ground, Replay, replay_stage)
    assert statements() <= once
