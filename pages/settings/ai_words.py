"""Words for AI acts: purposes, results, acts and amounts of money."""

from components.i18n import _, number
from components.markup import escape
from components.status import status_html
from services.ai.prices import MICROS

_TONES = {'ok': 'passed', 'repaired': 'passed', 'refused': 'failed', 'failed': 'failed', 'budget': 'stopped'}


def money(micros: int | None, currency: str) -> str:
    """'0.0123 USD'; a price that nobody knows is never 0."""
    if micros is None:
        return _('unknown')
    value = micros / MICROS
    return f'{number(value, 2 if value >= 1 or not value else 4)} {currency}'


def purpose_words(purpose: str) -> str:
    return {
        'outline': _('Outline'),
        'lesson': _('Lesson'),
        'block': _('Block written again'),
        'syllabus': _('Syllabus'),
        'slides': _('Slides'),
        'quiz': _('Questions'),
        'chat': _('Chat'),
        'regeneration': _('Block by instruction'),
        'suggestion': _('Suggestion'),
        'source': _('Changed source'),
        'text': _('Text'),
        'slide': _('Slide'),
        'question': _('Question'),
        'lab': _('Lab exercise'),
        'translation': _('Translation'),
    }.get(purpose, purpose.replace('_', ' ').capitalize())


def result_names() -> dict[str, str]:
    return {
        'ok': _('answered'),
        'repaired': _('answered after a repair'),
        'refused': _('nothing usable'),
        'failed': _('no answer'),
        'budget': _('not asked: budget'),
    }


def result_html(result: str) -> str:
    return status_html(_TONES.get(result, 'stopped'), result_names().get(result, result))


def act_names() -> dict[str, str]:
    return {
        'called': _('Written by a model'),
        'accepted': _('Accepted by a person'),
        'edited': _('Edited by a person'),
        'declined': _('Declined by a person'),
    }


def nobody_html(name: str) -> str:
    return escape(name) if name else f'<span class="cw-ink2">{escape(_("the platform"))}</span>'
