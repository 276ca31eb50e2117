"""Every sample file comes in end to end, in the order a data officer would take them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harapan.accounts.models import Post
from harapan.intake.models import ImportRun, OpeningFigure
from harapan.registry.models import ComponentSpell, Facility, Family, Group, Member, PaymentAccount
from harapan.verification.models import FacilityMonth, Observation
from tests.intake.conftest import Bring, answers

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"


@pytest.fixture
def sample(bring: Bring, officer: Post):
    def bring_sample(name: str, layout: str, **options: object) -> ImportRun:
        return bring((SAMPLES / name).read_bytes(), layout=layout, post=officer, **options)

    return bring_sample


@pytest.fixture
def listed(sample) -> ImportRun:
    return sample("beneficiaries.xlsx", "beneficiaries")


def test_the_ministrys_list(listed: ImportRun, sample) -> None:
    assert (listed.rows, listed.accepted, listed.refused) == (12, 12, 0), answers(listed)
    again = sample("beneficiaries.csv", "beneficiaries")
    assert (again.unchanged, again.refused) == (12, 0), answers(again)
    assert Family.objects.count() == 12


@pytest.mark.parametrize("name", ["caseload.xlsx", "caseload-merged.xlsx"])
def test_a_facilitators_workbook(listed: ImportRun, sample, name: str) -> None:
    run = sample(name, "caseload")
    assert (run.rows, run.accepted, run.refused) == (12, 12, 0), answers(run)
    assert Group.objects.exclude(pk=0).count() >= 1
    assert not Family.objects.filter(group_id=0).exists()
    assert PaymentAccount.objects.exclude(number=None).count() == 12
    assert OpeningFigure.objects.filter(kind="amount").count() == 12
    assert Member.objects.filter(group_no=0).count() == 0


def test_the_other_copy_of_a_workbook_changes_nothing(listed: ImportRun, sample) -> None:
    sample("caseload.xlsx", "caseload")
    run = sample("caseload-merged.xlsx", "caseload")
    assert run.unchanged == 12, answers(run)


def test_the_component_sheet(listed: ImportRun, sample) -> None:
    run = sample("components.xlsx", "components", stage="2025-2")
    assert (run.rows, run.accepted, run.refused) == (27, 27, 0), answers(run)
    assert ComponentSpell.objects.count() == 27
    assert Member.objects.filter(born_on=None).count() == 0


def test_the_form_of_a_school(listed: ImportRun, sample) -> None:
    sample("components.xlsx", "components", stage="2025-2")
    run = sample("verification-school.csv", "verification-school")
    assert (run.rows, run.accepted, run.refused) == (11, 11, 0), answers(run)
    school = Facility.objects.get(code="30305001")
    assert (school.name, school.level) == ("SDN TATAKAN 1", "SD")
    months = FacilityMonth.objects.filter(facility=school).order_by("month")
    assert [(m.month, m.effective_days, m.evidence) for m in months] == [
        (202504, 22, "none"), (202505, 20, "none"), (202506, 18, "none"),
    ]  # fmt: skip
    assert ComponentSpell.objects.filter(facility=school).count() == 11
    first = Observation.objects.get(member__name="FADILAH FADILAH", month=202504)
    assert (first.absent_days, first.sick_days, first.present_days) == (0, 1, 21)
    assert not Observation.objects.filter(member__name="FADILAH FADILAH", month=202506).exists()  # full presence
    again = sample("verification-school.csv", "verification-school")
    assert again.unchanged == 11
    assert "sudah dibawa masuk" in again.notice


def test_the_banks_answers(listed: ImportRun, sample) -> None:
    run = sample("settlement.csv", "settlement", stage="2025-2")
    assert (run.rows, run.accepted, run.refused) == (12, 12, 0), answers(run)
