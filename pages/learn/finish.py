"""After the last lesson: what was done, how the quizzes went, and the way back in."""

from components.button import link_button
from components.card import card, list_row_html
from components.figure import Figure, figures
from components.frame import here
from components.i18n import _, day, duration, ngettext, number, percent
from components.layout import page
from components.markup import markup
from components.page_header import page_header
from components.status import status_html
from pages.learn.outline import lesson_path
from services.enrollments import OutlineLesson, OutlineView


def finish_page(outline: OutlineView) -> None:
    here((_('Courses'), '/courses'), outline.title, nav='/courses')
    quizzes = [lesson for lesson in outline.lessons if lesson.quiz is not None and lesson.quiz.questions]
    with page():
        when = day(outline.completed_at) if outline.completed_at else ''
        head = page_header(_('You have finished this course'), eyebrow=outline.title, subtitle=_('on {day}', day=when))
        with head.actions:
            first = outline.lessons[0].id if outline.lessons else None
            link_button(_('Read it again'), lesson_path(outline.course_id, first), icon='replay')
            link_button(_('To my courses'), '/courses', kind='primary', icon='book_2')
        figures(_figures(outline, quizzes))
        if quizzes:
            with card(_('How the quizzes went'), note=_('the best try counts'), padded=False):
                markup(''.join(_row_html(outline, lesson) for lesson in quizzes))


def _figures(outline: OutlineView, quizzes: list[OutlineLesson]) -> list[Figure]:
    shares = [score for lesson in quizzes if (score := _share(lesson)) is not None]
    passed = sum(lesson.quiz.passed for lesson in quizzes if lesson.quiz)
    return [
        Figure(
            label=_('Lessons done'),
            value=number(len(outline.lessons)),
            note=ngettext('in {n} module', 'in {n} modules', len(outline.modules)),
        ),
        Figure(label=_('Planned time'), value=duration(outline.minutes)),
        Figure(
            label=_('Quizzes passed'),
            value=_('{n} of {total}', n=number(passed), total=number(len(quizzes))),
        ),
        Figure(
            label=_('Average score'),
            value=percent(sum(shares) / len(shares)) if shares else '–',
            note=_('of the quizzes you handed in') if shares else _('no quiz handed in'),
            help=_('The mean of your best score in each quiz that you handed in.'),
        ),
    ]


def _row_html(outline: OutlineView, lesson: OutlineLesson) -> str:
    quiz, share = lesson.quiz, _share(lesson)
    assert quiz is not None
    if share is None:
        state, score = status_html('not_started', _('Not handed in')), ''
    else:
        state = status_html('passed') if quiz.passed else status_html('look_again', _('Not passed'))
        score = _('{score} of {total}', score=number(quiz.best_score or 0), total=number(quiz.max_score))
    return list_row_html(
        lesson.title,
        second=_('Lesson {number}', number=lesson.number),
        late=(state, score),
        href=lesson_path(outline.course_id, lesson.id),
        action=_('Open'),
    )


def _share(lesson: OutlineLesson) -> float | None:
    quiz = lesson.quiz
    return quiz.best_score / quiz.max_score if quiz and quiz.best_score is not None and quiz.max_score else None
