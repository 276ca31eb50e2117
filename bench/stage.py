"""How long a whole computed stage takes in the database: freeze, compute, store, check, orders, files read back, audit.

The same road as pages and commands go, fsync on, as batch and as the people of the ministry. Beside it, on the same
data, three ways that others take: a loop over families through the ORM, prefetch with bulk_create, and plain SQL.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import psycopg
from django.db import connections

from bench import stage_rivals
from harapan.accounts.models import Post, User
from harapan.audit.seal import seal_all
from harapan.benefits import approving, freezing, running
from harapan.benefits.actions import open_stage, plan, stage_named
from harapan.benefits.models import Mode
from harapan.database import places
from harapan.database.scope import Scope, put_on
from harapan.demo import emptied
from harapan.payments import checking, files, ordering, treasury
from harapan.payments.models import PaymentFile, TreasuryDocument

STAGE = "2025-2"
TODAY = date(2025, 5, 20)
RIVAL_FAMILIES = 10_000  # the slow ways are measured on so many of the same families


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--families", type=int, default=1_000_000)
    parser.add_argument("--rivals", type=int, default=RIVAL_FAMILIES)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    with put_on(Scope.batch(via="bench")):
        people = ministry()
    # in a process of its own, so that its memory is not taken for the stage's
    filling = [sys.executable, "-m", "bench.run", "bench.nation", "--families", str(chosen.families)]
    subprocess.run(filling, check=True)
    emptied.empty(("payments", "benefits"))  # what an earlier measuring in a kept database left
    for name in ("snapshots", "runs"):
        shutil.rmtree(places.folder(name) / STAGE, ignore_errors=True)
    report = measured(chosen.families, people)
    report["beside"] = list(stage_rivals.measured(chosen.rivals, stage=STAGE)) if chosen.rivals else []
    if chosen.json:
        sys.stdout.write(json.dumps(report) + "\n")
        return
    for step in report["steps"]:
        sys.stdout.write(
            f"{step['name']:44} {step['seconds']:8.2f} s {step['cpu_seconds']:8.2f} s of our processor  "
            f"{step['statements']:5} statements\n"
        )
    sys.stdout.write(
        f"{'together':44} {report['seconds']:8.2f} s  {report['statements']:5} statements, {report['files']} files\n"
        f"{report['families_per_second']:,} families/s, peak {report['peak_rss_mb']} MB\n"
    )
    for rival in report["beside"]:
        times = report["families_per_second"] / rival["families_per_second"]
        ratio = f"1/{times:,.1f}" if times >= 1 else f"{1 / times:,.1f} times ours"
        sys.stdout.write(f"{rival['name']:44} {rival['families_per_second']:>10,} families/s  {ratio}\n")


def ministry() -> dict[str, User]:
    """One person for each role that a stage needs."""
    people = {}
    for role in ("commitment_officer", "policy_maker", "payment_signer", "treasurer"):
        people[role] = User.objects.filter(username=f"bench-{role}").first() or User.objects.create_user(
            f"bench-{role}", name=role
        )
        if not Post.objects.filter(user=people[role]).exists():
            Post.objects.create(user=people[role], role_code=role, since=date(2020, 1, 1))
    return people


def measured(families: int, people: dict[str, User]) -> dict[str, Any]:
    """The stage from freeze to written files, step by step."""
    maker = people["commitment_officer"]
    with put_on(Scope.nation(actor=maker.pk, via="bench")):
        stage = plan(STAGE, mode=Mode.COMPUTED, by=maker, on=TODAY)
        open_stage(stage, by=maker, on=TODAY)
    steps: list[dict[str, Any]] = []

    def timed(name: str, do: Callable[[], Any]) -> Any:
        start, begun = time.perf_counter(), time.process_time()
        with counted() as number:
            made = do()
        took, worked = time.perf_counter() - start, time.process_time() - begun
        steps.append({"name": name, "seconds": took, "cpu_seconds": worked, "statements": number[0]})
        return made

    def approve() -> None:
        with put_on(Scope.nation(actor=people["policy_maker"].pk, via="bench")):
            approving.approve(
                stage_named(STAGE), decree_no="1/SK", decree_on=TODAY, by=people["policy_maker"], on=TODAY
            )

    def papers() -> None:
        for kind, role in zip(
            TreasuryDocument.Kind, ("commitment_officer", "payment_signer", "treasurer"), strict=True
        ):
            with put_on(Scope.nation(actor=people[role].pk, via="bench")):
                treasury.issue(instruction, kind, number=str(kind), on=TODAY, by=people[role], today=TODAY)

    timed("freeze", lambda: freezing.freeze(stage, actor=maker.pk, on=TODAY))
    run = timed("compute and store", lambda: running.compute(stage, actor=maker.pk, on=TODAY))
    timed("check accounts, compare", lambda: checking.check(stage, actor=maker.pk, on=TODAY))
    timed("approve", approve)
    instruction = timed("draw orders", lambda: ordering.draw(stage, actor=maker.pk, on=TODAY))
    timed("papers of the treasury", papers)
    timed("write files, read back", lambda: files.write_files(instruction, actor=maker.pk, on=TODAY))
    timed("seal the audit", seal_all)
    with put_on(Scope.nation(via="bench"), read_only=True):
        count = PaymentFile.objects.filter(instruction=instruction).count()
    seconds, statements = (sum(step[name] for step in steps) for name in ("seconds", "statements"))
    return {
        "families": families, "families_per_second": round(families / seconds),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "statements_per_family": round(statements / families, 6), "statements": statements, "files": count,
        "seconds": round(seconds, 2), "orders": instruction.orders, "net_idr": run.net_idr,
        "output_sha256": run.output_sha256,
        "steps": [{name: round(value, 2) if isinstance(value, float) else value for name, value in step.items()}
                  for step in steps],
    }  # fmt: skip


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many statements every connection of this process runs inside the block, COPY and ADBC counted too."""
    number = [0]

    def asked(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        number[0] += 1
        return execute(sql, params, many, context)

    def counting(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            number[0] += 1
            return method(*given, **named)

        return call

    patched = [(adbc.Cursor, "execute"), (adbc.Cursor, "adbc_ingest"), (psycopg.Cursor, "copy")]
    before = [getattr(owner, name) for owner, name in patched]
    with ExitStack() as stack:
        for alias in ("default", "nation", "batch"):
            stack.enter_context(connections[alias].execute_wrapper(asked))
        for owner, name in patched:
            setattr(owner, name, counting(getattr(owner, name)))
        try:
            yield number
        finally:
            for (owner, name), method in zip(patched, before, strict=True):
                setattr(owner, name, method)
