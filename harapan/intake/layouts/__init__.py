"""Every layout the house takes in: its codec beside the handler that writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harapan.exchange.beneficiaries import codec as beneficiaries_codec
from harapan.exchange.sheet import Sheet
from harapan.intake.errand import Errand
from harapan.intake.layouts import beneficiaries


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file: how it is read, what it does, and whether it belongs to a stage."""

    name: str
    title: str
    about: str
    parse: Callable[..., Sheet]
    take: Callable[[Errand], None]
    needs_stage: bool = False


LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout(
            "beneficiaries", beneficiaries_codec.LAYOUT.title, beneficiaries_codec.LAYOUT.about,
            beneficiaries_codec.parse, beneficiaries.take, needs_stage=True,
        ),
    )
}  # fmt: skip
