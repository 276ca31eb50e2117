"""The code is signed once a year by each, and it is known by place who has not."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import ProgrammingError

from harapan.core.errors import Refused
from harapan.database.scope import Scope
from harapan.regions.codes import Level
from harapan.workforce.ethics import signing
from harapan.workforce.ethics.waiting import Errand, ethics_tasks
from harapan.workforce.models import CodeSignature, Person, Step
from harapan.workforce.taking_on import take_on
from tests.workforce.ethics_ground import DAY, TAPIN, TAPIN_TENGAH, Court, make_court


@pytest.fixture
def court(system: Scope) -> Court:
    return make_court()


def test_a_facilitator_signs_from_their_own_scope_once_a_year(court: Court) -> None:
    with court.acting(court.ani):
        person = signing.person_of(court.ani.user)
        assert person == court.person
        first = signing.sign_code(person, version="2022", by=court.ani.user, on=DAY)
        assert signing.sign_code(person, version="2022", by=court.ani.user, on=date(2025, 6, 1)) == first
        again = signing.sign_code(person, version="2022", by=court.ani.user, on=date(2026, 1, 2))
    assert (first.year, first.signed_on, again.year) == (2025, DAY, 2026)


def test_an_old_version_and_somebody_elses_name_are_refused(court: Court) -> None:
    with court.acting(court.katim):
        with pytest.raises(Refused, match="Naskah 2020 tidak berlaku lagi"):
            signing.sign_code(court.person, version="2020", by=court.katim.user, on=DAY)
        with pytest.raises(Refused, match="ditandatangani ANI sendiri"):
            signing.sign_code(court.person, version="2022", by=court.katim.user, on=DAY)
        made = signing.sign_code(court.person, version="2022", by=court.katim.user, on=DAY, paper="L/7")
    assert (made.paper, made.recorded_by_id) == ("L/7", court.katim.user_id)


def test_nobody_signs_for_another_past_the_actions(court: Court) -> None:
    other = Person.objects.get(user=court.lead.user)
    row = CodeSignature(
        person=other, region_no=other.region_no, year=2025, version="2022", signed_on=DAY, recorded_by=court.ani.user
    )
    with court.acting(court.ani), pytest.raises(ProgrammingError, match="row-level security"):
        row.save(force_insert=True)


def test_who_has_not_signed_by_place(court: Court) -> None:
    take_on("BPNT", region_no=TAPIN_TENGAH, since=date(2024, 1, 1), kind=Person.Kind.BPNT)
    gone = take_on("PERGI", region_no=TAPIN_TENGAH, since=date(2024, 1, 1))
    Person.objects.filter(pk=gone.pk).update(until=date(2025, 1, 1))
    signing.sign_code(court.person, version="2022", by=court.ani.user, on=DAY)
    with court.acting(court.province):
        (row,) = [
            each for each in signing.by_region(court.province, DAY, level=Level.REGENCY) if each.region_no == TAPIN
        ]
        assert (row.bound, row.signed, row.missing) == (3, 1, 2)
    with court.acting(court.katim):
        missing = signing.bound(court.katim, DAY).filter(signed=False)
        assert sorted(missing.values_list("name", flat=True)) == ["KATIM TAPIN", "KETUA TENGAH"]


def test_what_waits_for_whom(court: Court) -> None:
    def errands(post: object, on: date = DAY) -> dict[Errand, int]:
        with court.acting(post):  # type: ignore[arg-type]
            return {each.what: each.waits.count for each in ethics_tasks(post, on=on)}  # type: ignore[arg-type]

    assert errands(court.ani) == {Errand.SIGN: 1}
    assert errands(court.katim) == {Errand.SIGN: 1, Errand.UNSIGNED: 3}
    assert errands(court.katim, date(2025, 1, 20)) == {Errand.SIGN: 1}
    court.walk(Step.SUMMONED)
    assert errands(court.ani)[Errand.CALLED] == 1
    assert errands(court.katim)[Errand.HANDLE] == 1
    assert Errand.HANDLE not in errands(court.judge)
    court.walk(Step.HEARD)
    assert errands(court.judge)[Errand.HANDLE] == 1
