"""Lists paged by key, and one view for a page and its piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models
from django.http import HttpRequest
from django.test import RequestFactory

from harapan.ui.pages import KeysetPage, keyset, see_other, show, wants_piece


class Row(models.Model):
    age = models.IntegerField()
    name = models.TextField()

    class Meta:
        app_label = "ui"
        managed = False
        db_table = "tests_keyset_row"


@pytest.fixture
def rows(db: None) -> Iterator[models.QuerySet[Row]]:
    """Ages repeat, so that the second key must decide."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE tests_keyset_row (id bigint PRIMARY KEY, age int, name text)")
    Row.objects.bulk_create(Row(id=number, age=number % 4, name=f"k{number:03}") for number in range(1, 24))
    yield Row.objects.all()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE tests_keyset_row")


def get(query: str = "") -> HttpRequest:
    return RequestFactory().get(f"/?{query}")


def walk(rows: models.QuerySet[Row], order: tuple[str, ...], size: int) -> list[KeysetPage]:
    pages = [keyset(get("q=a"), rows, order=order, size=size)]
    while pages[-1].next_query:
        pages.append(keyset(get(pages[-1].next_query), rows, order=order, size=size))
    return pages


@pytest.mark.parametrize("order", [("-age", "id"), ("age", "-id"), ("name", "id"), ("id",)])
@pytest.mark.parametrize("size", [1, 5, 23, 50])
def test_forward_shows_every_row_once_in_order(rows: Any, order: tuple[str, ...], size: int) -> None:
    shown = [row.pk for page in walk(rows, order, size) for row in page]
    assert shown == list(rows.order_by(*order).values_list("pk", flat=True))


def test_back_again_shows_the_same_pages(rows: Any) -> None:
    order = ("-age", "id")
    pages = walk(rows, order, 5)
    back = pages[-1]
    for expected in reversed(pages[:-1]):
        back = keyset(get(back.previous_query), rows, order=order, size=5)
        assert back.rows == expected.rows
    assert back.previous_query == ""


def test_filters_stay_in_the_address(rows: Any) -> None:
    assert walk(rows, ("id",), 5)[1].next_query.startswith("q=a&after=")


def test_a_page_is_one_query_and_never_counts(rows: Any, django_assert_num_queries: Any) -> None:
    page = walk(rows, ("id",), 5)[0]
    with django_assert_num_queries(1) as asked:
        keyset(get(page.next_query), rows, order=("id",), size=5)
    assert "count(" not in asked[0]["sql"].lower()


@pytest.mark.parametrize("cursor", ["x", "W10:abc:def", "%00"])
def test_a_changed_position_shows_the_first_page(rows: Any, cursor: str) -> None:
    page = keyset(get(f"after={cursor}"), rows, order=("id",), size=5)
    assert [row.pk for row in page] == [1, 2, 3, 4, 5]


def test_a_position_of_another_order_shows_the_first_page(rows: Any) -> None:
    page = walk(rows, ("id",), 5)[0]
    other = keyset(get(page.next_query), rows, order=("-id",), size=5)
    assert other.rows[0].pk == 23


def test_rows_may_be_dictionaries(rows: Any) -> None:
    values = rows.values("id", "age")
    page = keyset(get(), values, order=("-age", "id"), size=5)
    assert len(keyset(get(page.next_query), values, order=("-age", "id"), size=50)) == 18


def test_empty_list(rows: Any) -> None:
    page = keyset(get(), rows.none(), order=("id",))
    assert (page.rows, page.next_query, page.previous_query) == ([], "", "")


def test_the_piece_is_only_for_htmx() -> None:
    piece = {"HX-Request": "true"}
    assert wants_piece(RequestFactory().get("/", headers=piece))
    assert not wants_piece(RequestFactory().get("/"))
    assert not wants_piece(RequestFactory().get("/", headers=piece | {"HX-Boosted": "true"}))
    assert not wants_piece(RequestFactory().get("/", headers=piece | {"HX-History-Restore-Request": "true"}))


def test_piece_and_page_get_the_same_context(alone: Any) -> None:
    context = {"figures": [{"label": "Keluarga", "value": "12"}]}
    piece = show(
        RequestFactory().get("/", headers={"HX-Request": "true"}), "404.html", context, piece="ui/figures.html"
    )
    assert "<html" not in piece.content.decode()
    assert "Keluarga" in piece.content.decode()
    assert piece.headers["Vary"] == "HX-Request"


def test_after_a_deed_the_reader_goes_and_looks(alone: Any) -> None:
    assert see_other(RequestFactory().post("/"), "/tahap/").status_code == 303
    told = see_other(RequestFactory().post("/", headers={"HX-Request": "true"}), "/tahap/")
    assert told.headers["HX-Redirect"] == "/tahap/"
