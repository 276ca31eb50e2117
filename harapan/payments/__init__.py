"""Money followed to the hand: statuses, answers of bank and post, exceptions, holds, ledger, cards, minutes.

Promises: every due rupiah of a stage stands in exactly one place; an answer read twice changes nothing; a line that
fits nothing waits for a person; a posting that does not add up to zero cannot be stored.
"""
