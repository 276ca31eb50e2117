"""Which post somebody acts in, and what day it is, for every request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import cast

from allauth.account.authentication import get_authentication_records
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from harapan.accounts.models import Acting, Post, User
from harapan.accounts.request import Request
from harapan.database import day

SESSION_POST = "post"


class ActingPost:
    """Sets `request.post` (or None), `request.posts`, `request.today` and `request.second_factor`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, incoming: HttpRequest) -> HttpResponse:
        request = cast(Request, incoming)
        request.today = day.today()
        request.posts, request.second_factor = [], False
        chosen: Post | None = None
        if request.user.is_authenticated:
            request.posts = posts_of(request.user, request.today)
            wanted = request.session.get(SESSION_POST)
            chosen = next((post for post in request.posts if post.pk == wanted), None)
            chosen = chosen or (request.posts[0] if request.posts else None)
            records = get_authentication_records(request, request.user)
            request.second_factor = any(record.get("method") == "mfa" for record in records)
        incoming.post = chosen  # type: ignore[attr-defined]  # None before sign-in: pages behind @may always have one
        return self.get_response(request)


def posts_of(user: User, day: date) -> list[Post]:
    """The posts this person may act in on a day: own ones, then those filled for another under a letter. One query."""
    for_others = Acting.objects.filter(substitute=user).on(day).values("post")
    held = Post.objects.filter(Q(user=user) | Q(pk__in=for_others)).held_on(day)
    return sorted(held, key=lambda post: (post.user_id != user.pk, post.pk))
