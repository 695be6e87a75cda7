"""Two drafts of the outline beside each other in words: what was asked, what was answered, what changed."""

from collections.abc import Sequence

from nicegui import ui

from components.field import select_field
from components.i18n import _
from components.markup import escape, markup
from pages.studio.outline_rows import changes_html
from services.generation.views import OutlineView


class DraftsCompared:
    """The last two at first; with three or more, any two."""

    def __init__(self) -> None:
        self._drafts: Sequence[OutlineView] = ()
        self._older, self._newer = 0, 0
        self._choice = ui.element('div').classes('cw-line cw-close cw-drafts-choice')
        self._changes = markup(classes='cw-thread')

    def show(self, drafts: Sequence[OutlineView]) -> None:
        if len(drafts) != len(self._drafts):
            self._older, self._newer = max(len(drafts) - 2, 0), len(drafts) - 1
        self._drafts = drafts
        self._offer()
        self._draw()

    def _offer(self) -> None:
        self._choice.clear()
        if len(self._drafts) < 3:
            return
        names = {place: _('Draft {n}', n=draft.number) for place, draft in enumerate(self._drafts)}
        with self._choice:
            select_field(_('From'), names, value=self._older, on_change=self._from)
            select_field(_('To'), names, value=self._newer, on_change=self._to)

    def _from(self, place: int) -> None:
        self._older = int(place)
        self._draw()

    def _to(self, place: int) -> None:
        self._newer = int(place)
        self._draw()

    def _draw(self) -> None:
        if len(self._drafts) < 2:
            words = _('This is the first draft. What the next one changes is shown here.')
            self._changes.show(f'<p class="cw-small-text">{escape(words)}</p>')
            return
        older, newer = self._drafts[self._older], self._drafts[self._newer]
        self._changes.show(_asked_html(newer) + changes_html(older.outline, newer.outline))


def _asked_html(draft: OutlineView) -> str:
    if not draft.comment:
        return ''
    asked = f'<p class="cw-small-text">{escape(_("Asked:"))} <q>{escape(draft.comment)}</q></p>'
    answer = f'<p class="cw-small-text">{escape(_("Answered:"))} {escape(draft.answer)}</p>' if draft.answer else ''
    return f'<div class="cw-stack cw-tight">{asked}{answer}</div>'
