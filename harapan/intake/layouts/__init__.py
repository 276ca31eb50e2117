"""Every layout the house takes in: its codec beside the handler that writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harapan.exchange.beneficiaries import codec as beneficiaries_codec
from harapan.exchange.bnba import codec as bnba_codec
from harapan.exchange.candidates import codec as candidates_codec
from harapan.exchange.caseload import codec as caseload_codec
from harapan.exchange.components import codec as components_codec
from harapan.exchange.desil import codec as desil_codec
from harapan.exchange.formations import codec as formations_codec
from harapan.exchange.scores import codec as scores_codec
from harapan.exchange.settlement import codec as settlement_codec
from harapan.exchange.staff import codec as staff_codec
from harapan.exchange.status import codec as status_codec
from harapan.exchange.verification_care import codec as care_codec
from harapan.exchange.verification_school import codec as school_codec
from harapan.intake.errand import Errand
from harapan.intake.layouts import (
    beneficiaries,
    bnba,
    candidates,
    care,
    caseload,
    components,
    desil,
    formations,
    school,
    scores,
    settlement,
    staff,
    status,
)
from harapan.registry.models import Facility


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file: what it does, who may bring it in, and whether it belongs to a stage.

    `exchange.layouts` reads it by its name.
    """

    name: str
    title: str
    about: str
    take: Callable[[Errand], None]
    needs_stage: bool = False
    permission: str = "import.families"  # beside import.rehearse and import.commit


def _layout(codec: Any, take: Callable[[Errand], None], **more: Any) -> Layout:
    return Layout(codec.LAYOUT.name, codec.LAYOUT.title, codec.LAYOUT.about, take, **more)


LAYOUTS = {
    layout.name: layout
    for layout in (
        _layout(beneficiaries_codec, beneficiaries.take, needs_stage=True),
        _layout(caseload_codec, caseload.take),
        _layout(components_codec, components.take),
        _layout(school_codec, school.take),
        _layout(care_codec.HEALTH, care.taking(Facility.Kind.HEALTH)),
        _layout(care_codec.WELFARE, care.taking(Facility.Kind.WELFARE)),
        _layout(settlement_codec, settlement.take, needs_stage=True),
        _layout(status_codec, status.take, needs_stage=True),
        _layout(bnba_codec, bnba.take),
        _layout(desil_codec, desil.take),
        _layout(candidates_codec, candidates.take),
        _layout(staff_codec, staff.take, permission="staff.manage"),
        _layout(formations_codec, formations.take, permission="recruitment.manage"),
        _layout(scores_codec, scores.take, permission="recruitment.manage"),
    )
}
