"""People who carry the programme; terrain, extra duty, and the decrees by which families change hands."""

from harapan.workforce.models.decree import CaseloadMove, Decree
from harapan.workforce.models.person import NATION, Person, PersonChild
from harapan.workforce.models.place import Difficulty, ExtraDuty, Terrain

__all__ = ["NATION", "CaseloadMove", "Decree", "Difficulty", "ExtraDuty", "Person", "PersonChild", "Terrain"]
