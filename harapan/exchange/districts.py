"""The districts inside NIK and KK numbers, held against those there are. Codecs know no regions; imports do."""

from __future__ import annotations

from collections.abc import Container, Iterator

from harapan.core.numbers import district_warning
from harapan.exchange.cells import KK, NIK
from harapan.exchange.sheet import Problem, Sheet

_WHAT = {id(NIK): "NIK", id(KK): "Nomor KK"}


def unknown_districts(sheet: Sheet, known: Container[str]) -> Iterator[Problem]:
    """A warning for every NIK or KK whose first six digits are not in `known`; never a refusal."""
    for name, kind in sheet.kinds.items():
        if (what := _WHAT.get(id(kind))) is None:
            continue
        for row, value in enumerate(sheet[name]):
            if value and value[:6] not in known:
                yield sheet.problem(row, name, district_warning(what, value, known), fatal=False)
