"""Names of people as keys for searching and comparing: without titles, marks and accents.

Field lists write one woman as "Hj. Siti Nor'aini, S.Pd", "ST NORAINI" and "SITI NUR AINI". `name_key` makes the
first and a clean copy equal; `similarity` says how near two different keys are.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

SAME_NAME_MIN = 0.86  # at or above: one name spelt in two ways. Tried on the pairs in tests/core/test_names.py

_TITLES = frozenset(
    "H HJ HAJI HAJJAH HAJAH IBU BAPAK BPK SDR SDRI NY NYONYA TN TUAN ALM ALMH ALMARHUM ALMARHUMAH "
    "DRS DRA DR DRG IR PROF KH TGH GURU USTADZ USTADZAH".split()
)
_APOSTROPHES = re.compile("['’‘`´ʼ]")
_NOT_LETTERS = re.compile(r"[^A-Z0-9]+")
_BRACKETS = re.compile(r"\([^)]*\)")
_SHORT_FORMS = {
    "M": "MUHAMAD", "MUH": "MUHAMAD", "MUHD": "MUHAMAD", "MHD": "MUHAMAD", "MOH": "MUHAMAD", "MOCH": "MUHAMAD",
    "MOHAMAD": "MUHAMAD", "MOCHAMAD": "MUHAMAD", "ABD": "ABDUL", "ST": "SITI", "SITTI": "SITI", "BTE": "BINTI",
}  # fmt: skip
# Old and new spelling, and sounds that clerks write in several ways; applied in this order.
_SOUNDS = (
    ("OE", "U"), ("OO", "U"), ("DJ", "J"), ("TJ", "C"), ("SY", "S"), ("KH", "H"), ("DZ", "Z"), ("DH", "D"),
    ("TH", "T"), ("PH", "F"), ("V", "F"), ("Q", "K"), ("Y", "I"), ("NG", "N"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """Upper case, no titles, degrees, brackets, accents or marks, single spaces: for prefix search and equality.

    What follows a comma is a degree. A title is dropped only before other words, so a woman called "Guru" stays.
    """
    plain = unicodedata.normalize("NFKD", _BRACKETS.sub(" ", name).split(",")[0]).upper()
    plain = _APOSTROPHES.sub("", "".join(sign for sign in plain if not unicodedata.combining(sign)))
    words = _NOT_LETTERS.sub(" ", plain).split()
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return " ".join(words)


@lru_cache(maxsize=65_536)
def _sound(key: str) -> str:
    words = []
    for word in key.split():
        word = _SHORT_FORMS.get(_DOUBLED.sub(r"\1", word), _SHORT_FORMS.get(word, word))
        for written, heard in _SOUNDS:
            word = word.replace(written, heard)
        words.append(_DOUBLED.sub(r"\1", word))
    return " ".join(words)


def similarity(one: str, other: str) -> float:
    """0.0 (nothing in common) to 1.0 (equal key): difflib's ratio of how the names sound.

    Spaces count for nothing and words may stand in another order, at a small price.
    """
    key, other_key = name_key(one), name_key(other)
    if not key or not other_key:
        return 0.0
    if key == other_key:
        return 1.0
    sound, other_sound = _sound(key), _sound(other_key)
    as_written = _ratio(sound.replace(" ", ""), other_sound.replace(" ", ""))
    reordered = _ratio("".join(sorted(sound.split())), "".join(sorted(other_sound.split())))
    return max(as_written, reordered - 0.02) * 0.999  # below 1.0: the keys differ


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are likely one name. For a question to a person, never for merging two records."""
    return similarity(one, other) >= SAME_NAME_MIN


def _ratio(one: str, other: str) -> float:
    first, second = sorted((one, other))  # difflib is not symmetric; this makes the answer so
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
