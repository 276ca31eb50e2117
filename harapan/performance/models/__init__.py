from harapan.performance.models.check import CheckDraw, CheckPhotograph, CheckVisit, Result
from harapan.performance.models.finding import Finding, FindingAnswer, FindingRecord
from harapan.performance.models.run import IndicatorWeight, IntegrityRun, PersonMonth

__all__ = [
    "CheckDraw",
    "CheckPhotograph",
    "CheckVisit",
    "Finding",
    "FindingAnswer",
    "FindingRecord",
    "IndicatorWeight",
    "IntegrityRun",
    "PersonMonth",
    "Result",
]
