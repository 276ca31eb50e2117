"""A province of 300 families, loaded once: every planted difficulty is found by what the product itself asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from django.contrib.auth import authenticate
from django.db.models import Count, F

from harapan.accounts.models import Acting, Post, User
from harapan.accounts.roles import catalogue
from harapan.benefits import compare
from harapan.benefits.actions import stage_named
from harapan.benefits.enums import Reason
from harapan.benefits.models import Difference, Stage, StageRegency
from harapan.cli.demo import command
from harapan.core.errors import Refused
from harapan.core.numbers import read_account, read_card, read_phone
from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.demo import actions, logins
from harapan.demo.actions import AlreadyFilled, Demo
from harapan.demo.attendance import MISSED, QUARTERS, absences, said
from harapan.demo.clock import FIRST, NOW, SECOND, THIRD
from harapan.demo.difficulties import read_difficulties
from harapan.demo.lists import MinistryList
from harapan.demo.samples import REGENCY, write_files
from harapan.demo.staffing import DEMO_ADDRESS
from harapan.demo.world import World
from harapan.exchange.status.codec import CentreStatus as Word
from harapan.fieldwork.models import Candidacy, EndProposal, VisitPhotograph
from harapan.fieldwork.road_queries import counts
from harapan.intake.actions import bring_in
from harapan.payments import money
from harapan.payments.enums import ExceptionKind, Standing
from harapan.payments.models import (
    CardStep,
    CentreStatus,
    Claim,
    Handover,
    HeldCard,
    Hold,
    Minutes,
    PaymentException,
    PayoutDay,
    ReceiptQuestion,
    SaidReceipt,
)
from harapan.performance.models import CheckVisit, Finding, IntegrityRun, PersonMonth
from harapan.policy.reader import default_policy
from harapan.registry.models import (
    NO_GROUP,
    Enrolment,
    Family,
    Group,
    Member,
    OutsideFact,
    PaymentAccount,
    Question,
)
from harapan.verification.models import FacilityMonth, Observation
from harapan.workforce.models import Departure
from harapan.workforce.staff import beginning, checklist, contracts, roster

ASKED = Demo("63", 300, 1)


class TakeBack(Exception):
    """Ends the transaction of all tests here."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), suppress(TakeBack), put_on(Scope.batch(via="test")):
        try:
            yield actions.load(ASKED, say=lambda line: None)
        finally:
            day.live_in(None)
        raise TakeBack


def ids(world: World, *codes: str) -> set[str]:
    """IDDTKS of the families with these difficulties."""
    return {world.families.iddtks[row] for code in codes for row in world.planted[code]}


def dtks(rows: Iterable[Any]) -> set[str]:
    return set(Family.objects.filter(pk__in=[row.family_id for row in rows]).values_list("dtks_id", flat=True))


def standing(stage: str, code: Standing) -> set[str]:
    return dtks(Claim.objects.filter(stage__name=stage, standing=code))


# --- sums -------------------------------------------------------------------------------------------------------------


def test_everybody_is_there(world: World) -> None:
    assert (
        Family.objects.exclude(dtks_id=None).count()
        == Enrolment.objects.exclude(family__dtks_id=None).count()
        == PaymentAccount.objects.filter(spell__contains=NOW).exclude(family__dtks_id=None).count()
        == len(world.families)
    )
    nobody_knows = sum(len(world.members_of(row)) - 1 for row in world.planted["no_members"])
    known = Member.objects.exclude(family__dtks_id=None)  # candidates have no number of the centre yet
    assert known.count() == len(world.members) - nobody_knows - len(world.planted["unknown_member"])
    assert known.filter(manager=True).count() == len(world.families)


def test_new_families_stand_at_every_step_and_some_are_late(world: World) -> None:
    candidates = Candidacy.objects.all()
    told = {each.step: each for each in counts(candidates, on=NOW)}
    assert [step.name for step, each in told.items() if not each.count] == []
    assert 0 < sum(each.late for each in told.values()) < candidates.count()
    assert VisitPhotograph.objects.exclude(latitude=None).count() > 3
    assert EndProposal.objects.filter(answer=0).count() == 3


def test_the_first_stage_is_reconciled_to_the_rupiah(world: World) -> None:
    listed = MinistryList(world, FIRST)
    status = money.status(stage_named(FIRST))
    assert (status.state, status.exceptions) == ("reconciled", 0)
    assert status.money.net_idr == sum(listed.amount_idr(row) for row in listed.rows())
    assert status.money.balanced
    assert status.money.unanswered == 0
    assert Minutes.objects.count() == StageRegency.objects.filter(stage__name=FIRST).count() == 13
    assert {minutes.signed for minutes in Minutes.objects.all()} == {True, False}


