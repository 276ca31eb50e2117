"""Colours of the tokens can be read: WCAG 2.2, text 4.5:1, controls 3:1; on the phone, in sunlight, text 7:1."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import harapan.ui

CSS = (Path(harapan.ui.__file__).parent / "static/ui/tokens.css").read_text()


def block(start: str) -> dict[str, str]:
    at = CSS.index(start)
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", CSS[at : CSS.index("\n}", at)]))


LIGHT = block(":root {\n")
DARK = LIGHT | block(':root[data-theme="dark"] {')
THEMES = {
    "light": (LIGHT, 4.5),
    "dark": (DARK, 4.5),
    "phone": (LIGHT | block(':root.hp[data-theme="light"] {'), 7.0),
    "phone dark": (DARK | block(':root.hp[data-theme="dark"] {'), 7.0),
}
STATES = ("ok", "wait", "bad", "told")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "brand") for ground in ("page", "surface", "sunken", "hover")),
    *((state, ground) for state in STATES for ground in (f"{state}-soft", "surface", "page")),
    *((ink, f"{state}-soft") for ink in ("ink", "ink-2") for state in STATES),
    *[("on-brand", "brand"), ("on-brand", "brand-strong"), ("brand", "brand-soft"), ("ink", "brand-soft")],
    *[("on-top", "top"), ("on-top-2", "top")],
]
CONTROLS = [
    *[("edge", "surface"), ("edge", "page"), ("focus", "surface"), ("focus", "page"), ("mark", "top")],
    *((f"c{number}", "surface") for number in range(1, 7)),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_the_components_use_can_be_read(theme: str) -> None:
    tokens, bar = THEMES[theme]
    pairs = [(*pair, bar) for pair in TEXT] + [(*pair, 3.0) for pair in CONTROLS]
    poor = {f"{ink} on {ground}": round(ratio(tokens[ink], tokens[ground]), 2) for ink, ground, need in pairs
            if ratio(tokens[ink], tokens[ground]) < need}  # fmt: skip
    assert poor == {}


def test_the_lists_for_the_system_and_for_the_reader_are_equal() -> None:
    assert block("@media screen and (prefers-color-scheme: dark) { :root:not") == block(':root[data-theme="dark"] {')
    assert block("@media (prefers-color-scheme: light) { :root.hp") == block(':root.hp[data-theme="light"] {')
    assert block("@media screen and (prefers-color-scheme: dark) { :root.hp") == block(':root.hp[data-theme="dark"] {')
