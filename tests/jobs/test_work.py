"""Long work is asked for in a transaction, done once with the asker's scope, and tells how far it is."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app

from harapan.accounts.models import Post, User
from harapan.accounts.working import acting_as
from harapan.core.errors import Refused
from harapan.database import places
from harapan.database.scope import Scope, active_alias, current, put_on
from harapan.jobs import actions
from harapan.jobs.actions import Overtaken, ask, finish, progress, working
from harapan.jobs.models import Work
from harapan.jobs.queue import ScopedConnector
from tests.ground import TAPIN
from tests.jobs.server import worker_environment

ROOT = Path(__file__).resolve().parents[2]


@working("tests.do")
def do(work: Work, *, what: str) -> None:
    if what == "refuse":
        raise Refused("Berkas itu kosong. Pilih berkas lain.")
    if what == "break":
        raise ZeroDivisionError
    with acting_as(work) as scope:
        assert current() == scope
        progress(work, done=3, total=10, message="baris ketiga")


@pytest.fixture
def asker(system: Scope) -> Post:
    user = User.objects.create(username="apd", name="Rahmi")
    return Post.objects.create(user=user, role_code="data_officer", region_nos=[TAPIN[0]], since=date(2020, 1, 1))


def asked(post: Post, what: str = "work") -> Work:
    with put_on(post.scope(actor=post.user_id)):
        return ask(do, asked_by=post.user_id, post_no=post.pk, what=what)


def carried_out(work: Work) -> Work:
    args = waiting()[-1]
    assert args["work_id"] == work.pk
    do(**args)
    work.refresh_from_db()
    return work


def waiting() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = 'tests.do' AND status = 'todo' ORDER BY id"
        )
        return [json.loads(args) for (args,) in cursor.fetchall()]


def test_work_is_done_with_the_askers_scope(asker: Post) -> None:
    work = carried_out(asked(asker))
    assert (work.state, work.done, work.total, work.percent, work.attempt) == ("done", 10, 10, 100, 1)
    assert work.finished_at is not None


def test_a_rolled_back_request_queues_nothing(asker: Post) -> None:
    with contextlib.suppress(Refused), transaction.atomic():
        asked(asker)
        raise Refused("tidak jadi")
    assert waiting() == []
    assert not Work.objects.exists()


def test_a_refusal_becomes_the_words_of_the_work(asker: Post) -> None:
    work = carried_out(asked(asker, "refuse"))
    assert (work.state, work.message) == ("failed", "Berkas itu kosong. Pilih berkas lain.")


def test_a_surprise_fails_in_words_and_is_raised_on(asker: Post) -> None:
    work = asked(asker, "break")
    with pytest.raises(ZeroDivisionError):
        carried_out(work)
    work.refresh_from_db()
    assert (work.state, work.message) == ("failed", actions.SURPRISE)


def test_work_whose_post_has_ended_is_refused(asker: Post) -> None:
    work = asked(asker)
    Post.objects.filter(pk=asker.pk).update(until=date(2021, 1, 1))
    work = carried_out(work)
    assert (work.state, "sudah berakhir" in work.message) == ("failed", True)


def test_work_that_ended_is_not_done_again(asker: Post) -> None:
    work = carried_out(asked(asker))
    do(work_id=work.pk, what="break")
    work.refresh_from_db()
    assert (work.state, work.attempt) == ("done", 1)


def test_an_attempt_overtaken_cannot_finish(asker: Post) -> None:
    work = asked(asker)
    old = actions._claim(work.pk)
    assert old is not None
    assert actions._claim(work.pk) is not None
    with pytest.raises(Overtaken):
        finish(old)
    progress(old, done=9, total=10)
    actions.fail(old, "terlambat")
    work.refresh_from_db()
    assert (work.state, work.done, work.message) == ("running", 0, "")


def test_only_the_asker_sees_the_work(asker: Post) -> None:
    asked(asker)
    for actor, seen in ((asker.user_id, 1), (asker.user_id + 1, 0)):
        for scope in (Scope.of_ranges((TAPIN,), actor=actor), Scope.nation(actor=actor), Scope.common(actor=actor)):
            with put_on(scope):
                assert Work.objects.count() == seen


def test_a_result_is_named_by_its_file(asker: Post) -> None:
    work = actions._claim(asked(asker).pk)
    assert work is not None
    result = uuid.uuid4()
    finish(work, message="12 baris", result=result)
    work.refresh_from_db()
    assert (work.result, work.message, work.ended) == (result, "12 baris", True)


# From here on with real processes and committed rows.


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Post]:
    with django_db_blocker.unblock():
        connection.close()
        _empty()
        with put_on(Scope.batch(via="test")):
            user = User.objects.create(username="apd", name="Rahmi")
            post = Post.objects.create(
                user=user, role_code="data_officer", region_nos=[TAPIN[0]], since=date(2020, 1, 1)
            )
        yield post
        connection.close()
        _empty()
        connections.close_all()


def _empty() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('harapan.actor', '0', false)")
        cursor.execute("TRUNCATE jobs_work, procrastinate_jobs, procrastinate_workers CASCADE")
        cursor.execute("DELETE FROM accounts_post")
        cursor.execute("ALTER TABLE audit_seal DISABLE TRIGGER append_only")
        cursor.execute("DELETE FROM audit_seal")
        cursor.execute("ALTER TABLE audit_seal ENABLE TRIGGER append_only")
        cursor.execute("DELETE FROM accounts_user")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    workers: list[subprocess.Popen[bytes]] = []
    own = tmp_path / "var"  # anchors and files of its own, the keys of the tests' database
    own.mkdir()
    for shared in ("keys", "secrets"):
        (own / shared).symlink_to(places.folder(shared))

    def started() -> subprocess.Popen[bytes]:
        with (tmp_path / f"worker-{len(workers)}.log").open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "tests.jobs.slow_worker", "--beat", "0.3", "--stale", "1.5"],
                cwd=ROOT,
                env=worker_environment() | {"SLOW_FOLDER": str(tmp_path), "HARAPAN_VAR": str(own)},
                stdout=log,
                stderr=log,
            )
        workers.append(worker)
        return worker

    yield started
    for worker in workers:
        with contextlib.suppress(ProcessLookupError):
            worker.kill()
        worker.wait()


@app.task(name="tests.slow")
def slow(*, work_id: int, name: str) -> None:
    """Stands for the worker's task of this name."""


