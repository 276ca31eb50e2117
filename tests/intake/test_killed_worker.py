"""A worker killed in the middle of an import leaves nothing half written; the next one completes it, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from harapan.accounts.models import Post, User
from harapan.database.scope import Scope, put_on
from harapan.exchange.beneficiaries import codec
from harapan.intake import tasks
from harapan.intake.actions import receive
from harapan.intake.models import ImportRun
from harapan.jobs.models import Work
from harapan.registry.models import Family
from tests.intake.conftest import TAPIN, TODAY, row
from tests.jobs.server import worker_environment

ROOT = Path(__file__).resolve().parents[2]
ROWS = 1500  # more than a page reads at once
SECONDS_MAX = 60


@pytest.fixture
def officer(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Post]:
    """A data officer whom other processes see; everything brought in is removed again by the owner."""
    with django_db_blocker.unblock():
        with put_on(Scope.batch(via="test")):
            user = User.objects.create_user("apd-terhenti", name="Siti APD")
            post = Post.objects.create(user=user, role_code="data_officer", region_nos=[TAPIN], since=date(2020, 1, 1))
        yield post
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT set_config('harapan.actor', '0', false)")
            cursor.execute(
                "TRUNCATE intake_importrow, intake_importrun, registry_family, benefits_stage, files_storedfile,"
                " jobs_work, procrastinate_jobs CASCADE"
            )
            cursor.execute("DELETE FROM accounts_post WHERE id = %s", [post.pk])
            cursor.execute("DELETE FROM accounts_user WHERE id = %s", [user.pk])
        connections.close_all()


@contextmanager
def worker(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "harapan.jobs.worker", "--beat", "0.3", "--stale", "1.5"],
            cwd=ROOT, env=worker_environment(), stdout=out, stderr=out,
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


@contextmanager
def nobody_enrols() -> Iterator[None]:
    """Holds up every import after its families are written and before their memberships are."""
    place = connections["owner"].settings_dict
    with psycopg.connect(
        host=place["HOST"], port=place["PORT"], dbname=place["NAME"], user=place["USER"], password=place["PASSWORD"]
    ) as held:
        held.execute("LOCK TABLE registry_enrolment IN SHARE MODE")
        yield


def until(holds: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while not holds():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def waiting_for_a_lock() -> bool:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


def test_a_worker_killed_in_the_middle_is_followed_by_one_that_completes(officer: Post, tmp_path: Path) -> None:
    raw = codec.render((row(number) for number in range(1, ROWS + 1)), form="csv")
    with put_on(officer.scope(actor=officer.user_id)):
        run = receive(raw, name="besar.csv", layout="beneficiaries", stage="2025-2", by=officer.user, post=officer)
        work = tasks.answer_now_or_later(run, commit=True, by=officer.user, on=TODAY)
    assert work is not None
    first_log, second_log = tmp_path / "first.log", tmp_path / "second.log"
    with nobody_enrols(), worker(first_log) as first:
        until(waiting_for_a_lock, first_log)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    with put_on(Scope.batch(via="test")):
        assert Family.objects.count() == 0
        assert ImportRun.objects.get().state == ImportRun.State.RECEIVED
    with worker(second_log):
        until(lambda: _state(work) == Work.State.DONE, second_log)
    with put_on(Scope.batch(via="test")):
        done = ImportRun.objects.get()
        assert (done.state, done.accepted, done.answers.count()) == (ImportRun.State.COMMITTED, ROWS, ROWS)
        assert Family.objects.count() == ROWS


def _state(work: Work) -> str:
    with put_on(Scope.batch(via="test")):
        return Work.objects.get(pk=work.pk).state
