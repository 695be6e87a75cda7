"""The figures of a course as the dashboard words and draws them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from components.avatar import avatar_html
from components.chart import Series
from components.figure import Figure, figures_html
from components.i18n import _, ngettext, number, percent, when_html
from components.markup import attributes, escape, icon
from components.ruler import meter_html
from components.status import status_html
from services.analytics.figures import CourseAnalytics, QuestionFigures, StudentFigures
from services.clock import now

_DAYS_SHOWN, _WEEK = 14, 7
_HARD, _EASY, _ENOUGH = 0.4, 0.95, 5


def numbers_html(figures: CourseAnalytics) -> str:
    changed = attributes(hidden=True, data_changed=figures.changed_at.isoformat() if figures.changed_at else None)
    return figures_html(_numbers(figures)) + f'<span{changed}></span>'


def changed_html() -> str:
    """'Live, changed 4 s ago': the browser counts, from the moment that stands beside the figures."""
    words = {
        'data_now': _('Live, changed just now'), 'data_s': _('Live, changed # s ago'),
        'data_min': _('Live, changed # min ago'), 'data_h': _('Live, changed # h ago'),
        'data_d': _('Live, changed # days ago'),
    }  # fmt: skip
    said = f'<span{attributes(class_="cw-since", **words)}>{escape(_("Live"))}</span>'
    return f'<span class="cw-status cw-ok">{icon("sensors")}{said}</span>'


def progress_unit(figures: CourseAnalytics) -> str:
    return _('day') if len(figures.days) <= _DAYS_SHOWN else _('week')


def progress_series(figures: CourseAnalytics) -> list[Series]:
    """Percent by day since the first enrolment; by week once that is long ago."""
    step = 1 if len(figures.days) <= _DAYS_SHOWN else _WEEK
    ends = [min(end, len(figures.days)) for end in range(step, len(figures.days) + step, step)]
    shares = [round(100 * figures.days[end - 1].progress, 1) for end in ends]
    end = _('{share} now', share=percent(figures.completion_rate))
    if not shares:
        return [Series(name=_('progress'), x=[], y=[], end=end)]
    eve = figures.days[0].day - timedelta(days=1)  # everybody begins with nothing
    days = [eve, *(figures.days[end - 1].day for end in ends)]
    return [Series(name=_('progress'), x=days, y=[0.0, *shares], end=end)]


def students_found(figures: CourseAnalytics, words: str, sort: str, *, descending: bool) -> Sequence[StudentFigures]:
    wanted = words.casefold().strip()
    found = [one for one in figures.students if wanted in f'{one.name} {one.email}'.casefold()]
    return sorted(found, key=_ORDERS.get(sort, _ORDERS['name']), reverse=descending)


def student_row(student: StudentFigures) -> dict[str, object]:
    label = _('{name}: {share} done', name=student.name, share=percent(student.progress))
    return {
        'id': student.user_id,
        'name': (
            f'<span class="cw-who">{avatar_html(student.name)}<span class="cw-two"><b>{escape(student.name)}</b>'
            f'<small>{escape(student.email)}</small></span></span>'
        ),
        'progress': share_html(student.progress, label),
        'score': '–' if student.score is None else number(100 * student.score, 0),
        'attempts': student.attempts,
        'seen': when_html(student.last_seen, none=_('not yet')),
    }


def share_html(share: float, label: str) -> str:
    """A share in a table cell: a short bar and the number."""
    return f'<span class="cw-score-cell">{meter_html(share, label=label)} {escape(percent(share))}</span>'


def questions_html(figures: CourseAnalytics, *, most: int | None) -> str:
    """Weakest first; those that nobody has answered come last."""
    ordered = sorted(figures.questions, key=lambda one: (one.right_rate is None, one.right_rate or 0.0))
    if not ordered:
        return f'<p class="cw-small-text cw-pad">{escape(_("This version asks no questions."))}</p>'
    heads = (('', _('Lesson')), ('', _('Question')), ('cw-num', _('Right')), ('', _('Verdict')))
    head = ''.join(f'<th{attributes(scope="col", class_=kind or None)}>{escape(words)}</th>' for kind, words in heads)
    body = ''.join(_question_html(one) for one in ordered[:most])
    caption = f'<caption class="cw-sr">{escape(_("Questions, weakest first"))}</caption>'
    rows = f'{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody>'
    return f'<table class="cw-plain-table cw-questions">{rows}</table>'


def _numbers(figures: CourseAnalytics) -> list[Figure]:
    week_ago = now() - timedelta(days=_WEEK)
    active = sum(one.last_seen is not None and one.last_seen >= week_ago for one in figures.students)
    joined = sum(one.enrolled_at >= week_ago for one in figures.students)
    scored = _('{n} of {total} have a score', n=number(figures.scored), total=number(figures.enrolled))
    return [
        Figure(
            label=_('Enrolled'),
            value=number(figures.enrolled),
            note=ngettext('{n} joined this week', '{n} joined this week', joined),
            help=_('People who are in the course now.'),
        ),
        Figure(
            label=_('Completion'),
            value=percent(figures.completion_rate),
            note=_('{n} of {total} finished', n=number(figures.completed), total=number(figures.enrolled)),
            help=_('Lessons done divided by lessons of the course, as the mean of everybody enrolled.'),
        ),
        Figure(
            label=_('Average score'),
            value=_score(figures.average_score),
            note=scored,
            help=_('Each learner’s mean of the best results in the quizzes tried, of 100; then the mean of those.'),
        ),
        Figure(
            label=_('Median score'),
            value=_score(figures.median_score),
            note=_('half are below, half above'),
            help=_('The middle one of all learners’ scores.'),
        ),
        Figure(
            label=_('Active this week'),
            value=number(active),
            note=_('of {total}', total=number(figures.enrolled)),
            help=_('Learners who opened a lesson, finished one or handed in a quiz in the last seven days.'),
        ),
    ]


def _score(share: float | None) -> str:
    return '–' if share is None else number(100 * share, 0)


def _question_html(question: QuestionFigures) -> str:
    prompt = f'<span class="cw-cut" title="{escape(question.prompt)}">{escape(question.prompt)}</span>'
    if question.right_rate is None:
        rate, verdict = '–', f'<span class="cw-small-text">{escape(_("not answered yet"))}</span>'
    else:
        share = percent(question.right_rate)
        answered = ngettext('{n} first answer', '{n} first answers', question.answered)
        bar = meter_html(question.right_rate, label=_('{share} right, {answered}', share=share, answered=answered))
        rate = f'<span class="cw-score-cell" title="{escape(answered)}">{escape(share)} {bar}</span>'
        verdict = _verdict_html(question)
    return (
        f'<tr><td>{escape(question.number)}</td><td>{prompt}</td><td class="cw-num">{rate}</td><td>{verdict}</td></tr>'
    )


def _verdict_html(question: QuestionFigures) -> str:
    rate = question.right_rate or 0.0
    if question.answered < _ENOUGH:
        return f'<span class="cw-small-text">{escape(_("too few answers"))}</span>'
    if rate < _HARD:
        return status_html('blocks', _('Check the key'))
    if rate >= _EASY:
        return status_html('look_again', _('Too easy'))
    return status_html('sound')


_ORDERS: dict[str, Callable[[StudentFigures], Any]] = {
    'name': lambda one: one.name.casefold(),
    'progress': lambda one: one.progress,
    'score': lambda one: -1.0 if one.score is None else one.score,
    'attempts': lambda one: one.attempts,
    'seen': lambda one: one.last_seen.timestamp() if one.last_seen else 0.0,
}
