"""Every word that a page may show has its English, wherever it stands: labels, roles, reasons, policy, refusals."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Choices
from django.utils import translation

import harapan
from harapan.accounts.roles import catalogue
from harapan.benefits import compare, difference_words
from harapan.core import components, errors, periods
from harapan.core.phrases import Phrase, joined
from harapan.database.phrases import packed
from harapan.engine import reasons
from harapan.exchange.settlement.words import REASON_LABELS
from harapan.exchange.status.codec import STATUS_LABELS
from harapan.intake.layouts import LAYOUTS
from harapan.payments import minutes
from harapan.policy.reader import default_policy
from harapan.regions import codes
from harapan.registry.rules import FIELD_TITLES
from harapan.ui.management.commands.makemessages import MARKERS, NOT_ON_PAGES

PACKAGE = Path(harapan.__file__).parent


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    with (PACKAGE / "locale/en/LC_MESSAGES/django.mo").open("rb") as compiled:
        return dict(gettext.GNUTranslations(compiled)._catalog)  # type: ignore[attr-defined]


def _below(base: type[Any]) -> Iterator[type[Any]]:
    """Every class of ours that rests on `base`; the models are loaded, and what they rest on with them."""
    for each in base.__subclasses__():
        if each.__module__.startswith("harapan."):
            yield each
        yield from _below(each)


def _tables() -> Iterator[str]:
    """The words of plain Python that stand in tables."""
    for table in (
        components.LABELS_ID, reasons.LINE_SENTENCES, reasons.MONTH_SENTENCES, reasons.FAMILY_SENTENCES,
        reasons.DECISION_SENTENCES, REASON_LABELS, STATUS_LABELS, codes.LEVEL_LABELS, compare.CHANGE_LABELS,
        difference_words._PLAIN, difference_words._WAYS_OUT, FIELD_TITLES,
    ):  # fmt: skip
        yield from table.values()  # type: ignore[attr-defined]
    yield from periods.MONTH_NAMES
    yield from minutes._WEEKDAYS
    yield from (label for label, _name in minutes._LINES)
    for layout in LAYOUTS.values():
        yield from (layout.title, layout.about)


def test_every_label_of_every_choice_has_its_english(english: dict[str, str]) -> None:
    found = set(_below(Choices))
    assert len(found) > 20
    bare = [
        f"{each.__qualname__}.{name}" for each in found for name in each.names if not _known(each[name].label, english)
    ]
    assert bare == []


def test_every_word_in_a_table_has_its_english(english: dict[str, str]) -> None:
    names = {"IDDTKS", "RW"}  # the same in both
    assert [word for word in _tables() if word not in names and not _known(word, english)] == []


def _known(word: str, english: dict[str, str]) -> bool:
    return isinstance(word, Phrase) and bool(english.get(word.msgid))


def test_every_role_has_its_english() -> None:
    for role in catalogue().values():
        assert [str(name) for _since, name in role.names if not name.english] == [], role.code


def test_every_policy_value_in_words_has_its_english() -> None:
    shown = ("undelivered.", "exclude.", "obligations.")
    rows = [row for key, line in default_policy().timelines.items() if key.startswith(shown) for row in line]
    assert len(rows) > 30
    assert [row.key for row in rows if row.value is not None and not row.english] == []


REFUSALS = {each.__name__: each for each in _below(errors.HarapanError)}
OWN_WORDS = {name for name, each in REFUSALS.items() if "__init__" in vars(each)}  # they take facts


def _spoken() -> Iterator[tuple[str, str, ast.expr]]:
    """Where code that a page can reach says something: the place, what is called, and its first argument."""
    for path in PACKAGE.rglob("*.py"):
        if not {*path.relative_to(PACKAGE).parts} & {*NOT_ON_PAGES, "migrations"}:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                    if node.func.id in {*MARKERS, *REFUSALS} - OWN_WORDS:
                        yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node.func.id, node.args[0]


def test_every_refusal_raised_with_its_sentence_is_looked_for() -> None:
    assert {"Refused", "Unreadable", "ContradictingPolicy", "NotYours"} <= {*MARKERS} | OWN_WORDS
    assert {*REFUSALS} - OWN_WORDS <= {*MARKERS}


def test_no_sentence_is_put_together_before_the_catalogue_sees_it() -> None:
    """A value goes into `{name}` and follows by name: what is put together beforehand no catalogue can hold."""
    said = list(_spoken())
    assert len(said) > 300
    assert [place for place, _called, first in said if isinstance(first, ast.JoinedStr | ast.BinOp)] == []


TOLD = {"refuse", "warn", "advance", "problem", "say", "Number", "_unclear"}


def _told_of_lines() -> Iterator[tuple[str, str]]:
    """Bare texts that a codec or an import says of a line, or of how far it is: the place, and the words."""
    for path in (file for name in ("core", "exchange", "intake") for file in (PACKAGE / name).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in TOLD:
                for said in node.args:
                    parts = [said] if isinstance(said, ast.Constant) else getattr(said, "values", [])
                    text = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
                    if " " in text:  # names of columns have none
                        yield f"{path.relative_to(PACKAGE)}:{node.lineno}", text


def test_what_is_said_of_a_line_of_a_file_is_a_phrase() -> None:
    assert list(_told_of_lines()) == []


def test_no_place_for_a_value_carries_a_format() -> None:
    """A value may have been stored as text in between, which a format for days would not fit."""
    texts = [(place, first.value) for place, _called, first in _spoken() if isinstance(first, ast.Constant)]
    assert [place for place, text in texts if re.search(r"\{\w+:", str(text))] == []


def test_every_sentence_said_has_its_english(english: dict[str, str]) -> None:
    said = {first.value for _place, called, first in _spoken() if called in MARKERS and isinstance(first, ast.Constant)}
    assert sorted(said - {*english}) == []


def test_a_phrase_is_indonesian_everywhere_but_on_an_english_page() -> None:
    phrase = Phrase("Kehadiran belum terpenuhi pada {months}.", months=periods.format_month("2025-05"))
    assert phrase == "Kehadiran belum terpenuhi pada Mei 2025."
    with translation.override("en"):
        assert phrase == "Kehadiran belum terpenuhi pada Mei 2025."
        assert phrase.__html__() == "Attendance was not met in May 2025."
    assert phrase.__html__() == phrase


def test_a_value_cannot_write_into_the_page() -> None:
    with translation.override("en"):
        assert "<b>" not in Phrase("Ada {count} kelompok “{name}”", count=2, name="<b>").__html__()


def test_values_with_signs_of_their_own_are_left_alone() -> None:
    assert Phrase("Berkas “{name}” kosong; unduh kembali dari sumbernya.", name="{x}.csv").heard().count("{x}") == 1
    assert joined([Phrase("a {b}"), "{c}"]).heard() == "a {b} {c}"
    assert packed(joined([])) == ""  # nothing said is stored as nothing
    assert str(errors.Refused("{tidak} diisi")) == "{tidak} diisi"
