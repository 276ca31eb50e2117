"""Plain Python words of the trade: money, spells, periods, identity numbers, errors. Imports nothing of ours."""
