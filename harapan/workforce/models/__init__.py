"""People who carry the programme; terrain, extra duty, and the decrees by which families change hands."""

from harapan.workforce.models.decree import CaseloadMove, Decree
from harapan.workforce.models.person import NATION, Person, PersonChild
from harapan.workforce.models.place import Difficulty, ExtraDuty, Terrain
from harapan.workforce.models.recruitment import (
    Application,
    ApplicationDocument,
    Formation,
    Position,
    RecruitmentRound,
)
from harapan.workforce.models.selection import (
    InterviewMark,
    Objection,
    PlaceOffer,
    RankedApplication,
    Ranking,
    SelectionStage,
    StageScore,
)

__all__ = [
    "NATION", "Application", "ApplicationDocument", "CaseloadMove", "Decree", "Difficulty", "ExtraDuty", "Formation",
    "InterviewMark", "Objection", "Person", "PersonChild", "PlaceOffer", "Position", "RankedApplication", "Ranking",
    "RecruitmentRound", "SelectionStage", "StageScore", "Terrain",
]  # fmt: skip
