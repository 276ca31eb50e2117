from harapan.fieldwork.models.duty import Activity, ActivityPhotograph, Duty
from harapan.fieldwork.models.plan import PlanItem, WorkPlan
from harapan.fieldwork.models.report import Report, ReportVersion
from harapan.fieldwork.models.task import TaskAnswer

__all__ = [
    "Activity",
    "ActivityPhotograph",
    "Duty",
    "PlanItem",
    "Report",
    "ReportVersion",
    "TaskAnswer",
    "WorkPlan",
]
