from __future__ import annotations

from pathlib import Path

import pytest

from harapan.engine.plan import plan
from harapan.engine.tables import INPUTS, OUTPUTS
from tests.engine.builders import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "engine.md").read_text()


@pytest.mark.parametrize(("table", "schema"), [*INPUTS.items(), *OUTPUTS.items()])
def test_the_page_names_every_column(table: str, schema: object) -> None:
    for field in schema:  # type: ignore[attr-defined]
        assert f"`{field.name}`" in PAGE, f"docs/engine.md does not tell of {table}.{field.name}"


def test_the_page_names_every_table_a_range_makes() -> None:
    for name in plan(RULES).tables:
        assert f"\n    {name} " in PAGE
