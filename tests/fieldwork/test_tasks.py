"""Tasks are derived from records: each kind by a case in which it is due, and the record that resolves it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.benefits.models import Stage
from harapan.benefits.waiting import laws_at_hand
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.database.scope import active_alias
from harapan.fieldwork.answering import answer_task
from harapan.fieldwork.due import Load, Task, area_of, loads_by_holder, tasks_in
from harapan.fieldwork.first_meetings import Answered, note_answers
from harapan.fieldwork.models import Invitation, PlanItem
from harapan.fieldwork.plans import accept_plan, propose_plan
from harapan.fieldwork.road import LABELS, Step, days_allowed
from harapan.fieldwork.sources import SOURCES
from harapan.fieldwork.task_kinds import default_kinds, kind_named, kinds_on
from harapan.p2k2.attending import Said as Attended
from harapan.p2k2.attending import mark_attendance
from harapan.p2k2.behaviours import Answer, answer_behaviours, default_behaviours
from harapan.p2k2.committing import answer_commitment, make_commitment
from harapan.p2k2.models import Mark
from harapan.p2k2.recording import SessionFacts, record_session
from harapan.payments.enums import Outcome
from harapan.payments.handing_over import mark_handover
from harapan.payments.handover_proof import add_reason_proof
from harapan.payments.handover_rules import Said
from harapan.payments.models import CardStep, Handover, Programme
from harapan.registry.actions import NotYours
from harapan.registry.changes import outside
from harapan.registry.models import Change, Enrolment, Facility, Family, Group, Member, Question, Source
from harapan.verification.models import Declaration, FacilityMonth, UnplacedPupil
from harapan.verification.queries import month_number
from harapan.web.work.tasks import address_of
from tests.benefits.world import BEFORE, HIYUNG, STAGE, World
from tests.fieldwork.conftest import TODAY, Field, meet
from tests.p2k2.test_photographs import picture
from tests.web.signing import person
from tests.web.stage_ground import DAY, listed, told

marked = import_module("harapan.fieldwork.migrations.0007_facility_tasks_by_stage")


def tasks(field: Field, code: str, *, on: date = TODAY) -> list[Task]:
    kind = kind_named(code)
    assert kind is not None
    return tasks_in(area_of(field.facilitator, on=on), [kind])


def names(found: list[Task]) -> set[str]:
    return {task.name for task in found}


def meeting(field: Field, on: date, marks: dict[Family, Mark]) -> None:
    facts = SessionFacts(on, time(14), time(16), "klasik-2.1", place="Rumah Bu Aminah", speaker="Siti Rahmah")
    session = record_session(field.group.pk, facts, by=field.facilitator.user, on=on)
    said = {family.pk: Attended(mark) for family, mark in marks.items()}
    mark_attendance(session.pk, said, by=field.facilitator.user, on=on)


def test_every_kind_names_a_question_and_a_page_that_exist(field: Field) -> None:
    assert len(default_kinds()) >= 15
    for kind in default_kinds():
        assert kind.query in SOURCES
        assert address_of(kind, 1, "2025-2").startswith("/")
    assert {each.query for each in default_kinds()} == set(SOURCES), "a question nobody asks"


def test_a_group_is_due_until_it_meets_this_month(field: Field) -> None:
    Group.objects.filter(pk=field.group.pk).update(candidates=True)  # where candidates wait nobody meets
    assert tasks(field, "group-meeting") == []
    Group.objects.filter(pk=field.group.pk).update(candidates=False)
    (task,) = tasks(field, "group-meeting")
    assert (task.name, task.due_on) == (field.group.name, date(2025, 5, 31))
    meeting(field, date(2025, 5, 19), {})
    assert tasks(field, "group-meeting") == []


@pytest.mark.parametrize(
    ("marks", "due"),
    [
        ((Mark.ABSENT, Mark.ABSENT), True),
        ((Mark.PRESENT, Mark.ABSENT, Mark.ABSENT), True),
        ((Mark.ABSENT, Mark.ABSENT, Mark.PRESENT), False),
        ((Mark.ABSENT, Mark.SICK), False),
        ((Mark.ABSENT,), False),
    ],
)
def test_a_family_absent_from_its_last_two_meetings_is_due(field: Field, marks: tuple[Mark, ...], due: bool) -> None:
    for place, mark in enumerate(marks):
        meeting(field, date(2025, 5, 5 + place * 5), {field.families[0]: mark})
    assert names(tasks(field, "absent-twice")) == ({"KELUARGA 0"} if due else set())


def test_a_sentence_resolves_what_no_record_does_and_only_that_occurrence(field: Field) -> None:
    for day in (5, 10):
        meeting(field, date(2025, 5, day), {field.families[0]: Mark.ABSENT})
    (task,) = tasks(field, "absent-twice")
    who = {"by": field.facilitator.user, "on": TODAY}
    with pytest.raises(Refused, match="terlalu pendek"):
        answer_task(task.subject_no, "absent-twice", task.mark, "sudah", **who)
    answer_task(task.subject_no, "absent-twice", task.mark, "Bekerja di kebun sampai akhir bulan.", **who)
    assert tasks(field, "absent-twice") == []
    meeting(field, date(2025, 5, 15), {field.families[0]: Mark.ABSENT})
    assert len(tasks(field, "absent-twice")) == 1


def test_what_a_record_resolves_takes_no_sentence(field: Field) -> None:
    with pytest.raises(Refused, match="lewat catatannya"):
        answer_task(
            field.families[0].pk, "commitment", "1", "Sudah ditanyakan kemarin.", by=field.facilitator.user, on=TODAY
        )
    with pytest.raises(NotYours):
        answer_task(
            -5, "absent-twice", "x", "Bekerja di kebun sampai akhir bulan.", by=field.facilitator.user, on=TODAY
        )


def test_a_commitment_is_due_near_its_day_until_it_is_asked_about(field: Field) -> None:
    by = field.facilitator.user
    made = make_commitment(
        field.families[0].pk, "Menimbang balita", due_on=date(2025, 5, 24), made_on=date(2025, 4, 24), by=by, on=TODAY
    )
    assert [task.due_on for task in tasks(field, "commitment")] == [date(2025, 5, 24)]
    assert tasks(field, "commitment", on=date(2025, 5, 10)) == []
    answer_commitment(made.pk, done=False, why="sibuk", asked_on=date(2025, 5, 25), by=by, on=date(2025, 5, 25))
    assert tasks(field, "commitment", on=date(2025, 6, 1)) == []
    assert len(tasks(field, "commitment", on=date(2025, 7, 1))) == 1


def test_behaviours_are_due_until_asked_and_again_after_policys_months(field: Field) -> None:
    assert len(tasks(field, "behaviours")) == 4
    code = default_behaviours()[0].code
    answer_behaviours(field.families[0].pk, {code: Answer.YES}, by=field.facilitator.user, asked=TODAY, on=TODAY)
    assert names(tasks(field, "behaviours")) == {"KELUARGA 1", "KELUARGA 2", "KELUARGA 3"}
    assert len(tasks(field, "behaviours", on=TODAY + timedelta(days=370))) == 4


def test_a_school_is_due_for_the_groups_nobody_spoke_of(field: Field) -> None:
    school = Facility.objects.create(kind="school", code="301", name="SDN Hiyung 1", name_key="SDN", region_id=HIYUNG)
    pupil = (Component.PRIMARY, {"facility": school})
    field.world.family(pupil)
    found = tasks(field, "facility-month", on=date(2025, 5, 20))
    assert [(task.name, task.mark) for task in found] == [("SDN Hiyung 1", "2025-2"), ("SDN Hiyung 1", "2025-3")]
    for month in _open_months(date(2025, 5, 20)):
        Declaration.objects.create(
            facility=school, month=month, group_no=field.group.pk, district_no=6305030000,
            manner=FacilityMonth.Manner.ALL_BUT, declared_by=field.facilitator.user,
            declared_at=datetime(2025, 5, 1, tzinfo=UTC),
        )  # fmt: skip
    assert tasks(field, "facility-month", on=date(2025, 5, 20)) == []
    (next_month,) = tasks(field, "facility-month", on=date(2025, 6, 1))
    assert next_month.mark == "2025-3"


def test_a_plan_accepted_when_a_months_task_bore_another_mark_is_not_filled_twice(field: Field) -> None:
    school = Facility.objects.create(kind="school", code="301", name="SDN Hiyung 1", name_key="SDN", region_id=HIYUNG)
    field.world.family((Component.PRIMARY, {"facility": school}))
    by: dict[str, Any] = {"by": field.facilitator.user, "on": TODAY}
    plan = propose_plan(field.worker, "2025-05", **by).plan
    accept_plan(plan.pk, **by)
    theirs = PlanItem.objects.filter(plan=plan, kind="facility-month").order_by("task_key")
    now = list(theirs.values_list("task_key", flat=True))
    assert now == [f"facility-month:{school.pk}:{stage}" for stage in ("2025-2", "2025-3")]
    for key, month in zip(now, ("2025-02", "2025-04"), strict=True):
        theirs.filter(task_key=key).update(task_key=f"facility-month:{school.pk}:{month}")
    marked.by_stage(None, SimpleNamespace(connection=connections[active_alias()]))
    assert propose_plan(field.worker, "2025-05", **by).placed == 0
    assert list(theirs.values_list("task_key", flat=True)) == now


def _open_months(on: date) -> list[int]:
    """Those over by then that the stage at hand observes, or one whose list has yet to come."""
    observed = [month for law in laws_at_hand(on=on) for month in law.observes_months]
    return [month_number(month) for month in observed if month < f"{on:%Y-%m}"]


def test_a_family_gone_from_the_list_is_asked_about_while_it_is_a_member(field: Field) -> None:
    stays, goes = field.families[:2]
    field.world.listed({stays: 500_000, goes: 500_000}, stage=BEFORE)
    field.world.listed({stays: 500_000})
    (task,) = tasks(field, "list-gone")
    assert (task.name, task.mark, task.due_on) == (goes.name, STAGE, TODAY + timedelta(days=14))
    Enrolment.objects.filter(family=goes).update(spell=DateRange(date(2024, 1, 1), TODAY))
    assert tasks(field, "list-gone") == []


def test_a_question_and_missing_data_are_due_until_they_are_settled(field: Field) -> None:
    Question.objects.create(
        family=field.families[0], field="nik", source=Source.LIST, region_no=HIYUNG, group_no=field.group.pk
    )
    assert names(tasks(field, "data-question")) == {"KELUARGA 0"}
    Question.objects.update(decided_at=datetime(2025, 5, 1, tzinfo=UTC), decided_by=field.facilitator.user, taken=True)
    assert tasks(field, "data-question") == []
    complete = field.families[1]
    assert complete.name in names(tasks(field, "data-missing"))
    complete.kk = "6305020101010001"
    complete.save()
    member = Member.objects.get(family=complete, manager=True)
    member.nik = "6305026602730009"
    member.save()
    assert complete.name not in names(tasks(field, "data-missing"))


def test_money_that_lies_and_cards_not_handed_over_are_due(field: Field) -> None:
    (family,) = listed(field.world, 1)
    told(field.world, (family, Outcome.CREDITED))
    assert tasks(field, "money-untouched", on=DAY + timedelta(days=10)) == []
    (task,) = tasks(field, "money-untouched", on=DAY + timedelta(days=40))
    assert task.name == family.name
    CardStep.objects.create(family=family, step=CardStep.Step.AT_BRANCH, on=TODAY, by=field.facilitator.user)
    assert len(tasks(field, "card")) == 1
    CardStep.objects.create(
        family=family, step=CardStep.Step.HANDED_OVER, on=TODAY, minutes_no="BA-1", minutes_on=TODAY,
        by=field.facilitator.user,
    )  # fmt: skip
    assert tasks(field, "card") == []


def test_a_lead_sees_families_nobody_meets_and_a_facilitator_none_of_them(field: Field) -> None:
    alone = field.world.family(name="SENDIRI")
    alone.group_id = 0
    alone.save()
    kind = kind_named("groupless")
    assert kind is not None
    assert kind not in kinds_on(TODAY, post=field.facilitator)
    assert names(tasks_in(area_of(field.lead, on=TODAY, groups=[]), [kind])) == {"SENDIRI"}
    assert tasks_in(area_of(field.stranger, on=TODAY, groups=[]), [kind]) == []


@pytest.mark.parametrize("code", [kind.code for kind in default_kinds()])
def test_counting_and_listing_agree_on_every_kind(field: Field, code: str) -> None:
    for day in (5, 10):
        meeting(field, date(2025, 5, day), {field.families[0]: Mark.ABSENT})
    kind = kind_named(code)
    assert kind is not None
    on = TODAY + timedelta(days=60)
    area = area_of(field.facilitator, on=on)
    listed_now = tasks_in(area, [kind])
    holders = {field.group.pk: field.facilitator.user_id}
    counted = loads_by_holder(area, [kind], holders).get(field.facilitator.user_id, {}).get(code, Load())
    assert counted == Load(len(listed_now), sum(task.due_on < on for task in listed_now))


def test_a_change_is_due_until_the_outside_has_it_and_a_list_shows_it(field: Field) -> None:
    family, asker, decider = field.families[0], field.facilitator, field.lead.user
    day = TODAY - timedelta(days=120)
    change = Change.objects.create(
        family=family, kind="leave", told={}, content_key="1", effective_on=day, state="applied", asked_by=asker.user,
        asked_on=day, decided_by=decider, decided_on=day,
    )  # fmt: skip
    assert names(tasks(field, "change-enter")) == {"KELUARGA 0"}
    assert tasks(field, "change-unreflected") == []
    outside.enter(change.pk, entered_on=day, note="usulan 118", by=asker.user, on=TODAY)
    assert tasks(field, "change-enter") == []
    (task,) = tasks(field, "change-unreflected")
    assert str(task.detail) == "Anggota pindah keluar, belum tercermin di daftar"
    assert task.due_on == day + timedelta(days=97)
    change.refresh_from_db()
    change.reflected_on, change.reflected_in = TODAY, "2025-2"
    change.save()
    assert tasks(field, "change-unreflected") == []


def test_a_child_without_a_school_is_visited(field: Field) -> None:
    family = field.families[1]
    child = Member.objects.filter(family=family, manager=False).get()
    school = Facility.objects.create(kind="school", code="3030", name="SDN 1", name_key="SDN 1", region_id=HIYUNG)
    pupil = UnplacedPupil.objects.create(
        family=family, member=child, school_year=2025, school=school, why="no_next", due_on=TODAY,
        noted_by=field.facilitator.user, noted_on=TODAY,
    )  # fmt: skip
    (task,) = tasks(field, "child-school")
    assert (task.name, task.due_on) == ("KELUARGA 1", TODAY)
    pupil.settled_on, pupil.settled_by, pupil.settled_how = TODAY, field.facilitator.user, "masuk SMPN 1"
    pupil.save()
    assert tasks(field, "child-school") == []


def test_a_candidate_is_a_task_once_the_days_of_the_step_are_over(
    world: World, village: Group, candidates: Any
) -> None:
    give = person("facilitator", regions=(6305030000,), groups=(village.pk,))
    lead = person("regency_coordinator", regions=(6305000000,))
    (one,) = candidates(1, on=date(2025, 5, 1))
    kind = kind_named("candidate-late")
    assert kind is not None
    allowed = days_allowed(Step.INVITE, on=TODAY)
    assert allowed is not None
    last = date(2025, 5, 1) + timedelta(days=allowed)
    for post in (give, lead):
        assert tasks_in(area_of(post, on=last), [kind]) == []
        (task,) = tasks_in(area_of(post, on=last + timedelta(days=1)), [kind])
        assert (task.subject_no, task.due_on, str(task.detail)) == (one.family_id, last, str(LABELS[Step.INVITE]))
    met = meet(world, village, held_on=last, on=last)
    (row,) = met.invitations.all()
    note_answers(met.pk, {row.pk: Answered(Invitation.Came.PRESENT)}, by=world.user, on=last)
    assert tasks_in(area_of(give, on=last + timedelta(days=1)), [kind]) == []
    later = last + timedelta(days=120)
    (again,) = tasks_in(area_of(give, on=later), [kind])
    assert (again.key != task.key, str(again.detail)) == (True, str(LABELS[Step.CONSENT]))
    holders = {village.pk: give.user_id}
    assert loads_by_holder(area_of(give, on=later), [kind], holders)[give.user_id][kind.code] == Load(1, 1)


def test_a_reason_without_its_document_is_a_task_until_it_is_there(field: Field) -> None:
    world, families = field.world, field.families
    world.listed(dict.fromkeys(families, 600_000))
    told(world, *((family, Outcome.CREDITED) for family in families))
    stage, by = Stage.objects.get(name=STAGE), field.facilitator.user
    kept = {(family.pk, "pkh"): Said(Handover.Outcome.NOT_RECEIVED, "refused") for family in families[:2]}
    on = date(2025, 6, 4)
    mark_handover(stage, families, kept, day=DAY, rest=True, by=by, on=on)
    assert names(tasks(field, "reason-unproven", on=on)) == {"KELUARGA 0", "KELUARGA 1"}
    add_reason_proof(stage, families[0], Programme.PKH, picture(), name="surat.jpg", by=by, on=on)
    came = {(families[1].pk, "pkh"): Said(Handover.Outcome.RECEIVED)}
    mark_handover(stage, families, came, day=date(2025, 6, 3), by=by, on=on)
    assert tasks(field, "reason-unproven", on=on) == []
