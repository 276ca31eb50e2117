"""A page shows the hours of the reader's place, and lives in the day of that place."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from harapan.accounts.middleware import ActingPost
from harapan.accounts.models import Post
from harapan.database import day
from harapan.ui import words
from tests.benefits.world import TAPIN, World
from tests.web.signing import person

SORONG, LATE = 9671000000, datetime(2025, 6, 30, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def late_evening(monkeypatch: pytest.MonkeyPatch) -> None:
    """22.30 in Jakarta, half past midnight in Papua."""
    monkeypatch.setattr(timezone, "now", lambda: LATE)
    monkeypatch.setattr(day, "demonstration_day", lambda: None)


def seen(post: Post) -> tuple[Post | None, date, str]:
    """The post acted in, today, and how a page writes this moment."""
    found = []

    def page(request: HttpRequest) -> HttpResponse:
        found.append((request.post, request.today, words.moment(LATE)))  # type: ignore[attr-defined]
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user, request.session = post.user, {}  # type: ignore[assignment]
    ActingPost(page)(request)
    assert timezone.get_current_timezone_name() == "Asia/Jakarta"  # nothing is left for the next request
    (only,) = found
    return only


def test_the_hour_and_the_day_are_those_of_the_place(world: World) -> None:
    tapin, sorong, nation = (
        person("data_officer", regions=(TAPIN,)), person("data_officer", regions=(SORONG,)), person("auditor"),
    )  # fmt: skip
    assert seen(tapin) == (tapin, date(2025, 6, 30), "30 Juni 2025 pukul 23.30 WITA")
    assert seen(sorong) == (sorong, date(2025, 7, 1), "1 Juli 2025 pukul 00.30 WIT")
    assert seen(nation) == (nation, date(2025, 6, 30), "30 Juni 2025 pukul 22.30 WIB")


def test_a_post_ends_with_the_last_day_of_its_place(world: World) -> None:
    ended = person("data_officer", regions=(SORONG,))
    Post.objects.filter(pk=ended.pk).update(until=date(2025, 7, 1))
    assert seen(ended)[0] is None
    goes_on = person("data_officer", regions=(TAPIN,))
    Post.objects.filter(pk=goes_on.pk).update(until=date(2025, 7, 1))
    assert seen(goes_on)[0] == goes_on
