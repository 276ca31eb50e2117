"""Courses, their batches, and who takes part; what proves it, and what follows."""

from harapan.training.models.certificate import (
    Certificate,
    CertificateSeries,
    CertificateVersion,
    ExternalCertificate,
)
from harapan.training.models.course import Batch, Course
from harapan.training.models.enrolment import Enrolment
from harapan.training.models.following import Feedback, FeedbackGiven, FollowUpCheck, FollowUpPlan
from harapan.training.models.place_plan import PlacePlan
from harapan.training.models.shared_knowledge import FieldProblem, Practice, PracticeCopy

__all__ = [
    "Batch", "Certificate", "CertificateSeries", "CertificateVersion", "Course", "Enrolment", "ExternalCertificate",
    "Feedback", "FeedbackGiven", "FieldProblem", "FollowUpCheck", "FollowUpPlan", "PlacePlan", "Practice",
    "PracticeCopy",
]  # fmt: skip
