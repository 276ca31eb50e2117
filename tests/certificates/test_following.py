"""After a course: feedback without names, plans evaluated on their days, answers and practices for all."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from harapan.audit.models import Entry
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.regions.models import Region
from harapan.training.dated_data import statements
from harapan.training.following import practices
from harapan.training.following.feedback import give, totals
from harapan.training.following.plans import check_plan, evaluations, plans_due, write_plan
from harapan.training.following.practices import Told
from harapan.training.following.problems import answer, problems_for, raise_problem, searched
from harapan.training.models import Batch, Enrolment, FeedbackGiven, FieldProblem, FollowUpCheck, Practice
from tests.certificates.conftest import HSS, TAPIN, TODAY, School

NAMES = ("ANI", "BUDI", "CICI", "DEDI", "EKA")
GOOD = FollowUpCheck.Outcome.DONE


@pytest.fixture
def batch(school: School) -> Batch:
    for name in NAMES:
        school.staff(name, since=date(2022, 1, 3))
    made = school.batch(ends=date(2025, 2, 20))
    school.enrol(made, NAMES)
    return made


def place(school: School, batch: Batch, name: str) -> Enrolment:
    return Enrolment.objects.select_related("batch__course").get(batch=batch, person=school.people[name])


def said(points: int) -> dict[str, int]:
    return {each.code: points for each in statements(TODAY)}


def test_totals_are_shown_from_a_minimum_of_answers_on(school: School, batch: Batch) -> None:
    for number, name in enumerate(NAMES[:4]):
        give(place(school, batch, name), said(number % 4 + 1), remark=f"saran {number}", on=TODAY)
    few = totals(batch.pk, on=TODAY)
    assert (few.answers, few.least, few.lines, few.remarks) == (4, 5, (), ())
    give(place(school, batch, "EKA"), said(4), remark="", on=TODAY)
    found = totals(batch.pk, on=TODAY)
    assert found.shown
    assert found.lines[0].counts == (1, 1, 1, 2)
    assert found.lines[0].mean == 2.8
    assert found.remarks == ("saran 0", "saran 1", "saran 2", "saran 3")


def test_people_answer_once_for_themselves_and_the_log_does_not_tell_what(school: School, batch: Batch) -> None:
    ani = place(school, batch, "ANI")
    owner = school.posts["ANI"]
    with put_on(Scope.of_groups((99,), actor=owner.user_id, via="test")):
        give(ani, said(3), remark="rahasia", on=TODAY)
        with pytest.raises(Refused, match="satu kali"):
            give(ani, said(1), remark="", on=TODAY)
        assert totals(batch.pk, on=TODAY).answers == 0  # who gave it may not read it
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            _foreign(school, batch)  # in another's name
    assert FeedbackGiven.objects.count() == 1
    assert not [each for each in Entry.objects.filter(actor=owner.user_id) if "rahasia" in (each.body or "")]


def _foreign(school: School, batch: Batch) -> None:
    other = Enrolment(person=school.people["BUDI"], region_no=school.people["BUDI"].region_no, batch=batch)
    other.state = Enrolment.State.PASSED
    give(other, said(1), remark="", on=TODAY)


def test_a_form_is_whole_and_of_somebody_who_was_there(school: School, batch: Batch) -> None:
    with pytest.raises(Refused, match="semua pernyataan"):
        give(place(school, batch, "ANI"), {"useful": 3}, remark="", on=TODAY)
    with pytest.raises(Refused, match="1 sampai 4"):
        give(place(school, batch, "ANI"), said(5), remark="", on=TODAY)
    Enrolment.objects.filter(batch=batch, person=school.people["BUDI"]).update(state="absent", ended_on=None)
    with pytest.raises(Refused, match="peserta yang hadir"):
        give(place(school, batch, "BUDI"), said(3), remark="", on=TODAY)


def test_a_plan_is_evaluated_on_its_days_and_reminds_until_then(school: School, batch: Batch) -> None:
    mine = place(school, batch, "ANI")
    with put_on(Scope.of_groups((99,), actor=school.posts["ANI"].user_id, via="test")):
        plan = write_plan(mine, aim="bertemu", steps="tiap bulan", support="", on=TODAY)
        assert write_plan(mine, aim="bertemu tiap bulan", steps="x", support="", on=TODAY).pk == plan.pk
    assert list(plans_due(on=date(2025, 5, 19))) == []
    assert list(plans_due(on=TODAY)) == [plan]
    assert [(each.after_months, each.due_on) for each in evaluations(plan, on=TODAY)] == [
        (3, date(2025, 5, 20)), (6, date(2025, 8, 20)),
    ]  # fmt: skip
    by = {"note": "", "by": school.regency.user, "on": TODAY}
    with pytest.raises(Refused, match="20 Agustus 2025"):
        check_plan(plan, after_months=6, outcome=GOOD, **by)
    with pytest.raises(Refused, match="4 bulan"):
        check_plan(plan, after_months=4, outcome=GOOD, **by)
    first = check_plan(plan, after_months=3, outcome=GOOD, **by)
    assert check_plan(plan, after_months=3, outcome=FollowUpCheck.Outcome.NOT_YET, **by).pk == first.pk
    assert list(plans_due(on=TODAY)) == []
    assert list(plans_due(on=date(2025, 8, 20), person=school.people["ANI"].pk)) == [plan]
    assert list(plans_due(on=date(2025, 8, 20), person=school.people["BUDI"].pk)) == []
    with pytest.raises(Refused, match="sudah dievaluasi"):
        write_plan(mine, aim="lain", steps="x", support="", on=TODAY)


def test_a_problem_is_read_by_all_once_its_answer_is_published(school: School, batch: Batch) -> None:
    ani, budi = school.posts["ANI"].user, school.posts["BUDI"].user
    made = raise_problem("Kartu tertelan mesin ATM", "Di desa.", batch=batch, by=ani, on=TODAY)
    assert raise_problem("Kartu tertelan mesin ATM", "lagi", batch=batch, by=ani, on=TODAY).pk == made.pk
    assert list(problems_for(ani, answers=False)) == [made]
    assert list(problems_for(budi, answers=False)) == []
    by = {"by": school.province.user, "on": TODAY, "publish": True}
    with pytest.raises(Refused, match="Isi keduanya"):
        answer(made, "Bank mengganti kartu.", owner=" ", agreed_on=TODAY, **by)
    with pytest.raises(Refused, match="di luar masa"):
        answer(made, "Bank mengganti kartu.", owner="Katim", agreed_on=date(2025, 5, 21), **by)
    answer(made, "Bank mengganti kartu dalam tiga hari.", owner="Katim provinsi", agreed_on=TODAY, **by)
    rows = problems_for(budi, answers=False)
    assert [(each.owner, each.published_on) for each in rows] == [("Katim provinsi", TODAY)]
    assert list(searched(rows, "kartu mengganti")) == [made]
    assert list(searched(rows, "beras")) == []
    assert FieldProblem.objects.count() == 1


def test_a_practice_is_reviewed_by_another_and_copied_elsewhere(school: School, batch: Batch) -> None:
    ani, reviewer = school.posts["ANI"].user, school.province.user
    told = Told(Practice.Kind.INNOVATION, "Arisan P2K2", "Sepi", "Arisan", "Ramai", "PKK")
    home, other = Region.objects.get(no=TAPIN), Region.objects.get(no=HSS)
    made = practices.enter(told, region=home, by=ani, on=TODAY)
    assert practices.enter(told, region=home, by=ani, on=TODAY).pk == made.pk
    copying = {"since": TODAY, "outcome": "Ramai", "by": school.regency.user}
    with pytest.raises(Refused, match="belum ditelaah"):
        practices.copy(made, region=other, **copying)
    with pytest.raises(Refused, match="Anda masukkan sendiri"):
        practices.review(made, approved=True, remark="", by=ani, on=TODAY)
    with pytest.raises(Refused, match="perlu dilengkapi"):
        practices.review(made, approved=False, remark="", by=reviewer, on=TODAY)
    made = practices.review(made, approved=True, remark="", by=reviewer, on=TODAY)
    with pytest.raises(Refused, match="adalah asal"):
        practices.copy(made, region=home, **copying)
    practices.copy(made, region=other, **copying)
    with pytest.raises(Refused, match="sudah tercatat"):
        practices.copy(made, region=other, **copying)
    assert [each.times for each in practices.practices_for(school.posts["BUDI"].user, reviews=False)] == [1]
