from harapan.fieldwork.models.candidate import Candidacy, FirstMeeting, Invitation, VillageQuota
from harapan.fieldwork.models.visit import EndProposal, FoundComponent, HomeVisit, VisitPhotograph

__all__ = [
    "Candidacy",
    "EndProposal",
    "FirstMeeting",
    "FoundComponent",
    "HomeVisit",
    "Invitation",
    "VillageQuota",
    "VisitPhotograph",
]
