"""Every layout Harapan understands, by the name the `import` command uses."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from harapan.core.errors import Misuse, Unreadable
from harapan.core.phrases import Phrase
from harapan.exchange.beneficiaries import codec as beneficiaries
from harapan.exchange.bnba import codec as bnba
from harapan.exchange.candidates import codec as candidates
from harapan.exchange.caseload import codec as caseload
from harapan.exchange.components import codec as components
from harapan.exchange.desil import codec as desil
from harapan.exchange.formations import codec as formations
from harapan.exchange.layout import Layout, MissingColumns
from harapan.exchange.scores import codec as scores
from harapan.exchange.settlement import codec as settlement
from harapan.exchange.sheet import Sheet
from harapan.exchange.staff import codec as staff
from harapan.exchange.status import codec as status
from harapan.exchange.verification_care import codec as verification_care
from harapan.exchange.verification_school import codec as verification_school


class Codec(Protocol):
    """What each layout's module offers (and `render`, whose arguments follow the layout)."""

    @property
    def LAYOUT(self) -> Layout: ...

    def parse(self, source: Path | bytes, *, name: str = "", sheet: str = "") -> Sheet: ...


CODECS: dict[str, Codec] = {
    codec.LAYOUT.name: codec
    for codec in (
        beneficiaries,
        caseload,
        components,
        verification_school,
        verification_care.HEALTH,
        verification_care.WELFARE,
        settlement,
        status,
        bnba,
        desil,
        candidates,
        staff,
        formations,
        scores,
    )
}


def layout(name: str) -> Layout:
    """The layout of that name; `Misuse` names those there are."""
    return _codec(name).LAYOUT


def parse(name: str, source: Path | bytes, *, file: str = "", sheet: str = "") -> Sheet:
    """A file read by the layout `name`. When the file fits another layout, the refusal says which."""
    try:
        return _codec(name).parse(source, name=file, sheet=sheet)
    except MissingColumns as refusal:
        others = [other for other in CODECS if other != name and _fits(other, source)]
        if not others:
            raise
        raise MissingColumns(
            Phrase(
                "{refusal} Berkas ini tampaknya {named}.",
                refusal=refusal.phrase,
                named=" atau ".join(map(_named, others)),
            )
        ) from refusal


def _codec(name: str) -> Codec:
    if name not in CODECS:
        raise Misuse(
            "Jenis daftar “{name}” tidak dikenal; pilih salah satu: {known}.", name=name, known=", ".join(CODECS)
        )
    return CODECS[name]


def _fits(name: str, source: Path | bytes) -> bool:
    try:
        CODECS[name].parse(source)
    except Unreadable:
        return False
    return True


def _named(name: str) -> str:
    return f"“{CODECS[name].LAYOUT.title}” ({name})"
