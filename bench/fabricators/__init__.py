"""Honest and invented months of facilitators, drawn by chance: what `harapan bench integrity` measures against.

Written before any indicator and without a look at one; it knows only what a facilitator records. It must not be tuned
to what the indicators find: a kind that is missed stays as it is, and the miss is reported.
"""

from bench.fabricators import latest_kinds, newer_kinds

__all__ = ["latest_kinds", "newer_kinds"]  # imported so that their kinds are registered, whichever is asked for first
