"""What was taken from others is what we say it is, and every picture a template asks for is there."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

import harapan
import harapan.ui
from harapan.ui.icons import FOLDER, icon

UI = Path(harapan.ui.__file__).parent
MANIFEST = json.loads((UI / "static/ui/vendor/MANIFEST.json").read_text())
TEMPLATES = sorted(Path(harapan.__file__).parent.glob("**/templates/**/*.html"))


@pytest.mark.parametrize("package", MANIFEST, ids=lambda package: package["name"])
def test_files_are_those_of_the_manifest(package: dict) -> None:
    assert (UI / package["licence_file"]).is_file()
    found = {name: hashlib.sha256((UI / name).read_bytes()).hexdigest() for name in package["files"]}
    assert found == package["files"]


def test_nothing_foreign_lies_beside_the_manifest() -> None:
    listed = {name for package in MANIFEST for name in package["files"]}
    folders = [*UI.glob("icons/*"), *UI.glob("static/ui/vendor/*.js"), *UI.glob("static/ui/fonts/*")]
    assert {str(path.relative_to(UI)) for path in folders} == listed


def test_every_icon_a_template_names_exists() -> None:
    asked = {
        (template.name, name)
        for template in TEMPLATES
        for name in re.findall(r'{%\s*icon "([\w-]+)"', template.read_text())
    }
    missing = {where for where in asked if not (FOLDER / f"{where[1]}.svg").is_file()}
    assert missing == set()


def test_an_unknown_icon_fails_loudly() -> None:
    with pytest.raises(LookupError, match="no-such"):
        icon("no-such")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_an_unsafe_policy(template: Path) -> None:
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", template.read_text(), flags=re.S)
    assert not re.search(r"\sstyle\s*=", text), "a style attribute is refused by the policy"
    assert not re.search(r"\son[a-z]+\s*=", text), "an inline handler is refused by the policy"
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style", text), "inline script or style is refused by the policy"
    assert not re.search(r"(src=|<link [^>]*href=)\"https?://", text), "nothing is loaded from elsewhere"
