"""The learner's way through a course, as the player's outline and ruler show it."""

from uuid import UUID

from components.i18n import _, duration, number, percent
from components.player_frame import OutlineItem
from components.ruler import Segment
from services.enrollments import OutlineLesson, OutlineView


def lesson_path(course_id: UUID, lesson_id: UUID | None = None) -> str:
    """Without a lesson: wherever the learner left."""
    return f'/learn/{course_id}/{lesson_id}' if lesson_id else f'/learn/{course_id}'


def outline_items(outline: OutlineView, current: UUID) -> list[tuple[str, list[OutlineItem]]]:
    def item(lesson: OutlineLesson) -> OutlineItem:
        return OutlineItem(
            title=lesson.title,
            href=lesson_path(outline.course_id, lesson.id),
            state='completed' if lesson.done else 'in_progress' if lesson.id == current else 'not_started',
            aside=_score(lesson) or duration(lesson.minutes),
            current=lesson.id == current,
        )

    return [(module.title, [item(lesson) for lesson in module.lessons]) for module in outline.modules]


def segments(outline: OutlineView, current: UUID) -> list[Segment]:
    return [
        Segment(
            minutes=lesson.minutes,
            state='done' if lesson.done else 'working' if lesson.id == current else 'open',
            label=lesson.title,
        )
        for lesson in outline.lessons
    ]


def progress_words(outline: OutlineView) -> str:
    share = percent(outline.progress)
    if not outline.minutes_left:
        return _('{share} done', share=share)
    return _('{share}, about {time} left', share=share, time=duration(outline.minutes_left))


def _score(lesson: OutlineLesson) -> str:
    quiz = lesson.quiz
    if quiz is None or quiz.best_score is None:
        return ''
    return f'{number(quiz.best_score)} / {number(quiz.max_score)}'
