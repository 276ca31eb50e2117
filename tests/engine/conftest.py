from __future__ import annotations

from pathlib import Path

import pytest

from harapan.engine.generate import generate
from tests.engine.builders import RULES


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three thousand invented families, fit for the law of the builders."""
    folder = tmp_path_factory.mktemp("engine") / "snapshot"
    generate(folder, families=3000, rules=RULES, seed=7)
    return folder


@pytest.fixture
def small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranges of a thousand families, so that three thousand are a long run."""
    monkeypatch.setattr("harapan.engine.snapshot.RANGE_FAMILIES", 1000)
