"""People who carry the programme; terrain, extra duty, and the decrees by which families change hands."""

from harapan.workforce.models.decree import CaseloadMove, Decree
from harapan.workforce.models.person import NATION, Person, PersonChild
from harapan.workforce.models.place import Difficulty, ExtraDuty, Terrain
from harapan.workforce.models.staff import Badge, Contract, Departure, Establishment, FirstStep, Mentorship

__all__ = [
    "NATION",
    "Badge",
    "CaseloadMove",
    "Contract",
    "Decree",
    "Departure",
    "Difficulty",
    "Establishment",
    "ExtraDuty",
    "FirstStep",
    "Mentorship",
    "Person",
    "PersonChild",
    "Terrain",
]
