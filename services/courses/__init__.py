"""Courses as people see them: list, read, rename, publish, throw away and take back."""

from services.courses.checks import Check, Finding, PublishBlocked, PublishCheck
from services.courses.service import AlreadyPublished, CourseService
from services.courses.views import (
    BlockView,
    CourseSummary,
    CourseView,
    LessonView,
    ModuleView,
    QuizView,
    SourceView,
    VersionView,
)

__all__ = [
    'AlreadyPublished',
    'BlockView',
    'Check',
    'CourseService',
    'CourseSummary',
    'CourseView',
    'Finding',
    'LessonView',
    'ModuleView',
    'PublishBlocked',
    'PublishCheck',
    'QuizView',
    'SourceView',
    'VersionView',
]
