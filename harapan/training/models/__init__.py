"""Courses, their batches, who takes part and what they learn; certificates, needs and what follows a course."""

from harapan.training.models.attempt import Answer, Attempt, Inquiry, Reading
from harapan.training.models.certificate import Certificate, CertificateSeries, CertificateVersion, ExternalCertificate
from harapan.training.models.classes import ClassSession, Trainer, TrainingClass
from harapan.training.models.course import Batch, Course, CourseTopic, Quota
from harapan.training.models.enrolment import COMING, TAKING, Enrolment
from harapan.training.models.following import Feedback, FeedbackGiven, FollowUpCheck, FollowUpPlan
from harapan.training.models.lesson import Edition, Lesson, LessonPart
from harapan.training.models.letter import OrderLetter
from harapan.training.models.money import Budget, CostItem
from harapan.training.models.place_plan import PlacePlan
from harapan.training.models.presence import ClassAttendance, Mark, Via
from harapan.training.models.question import Question, QuestionPicture, Quiz
from harapan.training.models.scores import PracticeScore, TestScore
from harapan.training.models.shared_knowledge import FieldProblem, Practice, PracticeCopy

__all__ = [
    "COMING", "TAKING", "Answer", "Attempt", "Batch", "Budget", "Certificate", "CertificateSeries",
    "CertificateVersion", "ClassAttendance", "ClassSession", "CostItem", "Course", "CourseTopic",
    "Edition", "Enrolment", "ExternalCertificate", "Feedback", "FeedbackGiven", "FieldProblem", "FollowUpCheck",
    "FollowUpPlan", "Inquiry", "Lesson", "LessonPart", "Mark", "OrderLetter", "PlacePlan", "Practice", "PracticeCopy",
    "PracticeScore", "Question", "QuestionPicture", "Quiz", "Quota", "Reading", "TestScore", "Trainer",
    "TrainingClass", "Via",
]  # fmt: skip
