"""Who learns what, and how far they are."""

from services.enrollments.service import EnrollmentService
from services.enrollments.views import (
    CompletionView,
    EnrollmentLine,
    EnrollmentView,
    LessonPage,
    MemberView,
    MyCourse,
    OutlineLesson,
    OutlineModule,
    OutlineView,
    QuizStanding,
)

__all__ = [
    'CompletionView',
    'EnrollmentLine',
    'EnrollmentService',
    'EnrollmentView',
    'LessonPage',
    'MemberView',
    'MyCourse',
    'OutlineLesson',
    'OutlineModule',
    'OutlineView',
    'QuizStanding',
]
