"""`may()`: whether somebody may do a thing; `@may`: a page for those who may, with its look written first."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from harapan.accounts.models import Post
from harapan.accounts.request import Request
from harapan.accounts.roles import permissions
from harapan.audit import log
from harapan.core.errors import NotCleared, NotForRole
from harapan.database.scope import put_on

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponseBase]
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def allows(post: Post | None, permission: str) -> bool:
    """Whether the post's role carries the permission, with the clearance it may need. No post, no permission."""
    if post is None or permission not in post.role.permissions:
        return False
    return permission not in post.role.needs_clearance or post.cleared


def demand(post: Post | None, permission: str) -> Post:
    """The post, or NotForRole in words that do not tell whether the thing exists; NotCleared where a course lacks."""
    if post is None or permission not in post.role.permissions:
        raise NotForRole
    if not allows(post, permission):
        raise NotCleared
    return post


def may(permission: str, *, look: str | None = None, why: str = "") -> Callable[[View[P]], Page[P]]:
    """Guard a page.

    permission: one of data/roles.yaml. look: the kind of subject this page shows ("family"); its number is the first
    number in the address, and the look is written and committed before the page is made: no entry, no page. GET runs
    in a read-only transaction. The view gets `request.post` and `request.scope`.
    """
    if permission not in permissions():
        raise ValueError(f"{permission!r} is in no role of data/roles.yaml")

    def decorate(view: View[P]) -> Page[P]:
        @login_required
        @functools.wraps(view)
        def guarded(incoming: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            request = cast(Request, incoming)
            post = demand(request.post, permission)
            if post.role.second_factor and not request.second_factor:
                return redirect("second_factor_needed")
            scope = request.scope = post.scope(actor=request.user.pk, why=why)
            reading = request.method in ("GET", "HEAD")
            if look:
                subject = next((value for value in kwargs.values() if isinstance(value, int)), None)
                with put_on(scope):
                    log.record(f"{look}.looked", kind=look, subject=subject, body={"page": request.path})
            with put_on(scope, read_only=reading):
                response = view(request, *args, **kwargs)
                # templates are lazy: make the page while the scope is on
                if hasattr(response, "render") and callable(response.render):
                    response = response.render()
                return response

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