def until(holds: Callable[[], bool], *, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def state(work: Work) -> str:
    with put_on(Scope.batch(via="test")):
        work.refresh_from_db()
    return work.state


def made() -> list[str]:
    with put_on(Scope.batch(via="test")):
        return list(User.objects.filter(name="buatan").values_list("username", flat=True))


def test_a_job_whose_worker_was_killed_is_done_once_by_another(
    committed: Post, start: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    with put_on(committed.scope(actor=committed.user_id)):
        work = ask(slow, asked_by=committed.user_id, post_no=committed.pk, name="buatan")
    first = start()
    until((tmp_path / "half-1").exists)
    assert (state(work), work.done, work.message) == ("running", 1, "setengah jalan")  # seen before it commits
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    second = start()
    until((tmp_path / "half-2").exists)
    (tmp_path / "go").touch()
    until(lambda: state(work) == "done")
    assert made() == ["buatan-2"]
    second.terminate()
    assert second.wait(15) == 0


def test_a_job_that_lost_two_workers_is_given_up_in_words(
    committed: Post, start: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    with put_on(committed.scope(actor=committed.user_id)):
        work = ask(slow, asked_by=committed.user_id, post_no=committed.pk, name="buatan")
    for attempt in (1, 2):
        worker = start()
        until((tmp_path / f"half-{attempt}").exists)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    start()
    until(lambda: state(work) == "failed")
    assert work.message == actions.STOPPED_TWICE
    assert made() == []


def test_a_worker_seals_the_log(committed: Post, start: Callable[[], subprocess.Popen[bytes]]) -> None:
    worker = start()

    def sealed() -> bool:
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM audit_seal")
            return bool(cursor.fetchone()[0])

    until(sealed, seconds=60.0)
    worker.terminate()
    assert worker.wait(15) == 0


def test_whatever_defers_does_so_on_the_connection_of_the_scope(system: Scope) -> None:
    """The tests have one login; where there are several, a job on another would outlive its transaction."""
    assert isinstance(app.job_manager.connector, ScopedConnector)
    assert app.job_manager.connector is app.connector
    with put_on(Scope.batch(via="test")):
        assert app.job_manager.connector.connection is connections[active_alias()]
