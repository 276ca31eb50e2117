"""People who carry the programme: staff, ethics, caseload, terrain, and decrees by which families change hands."""

from harapan.workforce.models.decree import CaseloadMove, Decree
from harapan.workforce.models.ethics_case import EthicsCase, EthicsDecision, EthicsStatement, Step
from harapan.workforce.models.ethics_report import (
    EthicsDeed,
    EthicsEvidence,
    EthicsMessage,
    EthicsReport,
    EthicsReporter,
)
from harapan.workforce.models.ethics_visit import EthicsDraw, EthicsVisit
from harapan.workforce.models.person import NATION, Person, PersonChild
from harapan.workforce.models.place import Difficulty, ExtraDuty, Terrain
from harapan.workforce.models.signature import CodeSignature
from harapan.workforce.models.staff import Badge, Contract, Departure, Establishment, FirstStep, Mentorship

__all__ = [
    "NATION", "Badge", "CaseloadMove", "CodeSignature", "Contract", "Decree", "Departure", "Difficulty",
    "Establishment", "EthicsCase", "EthicsDecision", "EthicsDeed", "EthicsDraw", "EthicsEvidence", "EthicsMessage",
    "EthicsReport", "EthicsReporter", "EthicsStatement", "EthicsVisit", "ExtraDuty", "FirstStep", "Mentorship",
    "Person", "PersonChild", "Step", "Terrain",
]  # fmt: skip
