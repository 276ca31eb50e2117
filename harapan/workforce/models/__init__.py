"""People who carry the programme: recruitment, staff, ethics, caseload, terrain, decrees that move families."""

from harapan.workforce.models.decree import CaseloadMove, Decree
from harapan.workforce.models.duty import ExtraDuty
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
from harapan.workforce.models.place import Difficulty, Terrain
from harapan.workforce.models.recruitment import Application, ApplicationDocument, Formation, Position, RecruitmentRound
from harapan.workforce.models.selection import (
    InterviewMark,
    Objection,
    PlaceOffer,
    RankedApplication,
    Ranking,
    SelectionStage,
    StageInvitation,
    StageScore,
    StageSession,
)
from harapan.workforce.models.signature import CodeSignature
from harapan.workforce.models.staff import Badge, Contract, Departure, Establishment, FirstStep, Mentorship, Portrait

__all__ = [
    "NATION", "Application", "ApplicationDocument", "Badge", "CaseloadMove", "CodeSignature", "Contract", "Decree",
    "Departure", "Difficulty", "Establishment", "EthicsCase", "EthicsDecision", "EthicsDeed", "EthicsDraw",
    "EthicsEvidence", "EthicsMessage", "EthicsReport", "EthicsReporter", "EthicsStatement", "EthicsVisit", "ExtraDuty",
    "FirstStep", "Formation", "InterviewMark", "Mentorship", "Objection", "Person", "PersonChild", "PlaceOffer",
    "Portrait", "Position", "RankedApplication", "Ranking", "RecruitmentRound", "SelectionStage", "StageInvitation",
    "StageScore", "StageSession", "Step", "Terrain",
]  # fmt: skip
