from harapan.p2k2.models.attendance import Attendance, Mark
from harapan.p2k2.models.behaviour import BehaviourAnswer
from harapan.p2k2.models.commitment import Commitment, CommitmentAnswer
from harapan.p2k2.models.plan import PlannedSession
from harapan.p2k2.models.session import Photograph, Session

__all__ = [
    "Attendance",
    "BehaviourAnswer",
    "Commitment",
    "CommitmentAnswer",
    "Mark",
    "Photograph",
    "PlannedSession",
    "Session",
]
