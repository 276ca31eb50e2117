"""Words for people, said in plain Python: Indonesian everywhere, and on a page in the language of its reader.

A phrase is its Indonesian text, an ordinary `str`: papers, exports, the command line, logs and rows of the database
take it as it is. It also remembers the sentence it was made of, so that a page can say it in another language. The
catalogue that knows those sentences belongs to the pages; they hand over its reader once (`harapan.ui`).
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar


class Phrase(str):
    """`Phrase("Tahap {stage} sedang dihitung.", stage="2025-2")`; values may be phrases themselves.

    The first argument is the entry of the catalogue, so it is always written out, never put together, and its places
    carry no format: values come as they are to be read, and may have been stored as text in between.
    """

    __slots__ = ("english", "lowered", "msgid", "values")

    msgid: str
    english: str
    values: Mapping[str, object]
    lowered: bool

    # how the reader of a page hears the sentence of a phrase: the catalogue in the reader's language
    catalogue: ClassVar[Callable[[Phrase], str]]

    def __new__(cls, msgid: str, /, **values: object) -> Phrase:
        return cls._made(_filled(msgid, values), msgid, values)

    @classmethod
    def _made(
        cls, text: str, msgid: str, values: Mapping[str, object], *, english: str = "", lowered: bool = False
    ) -> Phrase:
        made = str.__new__(cls, text)
        made.msgid, made.values, made.english, made.lowered = msgid, values, english, lowered
        return made

    @classmethod
    def of_data(cls, text: str, english: str) -> Phrase:
        """Words that are data and carry their English beside them (roles, policy), not in the catalogue."""
        return cls._made(text, text, {}, english=english)

    def filled(self, **values: object) -> Phrase:
        """The same sentence with its values; for sentences that stand in a table."""
        return Phrase(self.msgid, **values)

    def heard(self) -> str:
        """The phrase as the reader of the page hears it."""
        values = {name: _heard(value) for name, value in self.values.items()}
        text = _filled(Phrase.catalogue(self), values)
        return text.lower() if self.lowered else text

    def lower(self) -> Phrase:
        """The words inside a sentence: "dibuka" where the label is "Dibuka"."""
        return self._made(str(self).lower(), self.msgid, self.values, english=self.english, lowered=True)

    def __html__(self) -> str:
        """What a template shows; it asks every text this way before it escapes it."""
        return html.escape(self.heard())

    def __deepcopy__(self, memo: object) -> Phrase:
        return self


Phrase.catalogue = staticmethod(lambda phrase: phrase.msgid)


_BETWEEN = "{between}"  # the word between two may have a translation too: " dan "


def joined(parts: Iterable[str], between: str = " ") -> Phrase:
    """Several phrases after one another, as one; of none, the empty phrase."""
    named = {f"part{place}": part for place, part in enumerate(parts)}
    if not named:
        return Phrase("")
    if len(named) == 1 and isinstance(only := named["part0"], Phrase):
        return only
    return Phrase(_BETWEEN.join(f"{{{name}}}" for name in named), between=between, **named)


def _filled(text: str, values: Mapping[str, object]) -> str:
    return text.format(**values) if values else text


def _heard(value: object) -> object:
    return value.heard() if isinstance(value, Phrase) else value
