"""Posts are given within the rules: level of region, dates, and roles that may not meet in one person."""

from __future__ import annotations

from datetime import date

import pytest

from harapan.accounts import actions, operator
from harapan.accounts.middleware import posts_of
from harapan.accounts.models import Acting, Post, User
from harapan.audit.models import Entry
from harapan.core.errors import Forbidden, Refused
from harapan.database import places
from harapan.database.scope import Scope, Shape, put_on
from tests.ground import HIYUNG, TAPIN, TAPIN_TENGAH, village

START, LATER, END = date(2026, 1, 1), date(2026, 6, 1), date(2027, 1, 1)


@pytest.fixture
def boss(system: Scope) -> User:
    village(HIYUNG)
    return actions.create_user("atasan", name="Atasan", by=None)


@pytest.fixture
def rahmi(boss: User) -> User:
    return actions.create_user("rahmi", name="Rahmi", by=boss, password="padi menguning 7")


def given(user: User, role_code: str, boss: User, *regions: int, **options: object) -> Post:
    return actions.give_post(user, role_code=role_code, region_nos=regions, since=START, by=boss, **options)  # type: ignore[arg-type]


def test_a_data_officer_sees_the_kabupaten(boss: User, rahmi: User) -> None:
    scope = given(rahmi, "data_officer", boss, TAPIN[0]).scope(actor=rahmi.pk)
    assert (scope.shape, scope.ranges, scope.actor, scope.on_behalf) == (Shape.REGION, (TAPIN,), rahmi.pk, None)


@pytest.mark.parametrize(
    ("role_code", "regions", "words"),
    [
        ("data_officer", (), "satu sampai 4"),
        ("data_officer", (TAPIN_TENGAH[0],), "bukan tingkat"),
        ("district_lead", (TAPIN[0],), "bukan tingkat"),
        ("auditor", (TAPIN[0],), "seluruh Indonesia"),
        ("data_officer", (6399000000,), "tidak ada dalam daftar"),
        ("juru_kunci", (), "tidak dikenal"),
    ],
)
def test_regions_must_fit_the_role(boss: User, rahmi: User, role_code: str, regions: tuple[int], words: str) -> None:
    with pytest.raises(Refused, match=words):
        given(rahmi, role_code, boss, *regions)


@pytest.mark.parametrize(
    ("one", "other"),
    [("commitment_officer", "treasurer"), ("treasurer", "payment_signer"), ("auditor", "commitment_officer")],
)
def test_incompatible_roles_never_meet(boss: User, rahmi: User, one: str, other: str) -> None:
    post = given(rahmi, one, boss)
    with pytest.raises(Refused, match="tidak boleh dirangkap"):
        given(rahmi, other, boss)
    actions.end_post(post, on=LATER, by=boss)
    actions.give_post(rahmi, role_code=other, since=LATER, by=boss)  # one after the other is allowed


def test_incompatible_roles_do_not_meet_by_acting_either(boss: User, rahmi: User) -> None:
    given(rahmi, "commitment_officer", boss)
    treasury = given(boss, "treasurer", boss)
    with pytest.raises(Refused, match="tidak boleh dirangkap"):
        actions.let_act(
            treasury, substitute=rahmi, form=Acting.Form.PLT, since=START, until=LATER, letter="1/2026", by=boss
        )


def test_a_post_ends_once_and_after_it_began(boss: User, rahmi: User) -> None:
    post = given(rahmi, "data_officer", boss, TAPIN[0])
    with pytest.raises(Refused, match="sesudahnya"):
        actions.end_post(post, on=START, by=boss)
    actions.end_post(post, on=LATER, by=boss)
    assert posts_of(rahmi, date(2026, 5, 31)) == [post]
    assert posts_of(rahmi, LATER) == []
    with pytest.raises(Refused, match="sudah berakhir"):
        actions.end_post(post, on=END, by=boss)


def test_the_same_post_is_not_given_twice(boss: User, rahmi: User) -> None:
    given(rahmi, "data_officer", boss, TAPIN[0])
    with pytest.raises(Refused, match="Akhiri dulu"):
        given(rahmi, "data_officer", boss, TAPIN[0])


