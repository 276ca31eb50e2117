"""Help for views: one page or its piece, redirects after a deed, and lists paged by key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

_SALT = "harapan.ui.pages.cursor"
View = Callable[..., HttpResponseBase]


def see_other(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """After a deed: go and look at `to` (url, view name or object). htmx is told to open it as a whole page."""
    url = resolve_url(to, *args, **kwargs)
    if wants_piece(request):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url, status=303)


def deed_of(page: str, *named: str) -> Callable[[View], View]:
    """Over a deed that answers a refusal with the page it stands on: what that page asks from there (narrowed, the next
    rows, read again) is asked of `page`, a view of the same arguments, or of those `named` alone."""

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            url = resolve_url(page, *args, **({name: kwargs[name] for name in named} or kwargs))
            query = request.GET.urlencode()
            return see_other(request, url + (f"?{query}" if query else ""))

        return asked

    return decorate


def wants_piece(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page it already shows."""
    head = request.headers
    return head.get("HX-Request") == "true" and "HX-Boosted" not in head and "HX-History-Restore-Request" not in head


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, piece: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or only `piece` (a template the page includes) when htmx asks; both get the same context."""
    chosen = piece if piece and wants_piece(request) else template
    response = render(request, chosen, dict(context or {}), status=status)
    if piece:
        patch_vary_headers(response, ["HX-Request"])
    return response


class _Wire:
    """Cursor values as JSON; dates, decimals and UUIDs travel as text, which the database layer reads back."""

    def dumps(self, value: Any) -> bytes:
        return DjangoJSONEncoder(separators=(",", ":")).encode(value).encode()

    def loads(self, data: bytes) -> Any:
        return signing.JSONSerializer().loads(data)


@dataclass(frozen=True)
class KeysetPage:
    """Rows of a list between two keys. `next_query` and `previous_query` are whole query strings, empty at an end."""

    rows: list[Any]
    next_query: str
    previous_query: str
    total: int | None = None

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def keyset(
    request: HttpRequest, rows: QuerySet[Any], *, order: Sequence[str], size: int = 50, total: int | None = None
) -> KeysetPage:
    """One page of `rows` by `order`, in one query whatever the size of the set; never counts.

    `order` names fields that are never null, `-` for falling, and ends in a unique one. The position stands in the
    address as `after` or `before`, signed, so that a changed or foreign one simply shows the first page.
    """
    names = [name.lstrip("-") for name in order]
    after, before = _cursor(request, "after", order), _cursor(request, "before", order)
    backwards = before is not None and after is None
    directions = [name.startswith("-") != backwards for name in order]
    position = before if backwards else after
    if position is not None:
        rows = rows.filter(_beyond(names, directions, position))
    ordering = [OrderBy(F(name), descending=falling) for name, falling in zip(names, directions, strict=True)]
    found = list(rows.order_by(*ordering)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next = more or backwards
    has_previous = more if backwards else position is not None
    return KeysetPage(
        rows=found,
        next_query=_query(request, "after", found[-1], names, order) if found and has_next else "",
        previous_query=_query(request, "before", found[0], names, order) if found and has_previous else "",
        total=total,
    )


def _beyond(names: Sequence[str], falling: Sequence[bool], values: Sequence[Any]) -> Q:
    """Rows after the key. The first field is bounded alone as well: that is what lets an index start there."""
    beyond = Q()
    for name, down, value in reversed(list(zip(names, falling, values, strict=True))):
        strict = Q(**{f"{name}__{'lt' if down else 'gt'}": value})
        beyond = strict | (Q(**{name: value}) & beyond) if beyond else strict
    bound = Q(**{f"{names[0]}__{'lte' if falling[0] else 'gte'}": values[0]})
    return bound & beyond


def _cursor(request: HttpRequest, name: str, order: Sequence[str]) -> list[Any] | None:
    text = request.GET.get(name)
    if not text:
        return None
    try:
        values = signing.loads(text, salt=f"{_SALT}:{','.join(order)}", serializer=_Wire)
    except signing.BadSignature:
        return None
    return values if isinstance(values, list) and len(values) == len(order) else None


def _query(request: HttpRequest, name: str, row: Any, names: Sequence[str], order: Sequence[str]) -> str:
    values = [_value(row, path) for path in names]
    query = request.GET.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    query[name] = signing.dumps(values, salt=f"{_SALT}:{','.join(order)}", serializer=_Wire)
    return query.urlencode()


def _value(row: Any, path: str) -> Any:
    if isinstance(row, Mapping):
        return row[path]
    for part in path.split("__"):
        row = getattr(row, part)
    return row
