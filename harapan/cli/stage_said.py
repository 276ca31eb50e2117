"""What the commands of a stage share: its name as an argument, and how a move is told."""

from __future__ import annotations

from typing import Any

import click

from harapan.benefits.models import Stage, StageRegency, State
from harapan.cli.output import answer
from harapan.regions.models import Region

stage_name = click.argument("stage", metavar="TAHAP")


def named(moved: list[StageRegency]) -> list[dict[str, str]]:
    """Code, name and state of each regency: {"region": "63.05", "name": "Kab. Tapin", "state": "closed"}."""
    places = Region.objects.in_bulk([regency.regency_no for regency in moved], field_name="no")
    named = [(places[regency.regency_no], regency.state) for regency in moved]
    return [{"region": place.code, "name": place.display_name, "state": state} for place, state in named]


def say_moved(stage: Stage, regencies: list[dict[str, str]] | None = None, *, as_json: bool) -> None:
    """Say what moved: the regencies that did, and beside them the stage, which stands where the last of them stands."""
    value: dict[str, Any] = {"stage": stage.name, "mode": stage.mode, "state": stage.state}
    if regencies is not None:
        value["regencies"] = regencies
    answer(value, as_json=as_json, words=lambda: _moved_words(stage, regencies or []))


def _moved_words(stage: Stage, regencies: list[dict[str, str]]) -> str:
    whole = State(stage.state).label.lower()
    if not regencies:
        return f"Tahap {stage.name} sekarang {whole}."
    state = State(regencies[0]["state"]).label.lower()
    names = ", ".join(regency["name"] for regency in regencies)
    more = "" if state == whole else f" Keadaan tahap {stage.name} secara keseluruhan: {whole}."
    return f"Tahap {stage.name} sekarang {state} di {names}.{more}"
