"""Courses, their batches, who takes part, and what happens on the days themselves."""

from harapan.training.models.classes import ClassSession, Trainer, TrainingClass
from harapan.training.models.course import Batch, Course, CourseNeed, CourseTopic, Quota
from harapan.training.models.enrolment import COMING, TAKING, Enrolment
from harapan.training.models.letter import OrderLetter
from harapan.training.models.money import Budget, CostItem
from harapan.training.models.presence import ClassAttendance, Mark, Via
from harapan.training.models.scores import PracticeScore, TestScore

__all__ = [
    "COMING",
    "TAKING",
    "Batch",
    "Budget",
    "ClassAttendance",
    "ClassSession",
    "CostItem",
    "Course",
    "CourseNeed",
    "CourseTopic",
    "Enrolment",
    "Mark",
    "OrderLetter",
    "PracticeScore",
    "Quota",
    "TestScore",
    "Trainer",
    "TrainingClass",
    "Via",
]
