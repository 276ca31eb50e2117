"""The codes of a round's rules in words, for the pages of applicants and of those who run a round."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from harapan.core.phrases import Phrase
from harapan.workforce.models import Person, SelectionStage

register = template.Library()

TIES = {
    "lives_here": _("tinggal di wilayah formasi"),
    "older": _("lahir lebih dahulu"),
    "lot": _("undian yang dapat dihitung ulang"),
    "number": _("nomor peserta"),
}


@register.filter
def stage_words(code: str) -> object:
    """ "competence" is "Kompetensi bidang"."""
    return SelectionStage(code).label if code in SelectionStage.values else code


@register.filter
def tie_words(code: str) -> object:
    """What decides where totals are equal."""
    if code in SelectionStage.values:
        return Phrase("nilai {stage}", stage=SelectionStage(code).label)
    return TIES.get(code, code)


@register.filter
def education_words(code: str) -> object:
    return Person.Education(code).label if code in Person.Education.values else code


@register.filter
def points(hundredths: int | None) -> float | None:
    """Stored hundredths as points."""
    return None if hundredths is None else hundredths / 100
