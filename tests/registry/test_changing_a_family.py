"""What a person decides about one family: fields, questions, numbers in full, groups."""

from __future__ import annotations

from datetime import date

import pytest

from harapan.accounts.models import Post, User
from harapan.audit.log import traces_of
from harapan.core.errors import Refused, Unreadable
from harapan.database.scope import Scope, put_on
from harapan.registry.actions import (
    NotYours,
    assign_facilitator,
    change_family,
    decide_question,
    note,
    open_number,
)
from harapan.registry.models import Family, Group, Member, Question
from tests.ground import HIYUNG, HSS, TAPIN, family

TODAY = date(2025, 5, 20)


@pytest.fixture
def officer(system: Scope) -> User:
    return User.objects.create_user("apd", name="Siti APD")


@pytest.fixture
def rusmini(system: Scope) -> Family:
    return family("Rusmini", kk="6305021608156220")


@pytest.fixture
def manager(rusmini: Family) -> Member:
    return Member.objects.create(
        family=rusmini, name="Rusmini", name_key="RUSMINI", nik="6305026602731932", manager=True, region_no=HIYUNG
    )


def question(of: Family, field: str, ours: str, theirs: str, member: Member | None = None) -> Question:
    return Question.objects.create(
        family=of, member=member, field=field, ours=ours, theirs=theirs, source="list", region_no=of.region_id
    )


def test_a_corrected_field_stands_on_the_fields_word(rusmini: Family, officer: User) -> None:
    changed = change_family(
        rusmini.pk, name="Rusmini N.", phone="0812 3456 7890", by=officer, on=TODAY, why="salah eja"
    )
    assert (changed.name, changed.name_key) == ("Rusmini N.", "RUSMINI N")
    stored = Family.objects.get()
    assert stored.phone.open() == "+6281234567890"
    assert stored.sources["phone"] == ["field", "2025-05-20"]
    assert "family.corrected" in {trace.verb for trace in traces_of("family", rusmini.pk)}


def test_a_number_that_cannot_be_is_refused(rusmini: Family, officer: User) -> None:
    with pytest.raises(Unreadable, match="16"):
        change_family(rusmini.pk, kk="123", by=officer, on=TODAY)
    with pytest.raises(Refused, match="Nama tidak boleh kosong"):
        change_family(rusmini.pk, name=" ", by=officer, on=TODAY)
    with pytest.raises(Refused, match="dtks_id"):
        change_family(rusmini.pk, dtks_id="1", by=officer, on=TODAY)


def test_a_note_is_written_by_whoever_visits(rusmini: Family, officer: User) -> None:
    note(rusmini, text="Rumah di belakang balai desa", by=officer, on=TODAY)
    assert Family.objects.get().note == "Rumah di belakang balai desa"


def test_a_family_outside_the_scope_is_not_there(rusmini: Family, officer: User) -> None:
    with put_on(Scope.of_ranges((HSS,), actor=officer.pk)), pytest.raises(NotYours):
        change_family(rusmini.pk, rt="001", by=officer, on=TODAY)


@pytest.mark.parametrize("take", [True, False])
def test_a_question_is_decided_once(rusmini: Family, manager: Member, officer: User, take: bool) -> None:
    asked = question(rusmini, "nik", "6305026602731932", "6305024107861939", manager)
    decide_question(asked.pk, take=take, by=officer, on=TODAY, why="sesuai KTP")
    manager.refresh_from_db()
    assert manager.nik.open() == ("6305024107861939" if take else "6305026602731932")
    assert manager.born_on == (date(1986, 7, 1) if take else None)
    with pytest.raises(Refused, match="sudah diputuskan"):
        decide_question(asked.pk, take=True, by=officer, on=TODAY)


def test_a_name_taken_over_is_also_the_managers(rusmini: Family, manager: Member, officer: User) -> None:
    decide_question(question(rusmini, "name", "Rusmini", "Misnah").pk, take=True, by=officer, on=TODAY)
    manager.refresh_from_db()
    assert (Family.objects.get().name, manager.name, manager.name_key) == ("Misnah", "Misnah", "MISNAH")


def test_a_nik_another_person_bears_is_not_taken(rusmini: Family, manager: Member, officer: User) -> None:
    other = family("Hayati")
    Member.objects.create(family=other, name="Hayati", name_key="HAYATI", nik="6305026602731939", region_no=HIYUNG)
    asked = question(rusmini, "nik", "6305026602731932", "6305026602731939", manager)
    with pytest.raises(Refused, match="sudah tercatat pada Hayati"):
        decide_question(asked.pk, take=True, by=officer, on=TODAY)


def test_a_number_is_opened_only_with_a_reason_that_stays(rusmini: Family, officer: User) -> None:
    with pytest.raises(Refused, match="alasan"):
        open_number(rusmini.kk, family=rusmini, why=" ", by=officer)
    assert open_number(rusmini.kk, family=rusmini, why="mencocokkan KTP", by=officer) == "6305021608156220"
    traces = traces_of("family", rusmini.pk)
    assert ("number.opened", "mencocokkan KTP") in {(trace.verb, trace.why) for trace in traces}


def test_groups_go_from_one_facilitator_to_another(rusmini: Family, officer: User) -> None:
    posts = [
        Post.objects.create(user=User.objects.create_user(name, name=name), role_code="facilitator", since=TODAY)
        for name in ("hartati", "yanti")
    ]
    group = Group.objects.create(name="Melati", region_id=HIYUNG)
    for post in posts:
        assign_facilitator([group.pk], post.user, by=officer, on=TODAY)
    for post in posts:
        post.refresh_from_db()
    assert [post.groups for post in posts] == [[], [group.pk]]
    group.refresh_from_db()
    assert group.facilitator == posts[1].user
    with put_on(Scope.of_ranges((HSS,), actor=officer.pk)), pytest.raises(NotYours):
        assign_facilitator([group.pk], posts[0].user, by=officer, on=TODAY)
    with put_on(Scope.of_ranges((TAPIN,), actor=officer.pk)):
        assign_facilitator([group.pk], posts[0].user, by=officer, on=TODAY)
