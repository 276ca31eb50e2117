"""Harapan: an open delivery system for the conditional cash transfer PKH."""

__version__ = "0.1.0"
