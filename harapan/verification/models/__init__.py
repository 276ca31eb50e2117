from harapan.verification.models.care import CareMark
from harapan.verification.models.link import ConfirmationLink
from harapan.verification.models.months import Declaration, Evidence, Exemption, FacilityMonth, Observation
from harapan.verification.models.school import SchoolWeek, UnplacedPupil

__all__ = [
    "CareMark",
    "ConfirmationLink",
    "Declaration",
    "Evidence",
    "Exemption",
    "FacilityMonth",
    "Observation",
    "SchoolWeek",
    "UnplacedPupil",
]
