"""Who brings lists in, and lists to bring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connections

from harapan.accounts.models import Post, User
from harapan.database.scope import Scope
from harapan.exchange.beneficiaries import codec as beneficiaries
from harapan.intake.actions import bring_in
from harapan.intake.models import ImportRun

TAPIN = 6_305_000_000
BANJAR = 6_303_000_000
HIYUNG = "6305032009"
TODAY = date(2025, 5, 20)


def row(number: int = 1, **changes: Any) -> dict[str, Any]:
    """One line of the ministry's list about family `number`, as the centre would write it."""
    return {
        "beneficiary_id": f"63050{number:010}",
        "kk": f"630502010101{number:04}",
        "nik": f"630502660273{number:04}",
        "name": f"RUSMINI {number}",
        "province": "KALIMANTAN SELATAN", "regency": "TAPIN", "district": "TAPIN TENGAH", "village": "HIYUNG",
        "village_code": HIYUNG, "stage": "2", "programme": "PKH", "bank": "BRI", "address": "JL. HIYUNG",
        "rt": "004", "rw": "003", "hamlet": "", "directorate": "JSK", "wave": "1", "amount_idr": 975_000,
    } | changes  # fmt: skip


@pytest.fixture
def operator(system: Scope) -> Post:
    user = User.objects.create_user("operator", name="Operator")
    return Post.objects.create(user=user, role_code="operator", since=date(2020, 1, 1))


@pytest.fixture
def officer(system: Scope) -> Post:
    """The data officer of Kab. Tapin."""
    user = User.objects.create_user("apd-tapin", name="Siti APD")
    return Post.objects.create(user=user, role_code="data_officer", region_nos=[TAPIN], since=date(2020, 1, 1))


@pytest.fixture
def stranger(system: Scope) -> Post:
    """The data officer of Kab. Banjar."""
    user = User.objects.create_user("apd-banjar", name="Rudi APD")
    return Post.objects.create(user=user, role_code="data_officer", region_nos=[BANJAR], since=date(2020, 1, 1))


Bring = Callable[..., ImportRun]


@pytest.fixture
def bring(operator: Post) -> Bring:
    """Bring in rows of the ministry's list, or the bytes of any file, and commit, unless told otherwise."""

    def bring(source: Any, *, layout: str = "beneficiaries", post: Post = operator, **options: Any) -> ImportRun:
        raw = source if isinstance(source, bytes) else beneficiaries.render(source, form="csv")
        given = {"stage": "2025-2" if layout == "beneficiaries" else "", "commit": True, "on": TODAY} | options
        return bring_in(raw, name=f"{layout}.csv", layout=layout, by=post.user, post=post, **given)

    return bring


def answers(run: ImportRun) -> dict[int, str]:
    """Line -> its verdict and words."""
    return {a.line: f"{a.get_verdict_display()}: {a.words}" for a in run.answers.order_by("line")}


def table_counts() -> dict[str, int]:
    """How many rows each table about families holds."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND relname ~ '^(registry|verification|benefits|payments|intake_o)'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
        return counts
