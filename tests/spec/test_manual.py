from __future__ import annotations

from pathlib import Path

from tests.spec.manual import manual


def test_the_printed_rules_are_current() -> None:
    printed = Path(__file__).parents[2] / "docs" / "rules.md"
    assert printed.read_text() == manual(), "run: python -m tests.spec.manual > docs/rules.md"
