from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.benefits.world import World, make_world
from tests.browser.shots import browser


@pytest.fixture
def world(system: Any) -> World:
    return make_world()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Playwright keeps an event loop in this thread; Django must not take that for asynchronous code."""
    with pytest.MonkeyPatch.context() as patch, browser() as running:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield running
