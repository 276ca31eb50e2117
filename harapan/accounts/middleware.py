"""For every request: one's own password first; which post somebody acts in, what day it is there, by which clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from harapan.accounts.models import Acting, Post, User
from harapan.accounts.request import Request
from harapan.database import day
from harapan.ui.pages import see_other

SESSION_POST = "post"
OPEN_BEFORE = ("account_change_password", "account_logout", "set_language")  # to who has a password given by another


class ActingPost:
    """Sets `request.post` (or None), `request.posts`, `request.today` and `request.second_factor`.

    The page is made in the zone of the post: its hours, and which day is today, are those of the place.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, incoming: HttpRequest) -> HttpResponse:
        request = cast(Request, incoming)
        request.today = day.today()
        request.posts, request.second_factor = [], False
        chosen: Post | None = None
        if request.user.is_authenticated:
            chosen = _choose(request)
            records = get_authentication_records(request, request.user)
            request.second_factor = any(record.get("method") == "mfa" for record in records)
        with timezone.override(chosen.zone if chosen else None):
            if chosen and day.today() != request.today:  # past midnight there already: posts begin and end by that day
                request.today = day.today()
                chosen = _choose(request)
            incoming.post = chosen  # type: ignore[attr-defined]  # None before sign-in: pages behind @may have one
            return self.get_response(request)


class OwnPasswordFirst:
    """Who signed in with a password that another gave chooses their own before any other page, look or deed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.user.password_temporary:
            return None
        match = request.resolver_match
        return None if match and match.view_name in OPEN_BEFORE else see_other(request, "account_change_password")


def _choose(request: Request) -> Post | None:
    """The post chosen in this session, else the first of those held on `request.today`; sets `request.posts`."""
    request.posts = posts_of(request.user, request.today)
    wanted = request.session.get(SESSION_POST)
    chosen = next((post for post in request.posts if post.pk == wanted), None)
    return chosen or (request.posts[0] if request.posts else None)


def posts_of(user: User, day: date) -> list[Post]:
    """The posts this person may act in on a day: own ones, then those filled for another under a letter. One query."""
    for_others = Acting.objects.filter(substitute=user).on(day).values("post")
    held = Post.objects.filter(Q(user=user) | Q(pk__in=for_others)).held_on(day)
    return sorted(held, key=lambda post: (post.user_id != user.pk, post.pk))


def next_post_of(user: User, day: date) -> Post | None:
    """The first post that begins after a day. One query."""
    found: Post | None = Post.objects.filter(user=user, since__gt=day).order_by("since", "pk").first()
    return found
