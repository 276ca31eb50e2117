"""The glossary names every model; every permission that a page asks for exists; pages take rows through scopes."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps

from harapan.accounts.roles import catalogue, permissions

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
ASKED = re.compile(r"""(?:@may|\bmay|\ballows|\bdemand)\(\s*(?:[\w.]+,\s*)?["']([a-z_]+\.[a-z_]+)["']""")
PICKED = re.compile(r"\.objects\.get\(")


def identifiers() -> set[str]:
    """The words in backquotes, as the second column has them."""
    return set(re.findall(r"`(\w+)`", GLOSSARY.read_text(encoding="utf-8")))


def sources(folder: str) -> list[Path]:
    return [path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]


def test_the_glossary_names_every_model() -> None:
    ours = {m.__name__ for m in apps.get_models() if m.__module__.startswith("harapan.") and not m._meta.auto_created}
    assert sorted(ours - identifiers()) == [], "docs/glossary.md: Indonesian term, identifier, meaning"


def test_every_permission_asked_for_is_in_a_role() -> None:
    asked = {word for path in sources("harapan") for word in ASKED.findall(path.read_text(encoding="utf-8"))}
    assert asked - permissions() == set()


def test_the_permission_words_are_found() -> None:
    assert ASKED.findall('@may("family.view", look="family")') == ["family.view"]
    assert ASKED.findall('demand(request.post, "stage.plan")') == ["stage.plan"]


def test_pages_take_no_row_past_the_scope() -> None:
    """`get_object_or_404(Family.objects.visible_to(post), …)` answers the same for missing and foreign rows."""
    assert PICKED.search("Family.objects.get(pk=1)")
    caught = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources("harapan/web")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if PICKED.search(line)
    ]
    assert caught == []


def test_incompatible_roles_name_each_other() -> None:
    roles = catalogue()
    for code, role in roles.items():
        for other in role.incompatible:
            assert code in roles[other].incompatible, f"{other} does not refuse {code}"


def test_money_and_national_roles_need_a_second_factor() -> None:
    lacking = [code for code, role in catalogue().items() if role.reach == "nation" and not role.second_factor]
    assert lacking == []
