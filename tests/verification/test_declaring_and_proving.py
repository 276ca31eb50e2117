"""Every month starts unverified; a tap declares it, and only evidence proves it."""

from __future__ import annotations

from datetime import date

import pytest

from harapan.accounts.models import User
from harapan.core.errors import Refused
from harapan.database.scope import Scope
from harapan.registry.models import Facility, Member
from harapan.verification.actions import (
    PupilMark,
    Word,
    declare_all_present_except,
    prove,
    receive_school_form,
)
from harapan.verification.errors import MonthProven, NothingDeclared
from harapan.verification.models import Evidence, FacilityMonth, Observation
from harapan.verification.observing import Mark
from tests.ground import HIYUNG, family

APRIL, MAY = 202504, 202505


@pytest.fixture
def siti(system: Scope) -> User:
    return User.objects.create_user("siti", name="Siti")


@pytest.fixture
def school(system: Scope) -> Facility:
    return Facility.objects.create(
        kind="school", code="30305001", name="SDN Hiyung 1", name_key="SDN HIYUNG 1", region_id=HIYUNG
    )


@pytest.fixture
def pupils(system: Scope) -> list[int]:
    home = family("Rusmini")
    return [
        Member.objects.create(family=home, name=name, name_key=name, region_no=HIYUNG, born_on=date(2016, 1, 1)).pk
        for name in ("ALIA", "BUDI")
    ]


def test_one_tap_declares_a_month_and_stays_a_declaration(siti: User, school: Facility, pupils: list[int]) -> None:
    month = declare_all_present_except(
        school, APRIL, [Mark(pupils[0], APRIL, absent_days=4)], by=siti, effective_days=22
    )
    assert (month.declared_by, month.proven, month.manner) == (siti, False, "all_but")
    assert Observation.objects.get().absent_days == 4


def test_declaring_again_replaces_the_exceptions(siti: User, school: Facility, pupils: list[int]) -> None:
    declare_all_present_except(school, APRIL, [Mark(pupils[0], APRIL, absent_days=4)], by=siti)
    declare_all_present_except(school, APRIL, [Mark(pupils[1], APRIL, outcome=2)], by=siti)
    assert Observation.objects.values_list("member_id", "outcome").get() == (pupils[1], 2)
    assert FacilityMonth.objects.count() == 1


def test_nothing_is_proven_that_nobody_declared(siti: User, school: Facility) -> None:
    with pytest.raises(NothingDeclared, match="April 2025 di SDN Hiyung 1"):
        prove(school, APRIL, evidence=Evidence.VISIT, note="kunjungan 3 Mei", by=siti)


def test_evidence_is_named(siti: User, school: Facility) -> None:
    declare_all_present_except(school, APRIL, [], by=siti)
    with pytest.raises(Refused, match="Sebutkan buktinya"):
        prove(school, APRIL, evidence=Evidence.VISIT, by=siti)
    proven = prove(school, APRIL, evidence=Evidence.VISIT, note="kunjungan 3 Mei", by=siti)
    assert (proven.proven, proven.proven_by, proven.evidence_note) == (True, siti, "kunjungan 3 Mei")


def test_what_is_proven_is_not_declared_over(siti: User, school: Facility, pupils: list[int]) -> None:
    declare_all_present_except(school, APRIL, [], by=siti)
    prove(school, APRIL, evidence=Evidence.CONFIRMATION, note="kepala sekolah", by=siti)
    with pytest.raises(MonthProven, match="konfirmasi fasilitas"):
        declare_all_present_except(school, APRIL, [Mark(pupils[0], APRIL, absent_days=9)], by=siti)
    assert Observation.objects.count() == 0


def test_a_form_is_new_then_the_same_then_changed(siti: User, school: Facility, pupils: list[int]) -> None:
    def form(april_absent: int) -> dict[int, Word]:
        marks = [
            PupilMark(7, Mark(pupils[0], APRIL, april_absent, 0, 0, 22 - april_absent)),
            PupilMark(7, Mark(pupils[0], MAY, 0, 0, 0, 20)),
            PupilMark(8, Mark(pupils[1], APRIL, 0, 0, 0, 22)),
        ]
        return receive_school_form(school, {APRIL: 22, MAY: 20}, marks, by=siti)

    assert form(3) == {7: Word.NEW, 8: Word.NEW}
    assert form(3) == {7: Word.SAME, 8: Word.SAME}
    assert form(5) == {7: Word.CHANGED, 8: Word.SAME}
    assert form(0) == {7: Word.CHANGED, 8: Word.SAME}
    assert Observation.objects.count() == 0
    assert FacilityMonth.objects.get(month=APRIL).effective_days == 22
