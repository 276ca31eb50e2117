"""Courses, their batches, and who takes part."""

from harapan.training.models.course import Batch, Course
from harapan.training.models.enrolment import Enrolment

__all__ = ["Batch", "Course", "Enrolment"]
