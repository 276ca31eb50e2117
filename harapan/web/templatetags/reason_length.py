"""How short a reason may not be, for fields written out in a template; the browser says it before anything is sent."""

from __future__ import annotations

from django import template

from harapan.database.day import today
from harapan.policy.reasons import letters_min

register = template.Library()


@register.simple_tag(name="letters_min")
def least_letters() -> int:
    return letters_min(today())
