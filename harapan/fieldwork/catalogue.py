"""What the files of `data/fieldwork` share: rows that hold between two days, with a source and a confidence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harapan.database.places import CHECKOUT
from harapan.policy import catalogues
from harapan.policy.catalogues import Held, words

__all__ = ["FOLDER", "REPAIR", "Held", "rows_of", "words"]

FOLDER = CHECKOUT / "data" / "fieldwork"
REPAIR = "Ikuti bentuk di docs/fieldwork-work.md"


def rows_of(
    file: Path, name: str, *, fields: set[str], optional: set[str] | frozenset[str] = frozenset()
) -> list[Mapping[str, Any]]:
    """The rows under `name`, each with `held`. Raises BadPolicy for a row that lacks one of `fields` or has others."""
    return catalogues.rows_of(file, name, fields=fields, optional=optional, repair=REPAIR)
