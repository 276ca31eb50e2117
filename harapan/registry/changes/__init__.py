"""Data changes (pemutakhiran): asked for with proof, decided by another person, applied from a date, taken back by a
counter-entry, and followed to the outside list they must appear in."""