def test_the_second_stage_is_open_and_partly_answered(world: World) -> None:
    listed = MinistryList(world, SECOND)
    status = money.status(stage_named(SECOND))
    assert status.state == "open"
    assert status.money.net_idr == sum(listed.amount_idr(row) for row in listed.rows())
    assert 0 < status.money.unanswered < status.money.orders / 2


# --- lists and differences --------------------------------------------------------------------------------------------


def test_the_two_lists_differ_as_planted(world: World) -> None:
    first, second = stage_named(FIRST), stage_named(SECOND)
    found: dict[str, set[str]] = {}
    for row in compare.every_row(first, second):
        for change in row.changes:
            found.setdefault(change, set()).update(dtks([row]))
    assert found["new"] == ids(world, "new")
    assert found["gone"] >= ids(world, "gone")  # others have grown out of their component
    assert found["bank"] == ids(world, "bank_changed")
    assert found["place"] == ids(world, "moved_village")
    assert found["amount"] >= ids(world, "amount_component", "amount_age", "amount_odd")


WHY = {
    "gone": {Reason.NOT_LISTED},
    "amount_cap": {Reason.CAP},
    "amount_component": {Reason.COMPONENT},
    "amount_attendance": {Reason.ATTENDANCE},
    "amount_age": {Reason.AGE, Reason.COMPONENT},  # a disability pays the same
    "amount_odd": {Reason.NOT_EXPLAINED},
    "unknown_member": {Reason.UNKNOWN_MEMBER},
    "no_members": {Reason.NO_MEMBERS},
}


def test_computing_beside_finds_the_planted_differences_and_no_others(world: World) -> None:
    differences = Difference.objects.filter(stage__name=SECOND).select_related("family")
    reasons = {each.family.dtks_id: each.reason for each in differences}
    assert set(reasons) == ids(world, *WHY)
    for code, allowed in WHY.items():
        assert {reasons[each] for each in ids(world, code)} <= set(allowed), code
    assert dtks(Difference.objects.filter(stage__name=FIRST)) == ids(world, "unknown_member", "no_members")
    assert Difference.objects.filter(stage__name=FIRST, answered_at__isnull=False).exists()


def test_what_the_list_writes_differently_became_questions(world: World) -> None:
    for code, field in (("nik_differs", "nik"), ("kk_differs", "kk"), ("name_differs", "name")):
        assert dtks(Question.objects.filter(field=field, decided_at__isnull=True)) == ids(world, code)


# --- people -----------------------------------------------------------------------------------------------------------


def test_people_and_groups_have_their_difficulties(world: World) -> None:
    assert dtks(Member.objects.filter(manager=True, died_on__isnull=False)) == ids(world, "dead_manager")
    assert set(Family.objects.filter(group=NO_GROUP).values_list("dtks_id", flat=True)) == ids(world, "no_group")
    assert Group.objects.exclude(pk=NO_GROUP).filter(facilitator=None).count() == len(world.lost_groups) > 0
    twice = Member.objects.values("nik_ix").annotate(n=Count("id")).filter(n=2).values("nik_ix")
    assert dtks(Member.objects.filter(nik_ix__in=twice)) == ids(world, "duplicate_nik")
    shared = PaymentAccount.objects.exclude(number_ix=None).values("number_ix").annotate(n=Count("id")).filter(n=2)
    assert dtks(PaymentAccount.objects.filter(number_ix__in=shared.values("number_ix"))) == ids(world, "shared_account")


def test_others_say_what_was_planted(world: World) -> None:
    facts = OutsideFact.objects
    assert dtks(facts.filter(kind="desil", value="6")) == ids(world, "desil_up")
    assert dtks(facts.filter(kind="dukcapil", value="tidak padan")) == ids(world, "nik_not_matched")
    assert dtks(facts.filter(kind="exclude", value="well_off")) == ids(world, "exclude")
    assert dtks(facts.filter(kind="exclude", value="account_failed")) == ids(world, "failed_check")
    assert dtks(Hold.objects.filter(stage__name=SECOND, by_centre=True)) == ids(world, "exclude")
    assert standing(SECOND, Standing.HELD) == ids(world, "exclude")
    assert dtks(CentreStatus.objects.filter(stage__name=SECOND, word=Word.ACCOUNT_FAILED)) == ids(world, "failed_check")


