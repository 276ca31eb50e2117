"""Why a change cannot be: each a sentence with the value, the rule and the way out."""

from __future__ import annotations

from harapan.core.errors import Refused


class Contradiction(Refused):
    """What is asked contradicts what is recorded."""


class NotDecidable(Refused):
    """The request is not in the state, or not with the person, that the deed needs."""
