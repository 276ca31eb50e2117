"""The request as every page behind `@may` gets it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from harapan.accounts.models import Post, User
from harapan.database.scope import Scope


class Request(HttpRequest):
    """Django's request with what `ActingPost` and `@may` put on it. Views name it; nobody makes one."""

    user: User
    post: Post
    posts: list[Post]
    today: date
    scope: Scope
    second_factor: bool
