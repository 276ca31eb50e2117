"""What is refused about regions."""

from __future__ import annotations

from harapan.core.errors import Refused, Unreadable


class UnreadableCode(Unreadable):
    """The text is no region code of the Ministry of Home Affairs."""


class UnknownRegion(Refused):
    """No region has this code or name."""


class AmbiguousRegion(Refused):
    """Several regions bear this name; the message names them."""
