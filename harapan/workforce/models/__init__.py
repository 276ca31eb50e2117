"""Terrain, extra duty, and the decrees by which families come to another facilitator."""

from harapan.workforce.models.decree import CaseloadMove, Decree
from harapan.workforce.models.place import Difficulty, ExtraDuty, Terrain

__all__ = ["CaseloadMove", "Decree", "Difficulty", "ExtraDuty", "Terrain"]
