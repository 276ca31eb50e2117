"""Another process that does a step of the stage and is killed, as by a power cut, at a place that the test names.

Processes that die are forked from one that has the program loaded and has never spoken to the database: starting each
afresh took longer than the step. That one has a single thread, or a child could wait for ever for a lock that another
thread held when it was forked: OpenBLAS and Arrow's allocator begin threads as soon as they are imported, unless told.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import IO, NamedTuple

from django.db import connections

from harapan.benefits.alone import LOCK_SPACE
from tests.computed.ground import DAY, STAGE, Ground
from tests.jobs.server import worker_environment

TRIES = 100
ALONE = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import json, os, signal, sys, traceback
from datetime import date
from importlib import import_module
import django
import psutil
import pyarrow as pa
django.setup()
from harapan.benefits import freezing, running
from harapan.benefits.models import Stage
from harapan.engine.plan import plan
from harapan.policy.reader import default_policy
from harapan.database.scope import Scope, put_on
from harapan.exchange.settlement.words import Outcome
from harapan.payments import checking, files, ordering
from harapan.payments.models import Instruction, Order
from harapan.payments.rows import SettlementRow
from harapan.payments.settling import receive_settlement

def die_at(place, when, calls):
    module, _, path = place.partition(":")
    *owners, attribute = path.split(".")
    owner = import_module(module)
    for each in owners:
        owner = getattr(owner, each)
    true, seen = getattr(owner, attribute), 0

    def dying(*given, **named):
        nonlocal seen
        seen += 1
        last = seen == calls
        if last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        made = true(*given, **named)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return made

    setattr(owner, attribute, dying)

def do(step, name, actor, on):
    on = date.fromisoformat(on)
    with put_on(Scope.batch(via="test")):
        stage = Stage.objects.get(name=name)
        instruction = Instruction.objects.select_related("stage").filter(stage=stage).last()

    def settle():
        with put_on(Scope.nation(actor=actor, via="test")):
            orders = list(Order.objects.filter(stage=stage).order_by("family_id"))
            rows = [SettlementRow(line, order.family_id, Outcome.CREDITED, order.amount_idr, on=on,
                                  attempt=order.attempt)
                    for line, order in enumerate(orders, start=2)]
            receive_settlement(name, rows, digest="killed", name="jawaban.csv", by=None, on=on)

    {
        "freeze": lambda: freezing.freeze(stage, actor=actor, on=on),
        "compute": lambda: running.compute(stage, actor=actor, on=on),
        "check": lambda: checking.check(stage, actor=actor, on=on),
        "instruct": lambda: ordering.draw(stage, actor=actor, on=on),
        "write": lambda: files.write_files(instruction, actor=actor, on=on),
        "settle": settle,
    }[step]()

plan(default_policy().stage("2024-4"))  # what is loaded at the first use, once for all children
pa.array([0])
import adbc_driver_postgresql.dbapi
assert psutil.Process().num_threads() == 1, "what would be forked has more than one thread"
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child == 0:
        signal.alarm(120)  # who does not come to the place ends, and says so by its status
        try:
            die_at(*asked["dies"])
            do(*asked["does"])
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class _Parent(NamedTuple):
    process: subprocess.Popen[str]
    said: IO[str]

    def ask(self, **asked: object) -> int:
        """The exit status of a child that does it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline() or 1)

    def complaint(self) -> str:
        self.said.seek(0)
        return self.said.read()[-2000:]


@cache
def _parent() -> _Parent:
    """It ends when the tests end, with its standard input."""
    said = tempfile.TemporaryFile("w+")
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=worker_environment() | ALONE, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=said, text=True,
    )  # fmt: skip
    return _Parent(process, said)


def killed(ground: Ground, step: str, place: str, *, when: str = "before", calls: int = 1) -> None:
    """Do the step in a process that dies at a call of `place` ("module:function"). Asserts that it died there."""
    ended = _parent().ask(dies=[place, when, calls], does=[step, STAGE, ground.maker, DAY.isoformat()])
    assert ended == -signal.SIGKILL, f"it did not come to {place}: {_parent().complaint()}"
    _wait_for_its_lock(ground.stage().pk)


def _wait_for_its_lock(stage_pk: int) -> None:
    """The server needs a moment to see that the process is gone."""
    with connections["owner"].cursor() as cursor:
        for _ in range(TRIES):
            cursor.execute(
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s",
                [LOCK_SPACE, stage_pk],
            )
            if cursor.fetchone() is None:
                return
            time.sleep(0.1)
    raise AssertionError("the lock of a killed process is still held")
