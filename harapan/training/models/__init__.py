"""Courses, their batches, and who takes part; the lessons and quizzes of those taught online."""

from harapan.training.models.attempt import Answer, Attempt, Inquiry, Reading
from harapan.training.models.course import Batch, Course
from harapan.training.models.enrolment import Enrolment
from harapan.training.models.lesson import Edition, Lesson, LessonPart
from harapan.training.models.question import Question, Quiz

__all__ = [
    "Answer", "Attempt", "Batch", "Course", "Edition", "Enrolment", "Inquiry", "Lesson", "LessonPart", "Question",
    "Quiz", "Reading",
]  # fmt: skip