def test_numbers_read_back_clean_and_belong_to_nobody(world: World) -> None:
    channels = world.channels
    for account, card, phone in zip(channels.account, channels.card, channels.phone, strict=True):
        assert account is None or read_account(account) == (account, "", "")
        assert card is None or read_card(card).value == card
        assert phone is None or (read_phone(phone).value == phone and phone.startswith("+62860"))


# --- money ------------------------------------------------------------------------------------------------------------


def test_money_of_the_first_stage_met_every_end(world: World) -> None:
    told = Claim.objects.filter(stage__name=FIRST)
    assert standing(FIRST, Standing.UNDELIVERED) == ids(world, "undelivered")
    assert standing(FIRST, Standing.FAILED) == ids(world, "failed_dormant")
    assert standing(FIRST, Standing.RETURNED) == ids(world, "returned")
    assert standing(FIRST, Standing.TREASURY) == ids(world, "treasury")
    assert dtks(told.filter(attempt=2, standing=Standing.WITHDRAWN)) == ids(world, "second_attempt")
    named = set(told.filter(standing=Standing.UNDELIVERED).values_list("reason_code", flat=True))
    assert named >= set(default_policy().values("undelivered", on=NOW))


def test_money_of_the_second_stage_lies_in_every_age_band(world: World) -> None:
    assert standing(SECOND, Standing.BLOCKED) == ids(world, "blocked")
    bands = money.untouched(stage_named(SECOND), on=NOW)
    planted = ("untouched_fresh", "untouched_30", "untouched_60", "untouched_90", "untouched_105")
    assert [band.families for band in bands] == [len(world.planted[code]) for code in planted]


def test_answers_that_fit_nothing_wait_for_somebody(world: World) -> None:
    waiting = PaymentException.objects.open().filter(stage__name=SECOND, file__isnull=False)
    assert Counter(waiting.values_list("kind", flat=True)) == {
        ExceptionKind.NO_FAMILY: 1,
        ExceptionKind.AMOUNT: len(world.planted["wrong_amount"]),
    }
    assert dtks(waiting.filter(kind=ExceptionKind.AMOUNT)) == ids(world, "wrong_amount")
    assert PaymentException.objects.filter(file__isnull=False).exclude(closed_at=None).count() == 1


def test_handing_over_shows_each_outcome(world: World) -> None:
    said = Handover.objects.filter(stage__name=SECOND)
    assert said.filter(outcome=Handover.Outcome.RECEIVED, proof__isnull=False).exists()
    assert said.filter(outcome=Handover.Outcome.RECEIVED, proof__isnull=True).exists()
    assert said.filter(outcome=Handover.Outcome.NOT_RECEIVED).exclude(reason_code="").values("reason_code").distinct()
    assert PayoutDay.objects.filter(stage__name=SECOND).exists()
    assert HeldCard.objects.filter(resolution="").exists()
    assert HeldCard.objects.exclude(resolution="").exists()
    assert SaidReceipt.objects.exists()
    assert PaymentException.objects.open().filter(kind=ExceptionKind.SAID).exists()
    answers = set(ReceiptQuestion.objects.values_list("answer", flat=True))
    assert ReceiptQuestion.Answer.WHOLE in answers
    assert None in answers
    asked = ReceiptQuestion.objects.filter(answer__isnull=False)
    assert not asked.filter(asked_by=F("facilitator")).exists()


def test_cards_stand_at_every_step(world: World) -> None:
    latest = CardStep.objects.order_by("family_id", "-id").distinct("family_id")
    found: dict[str, set[str]] = {}
    for step in latest:
        found.setdefault(step.step, set()).update(dtks([step]))
    assert found["ordered"] == ids(world, "card_ordered")
    assert found["at_branch"] == ids(world, "card_at_branch")
    assert found["not_handed_over"] == ids(world, "card_not_handed_over")
    assert found["handed_over"]


# --- verification -----------------------------------------------------------------------------------------------------


def test_months_are_proven_declared_or_unspoken(world: World) -> None:
    told = said(world)
    assert FacilityMonth.objects.count() == sum(len(each.quarter.months) for each in told)
    assert set(FacilityMonth.objects.values_list("evidence", flat=True)) >= {"none", "form"}
    assert len(told) < len(QUARTERS) * len(world.facilities.rows)
    assert Observation.objects.count() <= sum(1 for _ in absences(world, told))
    away = Observation.objects.filter(absent_days__gte=4)
    assert dtks(away) == ids(world, *MISSED)


