"""What the knowledge pages call things that programs name otherwise."""

from babel import Locale, UnknownLocaleError

from components.i18n import _, locale, ngettext, number, translated
from services.knowledge.quality import REASONS
from services.knowledge.views import DocumentView, HiddenView


def collection_name(collection: str) -> str:
    return {
        'content_generation': _('Writing courses'),
        'lab_assistance': _('Help in labs'),
        'user_interactions': _('Questions and answers'),
        'course_knowledge': _('Approved lessons'),
    }.get(collection, collection)


def collection_purpose(collection: str) -> str:
    return {
        'content_generation': _('Courses are written from these documents, sentence by sentence with its source.'),
        'lab_assistance': _('A hint in a lab cites these documents, and no others.'),
        'user_interactions': _('Questions that somebody found a good answer to, with the passage that helped.'),
        'course_knowledge': _(
            'Lessons that were approved find their way here by themselves; courses may build on them.'
        ),
    }.get(collection, '')


def collection_names() -> dict[str, str]:
    return {
        key: collection_name(key)
        for key in ('content_generation', 'lab_assistance', 'user_interactions', 'course_knowledge')
    }


def language_name(code: str) -> str:
    """As the viewer's language calls it."""
    if not code:
        return _('not sure')
    try:
        return Locale.parse(code.replace('-', '_')).get_display_name(locale()) or code
    except (UnknownLocaleError, ValueError):
        return code


def reasons(document: DocumentView) -> list[tuple[str, int]]:
    """(why, points lost), the heaviest first."""
    return [
        (translated(REASONS[key], n=number(value, 0)), lost) for key, value, lost in document.reasons if key in REASONS
    ]


def hidden_kind(kind: str) -> str:
    return {
        'characters': _('Characters that cannot be seen'),
        'pale': _('Letters in the colour of what is behind them'),
        'tiny': _('Letters too small to read'),
        'outside': _('Beyond the edge of the paper'),
        'marked': _('Marked as hidden'),
        'slide': _('A slide that is not shown'),
        'metadata': _('What the file says of itself'),
    }.get(kind, kind)


def hidden_words(found: list[HiddenView]) -> str:
    """'12 hidden characters and 2 hidden passages were left out.'"""
    characters = sum(one.count for one in found if one.kind == 'characters')
    passages = sum(one.count for one in found if one.kind not in ('characters', 'metadata'))
    parts = [ngettext('{n} hidden character', '{n} hidden characters', characters)] if characters else []
    parts += [ngettext('{n} hidden passage', '{n} hidden passages', passages)] if passages else []
    return _('Left out, because a reader would not have seen it: {what}.', what=', '.join(parts)) if parts else ''
