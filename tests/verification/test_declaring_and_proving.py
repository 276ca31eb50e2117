"""Every month starts unverified; a tap declares it, and only evidence proves it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.accounts.models import User
from harapan.core.errors import Refused
from harapan.database.scope import Scope
from harapan.registry.models import ComponentSpell, Facility, Group, Member
from harapan.verification.actions import (
    PupilMark,
    Word,
    declare_all_present_except,
    prove,
    receive_school_form,
)
from harapan.verification.declaring import declared_for, units_of
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
    month, _spoken = declare_all_present_except(
        school, APRIL, [Mark(pupils[0], APRIL, absent_days=4)], members=pupils, by=siti, effective_days=22
    )
    assert (month.declared_by, month.proven, month.manner) == (siti, False, "all_but")
    assert Observation.objects.get().absent_days == 4


def test_declaring_again_replaces_the_exceptions(siti: User, school: Facility, pupils: list[int]) -> None:
    declare_all_present_except(school, APRIL, [Mark(pupils[0], APRIL, absent_days=4)], members=pupils, by=siti)
    declare_all_present_except(school, APRIL, [Mark(pupils[1], APRIL, outcome=2)], members=pupils, by=siti)
    assert Observation.objects.values_list("member_id", "outcome").get() == (pupils[1], 2)
    assert FacilityMonth.objects.count() == 1


def test_nothing_is_proven_that_nobody_declared(siti: User, school: Facility) -> None:
    with pytest.raises(NothingDeclared, match="April 2025 di SDN Hiyung 1"):
        prove(school, APRIL, evidence=Evidence.VISIT, note="kunjungan 3 Mei", by=siti)


def test_evidence_is_named(siti: User, school: Facility, pupils: list[int]) -> None:
    declare_all_present_except(school, APRIL, [], members=pupils, by=siti)
    with pytest.raises(Refused, match="Sebutkan buktinya"):
        prove(school, APRIL, evidence=Evidence.VISIT, by=siti)
    proven = prove(school, APRIL, evidence=Evidence.VISIT, note="kunjungan 3 Mei", by=siti)
    assert (proven.proven, proven.proven_by, proven.evidence_note) == (True, siti, "kunjungan 3 Mei")


def test_what_is_proven_is_not_declared_over(siti: User, school: Facility, pupils: list[int]) -> None:
    declare_all_present_except(school, APRIL, [], members=pupils, by=siti)
    prove(school, APRIL, evidence=Evidence.CONFIRMATION, note="kepala sekolah", by=siti)
    with pytest.raises(MonthProven, match="konfirmasi fasilitas"):
        declare_all_present_except(school, APRIL, [Mark(pupils[0], APRIL, absent_days=9)], members=pupils, by=siti)
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


@pytest.fixture
def colleagues(system: Scope, school: Facility) -> dict[str, int]:
    """A pupil of the own group with a mate, and one of a colleague's group, all at this school."""
    groups = [Group.objects.create(name=f"Melati {number}", region_id=HIYUNG) for number in (1, 2)]
    found = {}
    for name, group in (("ours", groups[0]), ("mate", groups[0]), ("theirs", groups[1])):
        home = family(name)
        home.group = group
        home.save()
        member = Member.objects.create(family=home, name=name, name_key=name.upper(), born_on=date(2016, 1, 1))
        ComponentSpell.objects.create(
            family=home, member=member, component=3, spell=DateRange(date(2024, 1, 1), None), source="list",
            facility=school,
        )  # fmt: skip
        found[name] = member.pk
    return found


def spoken_for(school: Facility, month: int, member: int) -> bool:
    """Whether the member's own group was declared."""
    return units_of([member])[member] in declared_for([school], {month}).get((school.pk, month), {})


def test_nobody_speaks_for_a_colleagues_pupils(siti: User, school: Facility, colleagues: dict[str, int]) -> None:
    own = [colleagues["ours"], colleagues["mate"]]
    declare_all_present_except(school, APRIL, [Mark(own[0], APRIL, absent_days=4)], members=own, by=siti)
    assert [spoken_for(school, APRIL, colleagues[name]) for name in ("ours", "mate", "theirs")] == [True, True, False]
    yanti = User.objects.create_user("yanti", name="Yanti")
    declare_all_present_except(school, APRIL, [], members=[colleagues["theirs"]], by=yanti)
    assert Observation.objects.get().member_id == own[0]  # the colleague's word takes nothing back
    said = {row.declared_by.username for row in declared_for([school], {APRIL})[school.pk, APRIL].values()}
    assert said == {"siti", "yanti"}


def test_group_mates_who_were_not_named_stay_unknown(siti: User, school: Facility, colleagues: dict[str, int]) -> None:
    mark = PupilMark(7, Mark(colleagues["ours"], APRIL, 0, 0, 0, 22))
    receive_school_form(school, {APRIL: 22}, [mark], by=siti)
    left = Observation.objects.get()
    assert (left.member_id, left.outcome) == (colleagues["mate"], Observation.Outcome.UNKNOWN)
    named = [mark, PupilMark(8, Mark(colleagues["mate"], APRIL, 0, 0, 0, 22))]
    assert receive_school_form(school, {APRIL: 22}, named, by=siti) == {7: Word.SAME, 8: Word.CHANGED}
    assert not Observation.objects.exists()
    receive_school_form(school, {APRIL: 22}, [mark], by=siti)
    assert not Observation.objects.exists()  # what was said of the mate stands


def test_only_who_may_prove_speaks_for_others_once_a_month_is_proven(
    siti: User, school: Facility, colleagues: dict[str, int]
) -> None:
    own, others = [colleagues["ours"], colleagues["mate"]], [colleagues["theirs"]]
    declare_all_present_except(school, APRIL, [], members=own, by=siti)
    proven = prove(school, APRIL, evidence=Evidence.SIGNED_FORM, note="formulir 3 Mei", by=siti)
    late = [Mark(others[0], APRIL, absent_days=9)]
    with pytest.raises(MonthProven):
        declare_all_present_except(school, APRIL, late, members=others, by=siti)
    form = [PupilMark(7, mark) for mark in late]
    assert receive_school_form(school, {APRIL: 22}, form, by=siti) == {7: Word.PROVEN}
    assert not spoken_for(school, APRIL, others[0])
    changed = [Mark(own[0], APRIL, absent_days=9), *late]
    declare_all_present_except(school, APRIL, changed, members=[*own, *others], by=siti, completes=True)
    assert Observation.objects.get().member_id == others[0]  # those already declared keep what was proven
    assert spoken_for(school, APRIL, others[0])
    proven.refresh_from_db()
    assert (proven.declared_by, proven.manner) == (siti, "all_but")
    with pytest.raises(MonthProven):
        declare_all_present_except(school, APRIL, late, members=others, by=siti, completes=True)