def test_two_months_were_looked_at_and_people_drawn(world: World) -> None:
    """So small a province has too few records for much to be found; what of June is found is its person's alone."""
    assert set(IntegrityRun.objects.values_list("month", flat=True)) == {202505, 202506}
    assert PersonMonth.objects.filter(month=202506).count() == IntegrityRun.objects.get(month=202506).people
    assert not Finding.objects.filter(month=202506, released=True).exists()
    assert not Finding.objects.filter(month=202505, released=False).exists()
    assert CheckVisit.objects.filter(month=202505).exclude(result="").exists()


def test_the_roster_shows_vacancies_newcomers_and_who_is_about_to_leave(world: World) -> None:
    nation = Post.objects.get(user__username="operator-peragaan")
    whole = roster.whole(roster.lines(nation, None, on=NOW))
    assert whole.serving == sum(worker.facilitator is not None for worker in world.staff)
    assert whole.vacant > 0
    assert whole.people["bpnt"] == whole.people["tksk"] > 0
    assert any(each.behind(NOW) for each in beginning.newcomers(nation, on=NOW))
    assert contracts.ending(nation, on=NOW).exists()
    leaving = Departure.objects.filter(kind=Departure.Kind.EXIT).select_related("person__user").first()
    assert leaving is not None
    assert leaving.person.user is not None
    work = checklist.leaver_of(leaving.person.user, post=nation, on=NOW)
    assert {item.code: bool(item.count) for item in checklist.items(work)}["groups"]


def test_every_difficulty_is_there_and_described(world: World) -> None:
    for each in read_difficulties():
        assert len(world.planted[each.code]) >= each.occurrences_min * each.size
        assert each.text.endswith(".")
        assert each.find
    rows = [row for found in world.planted.values() for row in found]
    assert len(rows) == len(set(rows))


# --- signing in -------------------------------------------------------------------------------------------------------


def test_every_role_has_a_login_and_a_code_where_it_needs_one(world: World) -> None:
    found = logins.one_per_role()
    users = {login.username: User.objects.get(username=login.username) for login in found}
    held = Post.objects.filter(user__in=users.values())
    assert set(held.values_list("role_code", flat=True)) == set(catalogue())
    for login in found:
        assert users[login.username].check_password(logins.password())
        if login.second_factor:
            device = Authenticator.objects.get(user=users[login.username]).wrap()
            assert device.validate_code(logins.current_code(login.username))
        else:
            with pytest.raises(Refused, match="tanpa kode"):
                logins.current_code(login.username)
    assert authenticate(username="data-tapin", password=logins.password())


def test_a_true_users_code_is_never_told(world: World) -> None:
    User.objects.create_user("orang-lain", name="Orang Lain", password="tidak-sama-dengan-peragaan")
    with pytest.raises(Refused, match="bukan pengguna peragaan"):
        logins.current_code("orang-lain")
    assert not User.objects.filter(email__endswith=DEMO_ADDRESS, username="orang-lain").exists()


def test_a_facilitator_sees_the_own_groups_only(world: World) -> None:
    post = Post.objects.filter(role_code="facilitator").order_by("pk").first()
    assert post is not None
    with put_on(post.scope(actor=post.user_id)):
        seen = set(Family.objects.values_list("group_id", flat=True))
    assert seen
    assert seen <= set(post.groups)
    assert Acting.objects.count() == 1


# --- again ------------------------------------------------------------------------------------------------------------


def test_another_demonstration_is_refused(world: World) -> None:
    assert actions.present() == ASKED
    with pytest.raises(AlreadyFilled, match="--fresh"):
        actions.load(ASKED, say=lambda line: None)
    with pytest.raises(AlreadyFilled):
        CliRunner().invoke(command, ["--families", "300", "--seed", "2"], catch_exceptions=False)


def test_the_sample_files_fit(world: World, tmp_path: Path) -> None:
    write_files(world, tmp_path)
    post = Post.objects.get(user__username="data-tapin")
    runs = {}
    for layout, pattern, stage in (
        ("beneficiaries", "daftar-*.xlsx", THIRD),
        ("settlement", "jawaban-*.csv", SECOND),
        ("verification-school", "verifikasi-*.csv", ""),
    ):
        (path,) = tmp_path.glob(pattern)
        with put_on(Scope.of_ranges(post.ranges, actor=post.user_id)):
            runs[layout] = bring_in(path, layout=layout, stage=stage, by=post.user, post=post, on=NOW)
    assert all(run.rows and not run.refused for run in runs.values())
    assert Stage.objects.count() == 2  # rehearsed, not written
    assert all(post.region_nos == [REGENCY] for _ in runs)
