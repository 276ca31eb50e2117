"""The ui alone: its own addresses and middleware, an invented reader, no database."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ui import bare


@pytest.fixture
def alone(settings: Any) -> Any:
    """Settings under which only the ui answers, as in `tests/ui/bare.py`."""
    for name in ("ROOT_URLCONF", "INSTALLED_APPS", "MIDDLEWARE", "MESSAGE_STORAGE", "TEMPLATES", "TIME_ZONE"):
        setattr(settings, name, getattr(bare, name))
    settings.DEBUG = False
    return settings
