"""What an installation remembers of its backups, in one small file: when, which, where, and of its keys' copies."""

from __future__ import annotations

import json
from typing import Any

from harapan.custody.parcel import private_write
from harapan.database import places

NOTE = "backup.json"


def last() -> dict[str, Any]:
    """made_at, id, where of the last backup; keys_at and keys (fingerprints) of the last copy of the keys."""
    try:
        kept = json.loads((places.var() / NOTE).read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def remember(facts: dict[str, Any]) -> None:
    """Put these facts over those of before."""
    private_write(places.var() / NOTE, json.dumps(last() | facts).encode())
