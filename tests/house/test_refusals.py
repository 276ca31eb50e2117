"""A deed with an address of its own may answer a refusal with its page: what that page asks from there leads on."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from textwrap import dedent
from types import FunctionType
from typing import Any

from django.template.loader import get_template
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver, resolve

GUARD = re.compile(r"@(require_POST|deed_of)\b")
ASKS = re.compile(r"""href="\?|<form(?=[^>]*method="get")(?![^>]*action=)""")  # of the address it stands at
VALUES = {"str": "x", "int": 7}


@cache
def deeds() -> list[tuple[str, str, URLPattern]]:
    """(route, which guard stands over it, where it is)."""
    found = []
    for route, pattern in _patterns(get_resolver().url_patterns):
        view = inspect.unwrap(pattern.callback)
        if view.__module__.startswith("harapan.web") and (guard := GUARD.search(inspect.getsource(view))):
            found.append((route, guard[1], pattern))
    return found


def _patterns(found: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in found:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, each
        else:
            yield from _patterns(each.url_patterns, route)


def pages_of(view: Any, seen: set[FunctionType]) -> set[str]:
    """Templates named by the view and by what it calls of the pages' own code."""
    view = inspect.unwrap(view)
    if view in seen:
        return set()
    seen.add(view)
    found = set()
    for node in ast.walk(ast.parse(dedent(inspect.getsource(view)))):
        if isinstance(node, ast.Constant) and str(node.value).endswith(".html"):
            found.add(str(node.value))
        called = _named(node, view.__globals__) if isinstance(node, ast.Name | ast.Attribute) else None
        if isinstance(called, FunctionType) and called.__module__.startswith("harapan.web"):
            found |= pages_of(called, seen)
    return found


def _named(node: ast.Name | ast.Attribute, names: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    return getattr(names.get(node.value.id), node.attr, None) if isinstance(node.value, ast.Name) else None


@cache
def asks(template: str) -> bool:
    """Whether the page has a link or a form that goes to the address it stands at."""
    source: str = get_template(template).template.source  # type: ignore[attr-defined]
    return bool(ASKS.search(source)) or any(map(asks, re.findall(r'{% include "([^"]+)"', source)))


def test_no_page_leads_from_a_refused_deed_to_where_nothing_is() -> None:
    lost = [
        route
        for route, guard, pattern in deeds()
        if guard == "require_POST" and any(map(asks, pages_of(pattern.callback, set())))
    ]
    assert lost == [], "put ui.pages.deed_of in the place of require_POST"


def test_every_such_deed_leads_to_its_page() -> None:
    led = [(route, pattern) for route, guard, pattern in deeds() if guard == "deed_of"]
    assert len(led) > 20
    for route, pattern in led:
        told = {name: VALUES[kind] for kind, name in re.findall(r"<(\w+):(\w+)>", route)}
        answer = pattern.callback(RequestFactory().get("/", {"after": "k"}), **told)
        assert answer.status_code == 303, route
        there, query = answer.headers["Location"].split("?")
        assert query == "after=k", route
        assert not GUARD.search(inspect.getsource(inspect.unwrap(resolve(there).func))), route
