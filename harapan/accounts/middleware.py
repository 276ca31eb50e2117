"""Which post somebody acts in, and what day it is, for every request."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from harapan.accounts.models import Post, User

SESSION_POST = "post"


class ActingPost:
    """Sets `request.post` (or None), `request.posts`, `request.today` and `request.second_factor`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.today = timezone.localdate()  # type: ignore[attr-defined]
        request.posts, request.post, request.second_factor = [], None, False  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            posts = list(posts_of(request.user, request.today))  # type: ignore[arg-type, attr-defined]
            chosen = request.session.get(SESSION_POST)
            request.posts = posts  # type: ignore[attr-defined]
            request.post = next((post for post in posts if post.pk == chosen), posts[0] if posts else None)  # type: ignore[attr-defined]
            request.second_factor = any(  # type: ignore[attr-defined]
                record.get("method") == "mfa" for record in get_authentication_records(request)
            )
        return self.get_response(request)


def posts_of(user: User, day: object) -> list[Post]:
    """The posts this person may act in on a day: own ones, and those filled for another under a letter."""
    own = Post.objects.filter(user=user).held_on(day)  # type: ignore[arg-type]
    for_others = Post.objects.filter(acting__substitute=user, acting__since__lte=day, acting__until__gt=day).held_on(
        day
    )  # type: ignore[arg-type]
    return [*own.order_by("pk"), *for_others.order_by("pk")]
