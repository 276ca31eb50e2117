"""Phrases in rows of the database: read back they still know their sentence, so that a page says it in any language."""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from harapan.core.phrases import Phrase

_BEGINS = '{"said":'


class PhraseField(models.TextField):
    """Text for people: without values stored as it is, with values as JSON of the sentence and them."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Phrase | None:
        return None if value is None else unpacked(value)

    def get_prep_value(self, value: Any) -> Any:
        return packed(value) if isinstance(value, Phrase) else super().get_prep_value(value)


def packed(text: str) -> str:
    """The form in which a phrase is stored; for statements that go past the field."""
    phrase = text if isinstance(text, Phrase) else Phrase(text)
    if phrase.values or phrase.startswith(_BEGINS):  # nobody's own words are taken for a stored sentence
        return json.dumps(_parts(phrase), ensure_ascii=False, separators=(",", ":"))
    return str(phrase)


def unpacked(text: str) -> Phrase:
    return _phrase(json.loads(text)) if text.startswith(_BEGINS) else Phrase(text)


def _parts(value: object) -> Any:
    if isinstance(value, Phrase) and value.values:
        values = {name: _parts(each) for name, each in value.values.items()}
        return {"said": value.msgid, "values": values, **({"lower": True} if value.lowered else {})}
    if isinstance(value, Phrase):
        return {"said": value.msgid, **({"lower": True} if value.lowered else {})}
    return value if isinstance(value, int) else str(value)


def _phrase(parts: dict[str, Any]) -> Phrase:
    values = {name: _phrase(each) if isinstance(each, dict) else each for name, each in parts.get("values", {}).items()}
    made = Phrase(parts["said"], **values)
    return made.lower() if parts.get("lower") else made
