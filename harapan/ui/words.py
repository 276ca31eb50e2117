"""Numbers, money, dates and masked numbers as a reader sees them.

Figures keep Indonesian separators in every language (12.345 and 88,3%), so that a page, its export and a printed
letter never disagree; names of months follow the language of the reader.
"""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext as _

from harapan.core import money, numbers, periods
from harapan.core.phrases import Phrase

NONE = "—"


def counted(title: str) -> Any:
    """A title over `n` rows: one sentence in Indonesian, in English one for one and one for more."""
    return ngettext_lazy(title, title, "n")


def in_readers_language(phrase: Phrase) -> str:
    """The sentence of a phrase, its values not yet filled in, in the language of the page that is being made."""
    if phrase.english and get_language() == "en":
        return phrase.english
    return _(phrase.msgid) if phrase.msgid else ""


def heard(words: object) -> str:
    """A phrase as text in the reader's language, where Python goes on with it; templates need no such help."""
    return words.heard() if isinstance(words, Phrase) else str(words)


_ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def number(value: int | Decimal | float | None, places: int = 0) -> str:
    """`12.345`; with places `12.345,6`. None is `—`. Halves round away from zero."""
    if value is None:
        return NONE
    step = Decimal(1).scaleb(-places)
    rounded = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{places}f}".translate(str.maketrans(",.", ".,"))
    return f"{money.MINUS}{text}" if rounded < 0 else text


def signed(value: int | Decimal | float | None, places: int = 0) -> str:
    """A difference: `+12`, `−7`, `0`."""
    text = number(value, places)
    return f"+{text}" if value is not None and value > 0 and re.search(r"[1-9]", text) else text


def rupiah(value: int | None) -> str:
    """Whole rupiah as `Rp1.600.940.000`; a debt as `−Rp225.000`."""
    if value is None:
        return NONE
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is not whole rupiah; money is an int everywhere.")
    return money.rupiah(value)


def percent(part: int | Decimal | float | None, whole: int | Decimal | float | None = None, places: int = 1) -> str:
    """`88,3%` of a part and its whole, or of a ready percentage when no whole is given. Of nothing it is `—`."""
    if part is None or whole == 0:
        return NONE
    share = Decimal(str(part)) if whole is None else Decimal(str(part)) * 100 / Decimal(str(whole))
    return f"{number(share, places)}%"


def day(value: date | None, style: str = "j F Y") -> str:
    """`27 Mei 2018`. A moment is shown by its day in the active zone."""
    if value is None:
        return NONE
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, style)


def clock(value: datetime) -> str:
    """`14.05 WITA`, in the active zone."""
    return hour(timezone.localtime(value))


def hour(value: datetime) -> str:
    """`14.05 WITA`, in the zone the moment itself is given in."""
    return f"{value:%H.%M} {_zone_word(value.tzinfo)}".strip()


def zone() -> str:
    """`WITA`: the word for the active zone."""
    return _zone_word(timezone.get_current_timezone())


def _zone_word(given: tzinfo | None) -> str:
    return _ZONES.get(str(given), str(given or ""))


def moment(value: datetime | None) -> str:
    """`27 Mei 2018 pukul 14.05 WITA`."""
    if value is None:
        return NONE
    return _("%(day)s pukul %(clock)s") % {"day": day(value), "clock": clock(value)}


def month(value: str | date | None) -> str:
    """`April 2025` from "2025-04" or any day of that month."""
    return NONE if not value else date_format(_first_day(value), "F Y")


def months(first: str | date | None, last: str | date | None) -> str:
    """`April–Juni 2025`; over a new year `November 2025–Januari 2026`; one month alone `Mei 2025`."""
    if not first or not last:
        return NONE
    start, end = _first_day(first), _first_day(last)
    if (start.year, start.month) == (end.year, end.month):
        return month(end)
    return f"{date_format(start, 'F' if start.year == end.year else 'F Y')}–{month(end)}"


def _first_day(value: str | date) -> date:
    return value if isinstance(value, date) else date(*periods.split_month(value), 1)


_MASKS = {"nik": numbers.masked_nik, "kk": numbers.masked_kk, "tail": numbers.masked_tail}


def mask(value: str | None, kind: str = "nik") -> str:
    """A number as anybody may see it. Kinds: `nik`, `kk`, `tail` (accounts, cards and telephones)."""
    return _MASKS[kind](value) if value else NONE
