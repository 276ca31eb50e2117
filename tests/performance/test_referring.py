"""Records that a visit found made up may be forwarded; a finding alone, or one that held, never."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from harapan.core.errors import Refused
from harapan.performance.drawing import draw_checks
from harapan.performance.models import CheckVisit, Finding, Result
from harapan.performance.referring import may_be_referred, refer_finding
from harapan.performance.running import release_due, run
from harapan.performance.visiting import Found, record_visit
from harapan.workforce.models import EthicsCase
from harapan.workforce.taking_on import take_on
from tests.benefits.world import make_world
from tests.performance.ground import AFTER, MONTH, RUN_ON, Field, make_field

DISTRICT = 6305030000


@pytest.fixture
def field(system: Any) -> Field:
    made = make_field(make_world())
    run("2025-06", actor=0, on=RUN_ON)
    release_due(on=AFTER)
    return made


def visited(field: Field, result: Result) -> Finding:
    """The copier's finding after a check visit with this result."""
    draw_checks(MONTH, size=12, random_percent=100, post=field.coordinator, by=field.coordinator.user, on=AFTER, seed=1)
    visit = CheckVisit.objects.get(person=field.copier.user)
    record_visit(visit.pk, Found(result, AFTER, "Dilihat di tempat."), by=field.coordinator.user, on=AFTER)
    return Finding.objects.filter(person=field.copier.user).earliest("pk")


def test_what_a_visit_found_made_up_opens_a_case(field: Field) -> None:
    about = take_on("PENYALIN", region_no=DISTRICT, since=date(2024, 1, 1), user=field.copier.user)
    finding = visited(field, Result.MADE_UP)
    assert may_be_referred(finding)
    number = refer_finding(finding.pk, by=field.coordinator.user, on=AFTER)
    case = EthicsCase.objects.get(pk=number)
    assert (case.person, case.offence) == (about, "false_data")
    assert "dibuat-buat" in case.evidence.get().words
    with pytest.raises(Refused, match="sudah diteruskan"):
        refer_finding(finding.pk, by=field.coordinator.user, on=AFTER)


def test_a_finding_that_held_or_that_nobody_checked_opens_none(field: Field) -> None:
    finding = Finding.objects.filter(person=field.copier.user).earliest("pk")
    with pytest.raises(Refused, match="hanya bila kunjungan cek"):
        refer_finding(finding.pk, by=field.coordinator.user, on=AFTER)
    finding = visited(field, Result.TRUE)
    assert not may_be_referred(finding)
    with pytest.raises(Refused, match="hanya bila kunjungan cek"):
        refer_finding(finding.pk, by=field.coordinator.user, on=AFTER)
    assert not EthicsCase.objects.exists()
