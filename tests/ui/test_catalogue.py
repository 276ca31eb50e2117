"""The English catalogue: whole, and compiled from what it says."""

from __future__ import annotations

import gettext
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import harapan

FOLDER = Path(harapan.__file__).parent / "locale/en/LC_MESSAGES"


@pytest.fixture
def msgfmt() -> str:
    found = shutil.which("msgfmt")
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("needs msgfmt: apt-get install -y gettext")
    return str(found)


def test_the_compiled_catalogue_says_what_the_text_says(msgfmt: str, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.mo"
    subprocess.run([msgfmt, "--check-format", "-o", fresh, FOLDER / "django.po"], check=True, capture_output=True)
    with fresh.open("rb") as one, (FOLDER / "django.mo").open("rb") as other:
        said, compiled = (gettext.GNUTranslations(file)._catalog for file in (one, other))  # type: ignore[attr-defined]
    different = sorted(str(key) for key in said.keys() | compiled.keys() if said.get(key) != compiled.get(key))
    assert different == [], "django.mo is old; run compilemessages (docs/ui.md)"


def test_every_sentence_has_its_english() -> None:
    text = (FOLDER / "django.po").read_text()
    assert "#, fuzzy" not in text
    empty = re.findall(r'msgid (?!"")("[^\n]*")\nmsgstr ""\n(?!")', text + "\n")
    assert empty == []
