"""A page behind `@may`: for whoever may, in their scope, after its look was written, and without a write on GET."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import SimpleTemplateResponse
from django.test import RequestFactory

from harapan.accounts import permission
from harapan.accounts.models import Post, User
from harapan.accounts.permission import allows, demand, may
from harapan.accounts.roles import catalogue
from harapan.audit.models import Entry
from harapan.core.errors import Forbidden
from harapan.database.scope import Scope, current, put_on
from harapan.registry.models import Family
from tests.ground import TAPIN, Land, land


@pytest.fixture
def ground(system: Scope) -> Land:
    return land(system)


@pytest.fixture
def post(ground: Land) -> Post:
    user = User.objects.create(username="pendamping", name="Pendamping")
    return Post.objects.create(
        user=user, role_code="facilitator", groups=[ground.tapin.group_id], region_nos=[], since=date(2020, 1, 1)
    )


def asked(post: Post | None, method: str = "get", *, second_factor: bool = False) -> Any:
    request = getattr(RequestFactory(), method)("/keluarga/1/")
    request.user = post.user if post else User(pk=1)
    request.post, request.second_factor = post, second_factor
    return request


@may("family.view", look="family")
def family_page(request: HttpRequest, family_id: int) -> HttpResponse:
    return HttpResponse(",".join(Family.objects.values_list("name", flat=True)))


def looks() -> list[tuple[int, int | None]]:
    with put_on(Scope.nation()):
        return list(Entry.objects.filter(verb="family.looked").values_list("actor", "subject"))


def test_the_page_sees_the_scope_and_the_look_names_the_family(post: Post, ground: Land) -> None:
    answer = family_page(asked(post), family_id=ground.tapin.pk)
    assert answer.content.decode() == "NORHAYATI"
    assert looks() == [(post.user_id, ground.tapin.pk)]


def test_a_stranger_is_refused_before_anything_is_read(ground: Land) -> None:
    for nobody in (None, Post(role_code="policy_maker", user=User(pk=5))):
        with pytest.raises(Forbidden, match="tidak ada atau bukan untuk peran Anda"):
            family_page(asked(nobody), family_id=ground.tapin.pk)
    assert looks() == []


def test_no_entry_no_page(post: Post, ground: Land, monkeypatch: pytest.MonkeyPatch) -> None:
    reached = []

    @may("family.view", look="family")
    def page(request: HttpRequest, family_id: int) -> HttpResponse:
        reached.append(family_id)
        return HttpResponse()

    def refuse(*args: object, **options: object) -> None:
        raise DatabaseError("no log")

    monkeypatch.setattr(permission.log, "record", refuse)
    with pytest.raises(DatabaseError):
        page(asked(post), family_id=ground.tapin.pk)
    assert reached == []


def test_the_look_stays_when_the_page_fails(post: Post, ground: Land) -> None:
    @may("family.view", look="family")
    def page(request: HttpRequest, family_id: int) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        page(asked(post), family_id=ground.tapin.pk)
    assert looks() == [(post.user_id, ground.tapin.pk)]


def change(request: HttpRequest) -> HttpResponse:
    Family.objects.update(note="diubah")
    return HttpResponse()


def test_a_get_cannot_write_and_a_post_can(post: Post) -> None:
    page = may("family.note")(change)
    with pytest.raises(RuntimeError, match="promised only to read"):
        page(asked(post))
    page(asked(post, "post"))
    with put_on(Scope.nation()):
        assert Family.objects.filter(note="diubah").count() == 1  # of three: the one in scope


def test_lazy_templates_are_made_while_the_scope_is_on(post: Post) -> None:
    @may("family.view")
    def page(request: HttpRequest) -> SimpleTemplateResponse:
        template = engines["django"].from_string("{% for family in families %}{{ family.name }}{% endfor %}")
        return SimpleTemplateResponse(template, {"families": Family.objects.all()})

    assert page(asked(post)).content.decode() == "NORHAYATI"
    assert current() is None or current().actor != post.user_id  # type: ignore[union-attr]


def test_a_role_that_demands_a_second_factor_is_led_to_it(ground: Land) -> None:
    user = User.objects.create(username="data", name="Data")
    post = Post.objects.create(user=user, role_code="data_officer", region_nos=[TAPIN[0]], since=date(2020, 1, 1))
    assert family_page(asked(post), family_id=1).status_code == 302
    assert family_page(asked(post, second_factor=True), family_id=1).status_code == 200


def test_a_permission_that_no_role_has_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="in no role"):
        may("family.devour")


def test_permissions_come_from_the_post_alone() -> None:
    assert allows(Post(role_code="auditor"), "audit.view")
    assert not allows(Post(role_code="facilitator"), "audit.view")
    assert not allows(None, "home.view")
    with pytest.raises(Forbidden):
        demand(None, "home.view")


def test_a_reader_only_reads() -> None:
    """Whoever is read-only by role has no permission that changes anything."""
    changing = ("note", "change", "record", "confirm", "commit", "plan", "close", "sign", "manage", "answer")
    for role in catalogue().values():
        if role.read_only:
            assert [name for name in role.permissions if name.endswith(changing)] == []


def test_a_page_leaves_no_scope_behind(post: Post, ground: Land) -> None:
    family_page(asked(post), family_id=ground.tapin.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('harapan.groups', true)")
        assert cursor.fetchone()[0] == ""
