"""Stages, the lists received for them, what we compute beside them, and each difference as a row with a likely reason.

Promises: what a family is due in a received stage is the sum of its listings, never our own figure; a run is loaded
whole or not at all and is not changed afterwards; in a computed stage nobody is cut unheard, and what one stage owes a
later one settles; every difference is answered by a person or still open.
"""
