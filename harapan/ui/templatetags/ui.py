"""What every template may use without loading it: words, icons and the small components."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from harapan.ui import icons, words

register = template.Library()

register.filter("heard", words.heard)
register.filter("number", words.number)
register.filter("signed", words.signed)
register.filter("rupiah", words.rupiah)
register.filter("percent", words.percent)
register.filter("date_id", words.day)
register.filter("clock_id", words.clock)
register.filter("datetime_id", words.moment)
register.filter("month_id", words.month)
register.filter("mask", words.mask)
register.simple_tag(words.months, name="month_range")
register.simple_tag(words.percent, name="share")
register.simple_tag(icons.icon, name="icon")

STATE_ICONS = {"ok": "check", "wait": "clock", "bad": "alert-triangle", "told": "info-circle", "own": "snowflake"}
NOTE_ICONS = {"ok": "circle-check", "wait": "clock", "bad": "alert-circle", "told": "info-circle"}


@register.simple_tag
def tag(state: str, word: str, icon: str = "") -> SafeString:
    """`{% tag "ok" "Terverifikasi" %}`: the state of a thing, by icon and one to three words."""
    picture = icons.icon(icon or STATE_ICONS.get(state, "minus"))
    return format_html('<span class="tag {}">{}{}</span>', state, picture, word)


@register.simple_block_tag
def note(content: str, state: str = "told", icon: str = "", href: str = "", link: str = "") -> SafeString:
    """`{% note "wait" href=url link="Muat ulang" %}<b>Fact.</b> What to do.{% endnote %}`."""
    picture = icons.icon(icon or NOTE_ICONS.get(state, "info-circle"))
    way_out = format_html('<a href="{}">{}</a>', href, link) if href else ""
    return format_html('<div class="note {}">{}<div>{}</div>{}</div>', state, picture, content, way_out)


@register.simple_tag
def bar(done: float, state: str = "", goal: float | None = None) -> SafeString:
    """Progress in percent as a picture; `goal` is today's pace, the black tick. Write the figure beside it."""
    tick = format_html('<rect class="goal" x="{}" width="1.4" height="8"/>', f"{goal - 0.7:.1f}") if goal else ""
    return format_html(
        '<svg class="bar {}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="8"/>{}</svg>',
        state,
        f"{min(max(done, 0), 100):.1f}",
        tick,
    )


@register.simple_tag(takes_context=True)
def sort_head(context: dict[str, Any], field: str, label: str, numeric: bool = False) -> SafeString:
    """A table head that sorts by `field` through `?sort=`; says its direction and returns to the first page."""
    query = context["request"].GET.copy()
    current = query.get("sort", context.get("sort", ""))
    for key in ("after", "before"):
        query.pop(key, None)
    rising, falling = current == field, current == f"-{field}"
    query["sort"] = f"-{field}" if rising else field
    direction = "ascending" if rising else "descending" if falling else ""
    return format_html(
        '<th scope="col"{}{}><a href="?{}">{}{}</a></th>',
        SafeString(' class="num"') if numeric else "",
        format_html(' aria-sort="{}"', direction) if direction else "",
        query.urlencode(),
        label,
        " ↑" if rising else " ↓" if falling else "",
    )
