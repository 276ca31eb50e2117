from harapan.fieldwork.models.activity import Activity, ActivityPhotograph
from harapan.fieldwork.models.candidate import Candidacy, FirstMeeting, Invitation, VillageQuota
from harapan.fieldwork.models.plan import PlanItem, WorkPlan
from harapan.fieldwork.models.report import Report, ReportVersion
from harapan.fieldwork.models.task import TaskAnswer
from harapan.fieldwork.models.visit import EndProposal, FoundComponent, HomeVisit, VisitPhotograph

__all__ = [
    "Activity",
    "ActivityPhotograph",
    "Candidacy",
    "EndProposal",
    "FirstMeeting",
    "FoundComponent",
    "HomeVisit",
    "Invitation",
    "PlanItem",
    "Report",
    "ReportVersion",
    "TaskAnswer",
    "VillageQuota",
    "VisitPhotograph",
    "WorkPlan",
]
