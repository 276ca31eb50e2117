"""Records that a check visit found made up are a matter of ethics; a finding by itself never is."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import User
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.performance import words
from harapan.performance.models import Finding, Result
from harapan.performance.queries import own_check, seen
from harapan.workforce.ethics.reporting import Record, forward
from harapan.workforce.models import EthicsEvidence

OFFENCE = "false_data"


def may_be_referred(finding: Finding) -> bool:
    """Only what somebody went to see, and found made up."""
    check = own_check(finding)
    return check is not None and check.result == Result.MADE_UP


def refer_finding(finding_id: int, *, by: User, on: date) -> int:
    """Open a case about the finding's person; returns its number in the database. Raises Refused."""
    with atomic():
        finding = Finding.objects.select_related("person").filter(pk=finding_id).first()
        if finding is None or not may_be_referred(finding):
            raise Refused("Temuan diteruskan hanya bila kunjungan cek menemukan catatannya dibuat-buat.")
        said = f"{words.INDICATORS[finding.indicator].title}: {seen(finding)} Kunjungan cek: {Result.MADE_UP.label}."
        record = Record(EthicsEvidence.Kind.FINDING, finding.pk, said)
        return forward(
            record, accused=finding.person, offence=OFFENCE, by=by, on=on, region_no=finding.region_no
        )  # fmt: skip
