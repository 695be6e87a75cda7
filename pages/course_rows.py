"""A course as a row of a list: its title and state, the ruler, and how far it is."""

from collections.abc import Sequence

from components.button import button_html, icon_button_html
from components.i18n import _, duration, number, percent
from components.markup import attributes, escape
from components.ruler import Segment, ruler_html
from components.status import pill_html
from services.analytics.figures import CourseAnalytics
from services.courses import CourseSummary
from services.enrollments import MyCourse


def course_row_html(course: CourseSummary, figures: CourseAnalytics | None = None, *, acts: str = '') -> str:
    """With `figures` a published course shows how far its learners are, without them how many they are."""
    if course.status == 'published':
        words, aside, share = _learning(course, figures)
    else:
        share = course.approved / course.blocks if course.blocks else 0.0
        words = _('{n} of {total}', n=number(course.approved), total=number(course.blocks)) if course.blocks else '–'
        aside = _('blocks approved') if course.blocks else _('nothing drafted')
    second = [course.instructor]
    if course.version:
        second.append(_('version {number}', number=course.version))
    if course.minutes:
        second.append(duration(course.minutes))
    label = f'{words} {aside}'
    return row_html(
        title=course.title,
        href='' if course.deleted_at else f'/courses/{course.id}',
        second=', '.join(second),
        pill=state_pill_html(course),
        ruler=ruler_html(filled(course.ruler, share), label=label) if course.ruler else '',
        words=words,
        aside=aside,
        acts=acts,
    )


def my_course_row_html(course: MyCourse) -> str:
    state = 'completed' if course.completed_at else 'in_progress' if course.progress else 'not_started'
    words = percent(course.progress)
    aside = _('{n} of {total} lessons', n=number(course.lessons_done), total=number(course.lessons))
    left = _('{time} left', time=duration(course.minutes_left)) if course.minutes_left else duration(course.minutes)
    return row_html(
        title=course.title,
        href=f'/learn/{course.course_id}',
        second=f'{course.instructor}, {left}',
        pill=pill_html(state),
        ruler=my_ruler_html(course),
        words=words,
        aside=aside,
    )


def my_ruler_html(course: MyCourse) -> str:
    segments = [Segment(minutes=minutes, state='done' if done else 'open') for minutes, done in course.ruler]
    label = _(
        '{done} of {total} lessons of {title} done',
        done=number(course.lessons_done), total=number(course.lessons), title=course.title,
    )  # fmt: skip
    return ruler_html(segments, label=label)


def row_html(
    *, title: str, href: str, second: str, pill: str, ruler: str, words: str, aside: str, acts: str = ''
) -> str:
    name = f'<a{attributes(href=href)}>{escape(title)}</a>' if href else f'<b>{escape(title)}</b>'
    kind = ' cw-with-acts' if acts else ''
    return (
        f'<div class="cw-course-row{kind}"><div class="cw-course-main">'
        f'<div class="cw-course-head"><span>{name}<small>{escape(second)}</small></span>{pill}</div>{ruler}</div>'
        f'<div class="cw-course-count"><b>{escape(words)}</b><span>{escape(aside)}</span></div>'
        + (f'<span class="cw-course-acts">{acts}</span>' if acts else '')
        + '</div>'
    )


def state_pill_html(course: CourseSummary) -> str:
    if course.deleted_at is not None:
        return pill_html('archived', _('In the recycle bin'))
    if course.status == 'published':
        return pill_html('published')
    if course.status == 'assembled':
        return pill_html('checking', _('Ready to publish')).replace('cw-turns', '')
    return pill_html('in_review') if course.blocks else pill_html('draft')


def delete_html(course: CourseSummary) -> str:
    return icon_button_html('delete', _('Delete {title}', title=course.title), 'delete', str(course.id))


def restore_html(course: CourseSummary) -> str:
    label = _('Restore {title}', title=course.title)
    return button_html(_('Restore'), 'restore', str(course.id), icon='restore_from_trash', label=label)


def filled(minutes: Sequence[int], share: float) -> list[Segment]:
    """The ruler of lessons filled from its beginning, the one that is being worked on hatched."""
    reached, segments, at = share * sum(minutes), [], 0.0
    for length in minutes:
        at += length
        done = at <= reached + 1e-9
        begun = not done and at - length < reached
        segments.append(Segment(minutes=length, state='done' if done else 'working' if begun else 'open'))
    return segments


def _learning(course: CourseSummary, figures: CourseAnalytics | None) -> tuple[str, str, float]:
    if figures is None:
        return number(course.enrolled), _('enrolled'), 1.0
    if not figures.enrolled:
        return '0', _('enrolled'), 0.0
    completed = _('of {n} completed', n=number(figures.enrolled))
    return percent(figures.completed / figures.enrolled), completed, figures.completion_rate
