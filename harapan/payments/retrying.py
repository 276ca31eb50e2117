"""Asking that failed or returned money be paid again; `ordering.draw_retries` takes the requests up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Mode, Stage, State
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.payments.enums import Standing
from harapan.payments.models import Claim, RetryRequest

AGAIN = (Standing.FAILED, Standing.UNDELIVERED, Standing.RETURNED)


def ask(stage: Stage, families: Iterable[int], *, why: str, by: User | None, on: date) -> int:
    """Ask for another attempt for these families; give how many were not asked for already.

    Families whose latest attempt did not fail or come back are left out; raises Refused when that leaves nobody.
    """
    if not why.strip():
        raise Refused("Alasan bayar ulang masih kosong. Tulis apa yang sudah diperbaiki; PPK akan membacanya.")
    with atomic():
        stage = Stage.objects.select_for_update().get(pk=stage.pk)
        if stage.mode != Mode.COMPUTED or stage.state != State.INSTRUCTED:
            raise Refused(
                f"Bayar ulang hanya untuk tahap yang dihitung di sini dan sedang diperintahkan; tahap {stage.name} "
                f"{State(stage.state).label.lower()}."
            )
        claims = list(
            Claim.objects.filter(stage=stage, family_id__in=set(families), standing__in=AGAIN).select_related("family")
        )
        if not claims:
            raise Refused(
                "Tidak ada pembayaran yang gagal atau kembali pada keluarga yang dipilih, jadi tidak ada yang dibayar "
                "ulang."
            )
        known = set(RetryRequest.objects.filter(stage=stage).values_list("family_id", "attempt"))
        asked = RetryRequest.objects.bulk_create(
            RetryRequest(
                stage=stage, family=claim.family, region_no=claim.family.region_id,
                group_no=claim.family.group_id or 0, attempt=claim.attempt, why=why.strip()[:300], by=by, on=on,
            )
            for claim in claims
            if (claim.family_id, claim.attempt) not in known
        )  # fmt: skip
        log.record("retry.asked", kind="stage", subject=stage.pk, why=why, body={"families": len(asked)})
    return len(asked)
