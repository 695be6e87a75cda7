"""What parts are called."""

from components.i18n import _, ngettext
from services.generation.parts import PartView


def kinds() -> dict[str, str]:
    return {'syllabus': _('Syllabus'), 'slides': _('Slides'), 'quiz': _('Quiz'), 'lab': _('Lab exercise')}


def question_kinds() -> dict[str, str]:
    return {
        'single': _('Single choice'),
        'multiple': _('Several right'),
        'true_false': _('True or false'),
        'short': _('Short answer'),
    }


def icon_of(kind: str) -> str:
    return {'syllabus': 'account_tree', 'slides': 'slideshow', 'quiz': 'quiz', 'lab': 'terminal'}[kind]


def size(part: PartView) -> str:
    """'4 questions', '3 modules'; '' until it is written."""
    if part.outline:
        return ngettext('{n} module', '{n} modules', len(part.outline.get('modules') or []))
    count = len(part.blocks)
    if not count:
        return ''
    return {
        'slides': ngettext('{n} slide', '{n} slides', count),
        'quiz': ngettext('{n} question', '{n} questions', count),
        'lab': ngettext('{n} exercise', '{n} exercises', count),
    }.get(part.kind, '')
