"""How long the ministry's list takes to be brought in, row by row answered, and two lists to be compared.

A list of invented families of one province is written as xlsx in the ministry's nineteen columns, rehearsed, written,
written for the next stage with one row in twenty different, and both are compared.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from harapan.accounts.models import Post, User
from harapan.benefits import compare
from harapan.benefits.actions import stage_named
from harapan.database.scope import Scope, put_on
from harapan.exchange.layouts import layout
from harapan.intake.actions import bring_in
from harapan.regions.models import Region

KALIMANTAN_SELATAN = 6_300_000_000
TODAY = date(2025, 6, 1)
CHANGED_EACH = 20


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    report = {"rows": chosen.rows, "steps": list(measured(chosen.rows))}
    report["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if chosen.json:
        sys.stdout.write(json.dumps(report) + "\n")
        return
    for step in report["steps"]:
        sys.stdout.write(f"{step['name']:42} {step['seconds']:8.2f} s  {step['answer']}\n")
    sys.stdout.write(f"{'peak memory':42} {report['peak_rss_mb']:8} MB\n")


def measured(rows: int) -> Iterator[dict[str, Any]]:
    user, post = officer()
    codec = layout("beneficiaries")
    first = codec.render(listed(rows, stage="1"), form="xlsx")
    second = codec.render(listed(rows, stage="2", changed_each=CHANGED_EACH), form="xlsx")

    def bring(contents: bytes, stage: str, commit: bool) -> Callable[[], Any]:
        return lambda: bring_in(
            contents,
            name=f"{stage}.xlsx",
            layout="beneficiaries",
            stage=stage,
            commit=commit,
            by=user,
            post=post,
            on=TODAY,
        )

    scope = post.scope(actor=user.pk, via="bench")
    for name, deed in (
        ("rehearse 2025-1", bring(first, "2025-1", False)),
        ("commit 2025-1", bring(first, "2025-1", True)),
        ("commit 2025-2, 1 row in 20 differs", bring(second, "2025-2", True)),
    ):
        start = time.perf_counter()
        with put_on(scope):
            run = deed()
        seconds = time.perf_counter() - start
        told = f"{run.accepted} new, {run.changed} changed, {run.unchanged} unchanged, {run.refused} refused"
        yield {"name": name, "seconds": round(seconds, 2), "answer": told}
    start = time.perf_counter()
    with put_on(scope, read_only=True):
        one, two = stage_named("2025-1"), stage_named("2025-2")
        total = compare.total(one, two)
        districts = compare.totals(one, two, by="district")
        found = compare.rows(one, two)
    told = f"{total.amount} amounts differ, {len(districts)} districts, first {len(found)} families"
    yield {"name": "compare both", "seconds": round(time.perf_counter() - start, 2), "answer": told}


def officer() -> tuple[User, Post]:
    """Somebody who may bring lists in for the whole province."""
    with put_on(Scope.batch()):
        user = User.objects.filter(username="bench").first() or User.objects.create_user("bench", name="Ukur")
        post = Post.objects.filter(user=user).first()
        if post is None:
            post = Post.objects.create(user=user, role_code="operator", since=date(2020, 1, 1))
    return user, post


def listed(rows: int, *, stage: str, changed_each: int = 0) -> Iterator[dict[str, Any]]:
    """Invented rows in the ministry's layout, the same families in every stage."""
    chance = random.Random(7)
    villages = list(Region.objects.inside(KALIMANTAN_SELATAN).filter(level=4).order_by("no").values_list("no", "name"))
    first_names, second_names = (
        ("NORHAYATI", "SITI", "RUSMINI", "SALASIAH", "JUMIATI"),
        ("AMINAH", "SARI", "YANTI", "MILA"),
    )
    for number in range(rows):
        village, village_name = villages[number % len(villages)]
        district = village // 10_000
        born = f"{chance.randint(1, 28) + 40:02}{chance.randint(1, 12):02}{chance.randint(50, 99):02}"
        amount = chance.choice((225_000, 375_000, 500_000, 600_000, 750_000, 975_000, 1_850_000))
        if changed_each and number % changed_each == 0:
            amount += 150_000
        yield {
            "beneficiary_id": f"{6300_0000_0000 + number}", "kk": f"{district}010108{6001 + number % 3900:04}",
            "nik": f"{district}{born}{6001 + number // len(villages):04}",
            "name": f"{chance.choice(first_names)} {chance.choice(second_names)}", "province": "KALIMANTAN SELATAN",
            "regency": "", "district": "", "village": village_name, "village_code": str(village), "stage": stage,
            "programme": "PKH", "bank": "BRI", "address": "JL. UTAMA", "rt": "001", "rw": "002", "hamlet": "",
            "directorate": "JSK", "wave": "1", "amount_idr": amount,
        }  # fmt: skip
