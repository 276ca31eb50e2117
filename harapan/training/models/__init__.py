"""Courses, their batches, who takes part, what happens on the days; lessons and quizzes of those taught online."""

from harapan.training.models.attempt import Answer, Attempt, Inquiry, Reading
from harapan.training.models.classes import ClassSession, Trainer, TrainingClass
from harapan.training.models.course import Batch, Course, CourseNeed, CourseTopic, Quota
from harapan.training.models.enrolment import COMING, TAKING, Enrolment
from harapan.training.models.lesson import Edition, Lesson, LessonPart
from harapan.training.models.letter import OrderLetter
from harapan.training.models.money import Budget, CostItem
from harapan.training.models.presence import ClassAttendance, Mark, Via
from harapan.training.models.question import Question, Quiz
from harapan.training.models.scores import PracticeScore, TestScore

__all__ = [
    "COMING", "TAKING", "Answer", "Attempt", "Batch", "Budget", "ClassAttendance", "ClassSession", "CostItem", "Course",
    "CourseNeed", "CourseTopic", "Edition", "Enrolment", "Inquiry", "Lesson", "LessonPart", "Mark", "OrderLetter",
    "PracticeScore", "Question", "Quiz", "Quota", "Reading", "TestScore", "Trainer", "TrainingClass", "Via",
]  # fmt: skip
