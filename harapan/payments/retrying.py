"""Asking that failed or returned money be paid again; `ordering.draw_retries` takes the requests up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Mode, Stage, State
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.database.staging import staged
from harapan.payments.enums import Standing
from harapan.policy.reasons import demand_reason

AGAIN = (Standing.FAILED, Standing.UNDELIVERED, Standing.RETURNED)
_GONE_WRONG = """
    SELECT count(*) FROM asked_again t
    JOIN payments_claim c ON c.family_id = t.family_id AND c.stage_id = %(stage)s AND c.standing = ANY(%(again)s)"""
_ASK = """
    INSERT INTO payments_retryrequest (stage_id, family_id, region_no, group_id, attempt, why, by_id, "on")
    SELECT %(stage)s, f.id, f.region_no, f.group_id, c.attempt, %(why)s, %(by)s, %(on)s
    FROM asked_again t
    JOIN payments_claim c ON c.family_id = t.family_id AND c.stage_id = %(stage)s AND c.standing = ANY(%(again)s)
    JOIN registry_family f ON f.id = t.family_id
    ORDER BY f.id
    ON CONFLICT (stage_id, family_id, attempt) DO NOTHING"""


def ask(stage: Stage, families: Iterable[int], *, why: str, by: User | None, on: date) -> int:
    """Ask for another attempt for these families; give how many were not asked for already.

    Families whose latest attempt did not fail or come back are left out; raises Refused when that leaves nobody. A
    constant number of statements for any number of families.
    """
    demand_reason(why, Phrase("Tulis apa yang sudah diperbaiki sejak pembayaran gagal; PPK akan membacanya."), on=on)
    with atomic():
        stage = Stage.objects.select_for_update().get(pk=stage.pk)
        if stage.mode != Mode.COMPUTED or stage.state != State.INSTRUCTED:
            raise Refused(
                "Bayar ulang hanya untuk tahap yang dihitung di sini dan sedang diperintahkan; tahap {stage} {state}.",
                stage=stage.name,
                state=State(stage.state).label.lower(),
            )
        values: dict[str, Any] = {
            "stage": stage.pk, "again": [int(each) for each in AGAIN], "why": why.strip()[:300],
            "by": by.pk if by else None, "on": on,
        }  # fmt: skip
        with staged("asked_again", {"family_id": "bigint"}, ((family,) for family in set(families))) as cursor:
            cursor.execute(_GONE_WRONG, values)
            if not cursor.fetchone()[0]:
                raise Refused(
                    "Tidak ada pembayaran yang gagal atau kembali pada keluarga yang dipilih, jadi tidak ada yang "
                    "dibayar ulang."
                )
            cursor.execute(_ASK, values)
            asked: int = cursor.rowcount
        log.record("retry.asked", kind="stage", subject=stage.pk, why=why, body={"families": asked})
    return asked
