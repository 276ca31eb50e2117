"""Dependencies point downwards: imports by import-linter, foreign keys by this walk of the same list."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from django.apps import apps
from django.db import models

from harapan.registry.models import FamilyChild
from harapan.workforce.models import PersonChild

ROOT = Path(__file__).resolve().parents[2]


def ranks() -> dict[str, int]:
    """Package -> its place from below, as pyproject.toml lists it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {contract["id"]: contract for contract in project["tool"]["importlinter"]["contracts"]}
    rows = reversed(contracts["layers"]["layers"])
    return {name.strip(" ()"): place for place, row in enumerate(rows) for name in re.split(r"[|:]", row)}


def upward(model: type[models.Model], rank: dict[str, int]) -> list[str]:
    here = rank[model._meta.app_label]
    return [
        f"{model._meta.label}.{field.name}"
        for field in model._meta.get_fields()
        if field.concrete
        and field.is_relation
        and field.related_model is not None
        and rank.get(field.related_model._meta.app_label, -1) > here
    ]


def test_imports_point_downwards() -> None:
    said = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"], cwd=ROOT, capture_output=True, text=True
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_foreign_keys_point_downwards() -> None:
    rank = ranks()
    ours = [model for model in apps.get_models() if model.__module__.startswith("harapan.")]
    assert ours
    assert [found for model in ours for found in upward(model, rank)] == []


def test_the_walk_sees_an_upward_key() -> None:
    family = apps.get_model("registry", "Family")
    assert upward(family, {"regions": 1, "registry": 2}) == []
    assert upward(family, {"regions": 2, "registry": 1}) == ["registry.Family.region"]


def test_a_key_across_packages_leaves_no_name_behind() -> None:
    """`family.payments` behind the linter's back would make registry know what stands above it."""
    named = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("harapan.")
        for field in model._meta.get_fields()
        if field.concrete
        and field.is_relation
        and field.related_model is not None
        and field.related_model._meta.app_label != model._meta.app_label
        and not field.remote_field.hidden
        and not issubclass(model, FamilyChild | PersonChild)  # theirs comes from the base, and nobody above uses it
    ]
    assert sorted(named) == [], 'give it related_name="+"'