def test_who_acts_for_another_is_named_with_them(boss: User, rahmi: User) -> None:
    post = given(boss, "regency_coordinator", boss, TAPIN[0])
    actions.let_act(post, substitute=rahmi, form=Acting.Form.PLH, since=LATER, until=END, letter="7/2026", by=boss)
    assert posts_of(rahmi, START) == []
    assert posts_of(rahmi, LATER) == [post]
    scope = post.scope(actor=rahmi.pk)
    assert (scope.actor, scope.on_behalf) == (rahmi.pk, boss.pk)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"letter": " "}, "surat"),
        ({"until": START}, "tidak sesudah"),
        ({"since": date(2025, 1, 1)}, "keluar dari masa"),
    ],
)
def test_acting_needs_a_letter_and_dates(boss: User, rahmi: User, change: dict[str, object], words: str) -> None:
    post = given(boss, "regency_coordinator", boss, TAPIN[0])
    options = {"form": Acting.Form.PLT, "since": START, "until": LATER, "letter": "7/2026"} | change
    with pytest.raises(Refused, match=words):
        actions.let_act(post, substitute=rahmi, by=boss, **options)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="Pilih orang lain"):
        actions.let_act(post, substitute=boss, form=Acting.Form.PLT, since=START, until=LATER, letter="7/2026", by=boss)


def test_groups_are_for_facilitators(boss: User, rahmi: User) -> None:
    post = given(rahmi, "facilitator", boss, TAPIN_TENGAH[0])
    assert actions.set_groups(post, groups=[5, 3, 5], by=boss).scope(actor=rahmi.pk).groups == (3, 5)
    with pytest.raises(Refused, match="pendamping"):
        actions.set_groups(given(rahmi, "data_officer", boss, TAPIN[0]), groups=[1], by=boss)


def test_names_and_passwords_are_refused_in_words(boss: User, rahmi: User) -> None:
    for username, words in (("RAHMI", "sudah dipakai"), (" ", "kosong")):
        with pytest.raises(Refused, match=words):
            actions.create_user(username, name="X", by=boss)
    with pytest.raises(Refused, match="Kata sandi ditolak"):
        actions.create_user("baru", name="Baru", by=boss, password="1234567890")


def test_a_new_password_is_logged_without_it(boss: User, rahmi: User) -> None:
    actions.set_password(rahmi, password="sawah terbentang 9", by=boss)
    assert rahmi.check_password("sawah terbentang 9")
    with put_on(Scope.nation()):
        bodies = " ".join(filter(None, Entry.objects.values_list("body", flat=True)))
        assert Entry.objects.filter(verb="user.password_given", subject=rahmi.pk).exists()
    assert "sawah" not in bodies
    assert rahmi.password not in bodies


def test_giving_a_post_is_logged(boss: User, rahmi: User) -> None:
    with put_on(Scope.common(actor=boss.pk)):
        post = given(rahmi, "data_officer", boss, TAPIN[0])
    with put_on(Scope.nation()):
        entry = Entry.objects.filter(verb="post.added", subject=post.pk).get()
    assert entry.actor == boss.pk


def test_the_operator_is_made_once(system: Scope) -> None:
    assert operator.ensure() is True
    assert operator.ensure() is False
    by = operator.resolve(None, why="uji")
    assert (by.user.username, by.post.role_code, by.scope.shape, by.scope.why) == (
        "operator",
        "operator",
        Shape.NATION,
        "uji",
    )
    assert by.user.check_password(operator.password())
    assert (places.folder("secrets") / "operator.password").stat().st_mode & 0o777 == 0o600
    assert not {"stage.approve", "stage.sign", "stage.close"} & by.post.role.permissions


def test_as_names_a_person_in_one_post(boss: User, rahmi: User) -> None:
    with pytest.raises(Forbidden, match="tidak ada atau tidak aktif"):
        operator.resolve("siapa")
    with pytest.raises(Forbidden, match="tidak memegang"):
        operator.resolve("rahmi")
    given(rahmi, "data_officer", boss, TAPIN[0])
    assert operator.resolve("rahmi").scope.ranges == (TAPIN,)
    given(rahmi, "facilitator", boss, TAPIN_TENGAH[0])
    with pytest.raises(Forbidden, match="--as rahmi:data_officer, --as rahmi:facilitator"):
        operator.resolve("rahmi")
    assert operator.resolve("rahmi:facilitator").scope.shape == Shape.GROUPS
    actions.set_active(rahmi, active=False, by=boss)
    with pytest.raises(Forbidden, match="tidak aktif"):
        operator.resolve("rahmi:facilitator")
