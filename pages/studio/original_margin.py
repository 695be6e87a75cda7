"""Under a translated block: where it comes from, and whether that says something else by now."""

from collections.abc import Mapping
from uuid import UUID

from components.i18n import _
from components.markup import escape
from components.notice import notice_html
from pages.studio.part import Desk
from services.generation.translation import TRANSLATABLE, OriginalView


async def load(desk: Desk) -> Mapping[UUID, str]:
    found = await desk.services.translations.originals(desk.viewer, desk.workflow.id)
    return {block_id: _html(original) for block_id, original in found.items()}


def _html(original: OriginalView) -> str:
    language = TRANSLATABLE.get(original.language.split('-')[0], original.language)
    link = f'<a class="cw-link" href="/courses/{original.course_id}">{escape(original.title)}</a>'
    if original.changed:
        words = _('The original has changed since this was translated. Compare it with')
        return notice_html(words, tone='warn', extra_html=link)
    words = _('Translated ({language} original); quotes stay in the language of their documents.', language=language)
    return f'<p class="cw-small-text">{escape(words)} {link}</p>'
