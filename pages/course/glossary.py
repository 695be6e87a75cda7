"""The course's glossary: its terms, and what the sources would add to it."""

from collections.abc import Sequence
from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button, button_html
from components.card import card
from components.dialog import ask_comment, dialog
from components.empty_state import empty_state
from components.i18n import _, ngettext
from components.live import live, refresh_later
from components.markup import escape, markup
from components.notice import toast
from components.skeleton import skeleton
from services.language.glossary import SourceOfTerm, Suggestion, TermView
from services.platform import Services
from services.viewer import Permission, Viewer

_SHOWN = 30


async def glossary_card(viewer: Viewer, services: Services, course_id: UUID) -> None:
    """For whoever may read courses."""
    found = await services.glossary.terms(viewer, course_id)
    with card(_('Glossary')) as box:
        words = ngettext('{n} term', '{n} terms', len(found)) if found else _('No term yet.')
        names = ', '.join(term.term for term in found[:8])
        markup(f'<p>{escape(words)}</p><p class="cw-small-text">{escape(names)}</p>')
    with box.aside:
        button(
            _('Edit') if viewer.may(Permission.COURSE_WRITE) else _('Read'),
            small=True,
            on_click=lambda: _Glossary(viewer, services, course_id).open(),
        )


class _Glossary:
    """A dialog; what is accepted moves up into the list at once, in every browser."""

    def __init__(self, viewer: Viewer, services: Services, course_id: UUID) -> None:
        self._viewer, self._glossary, self._course_id = viewer, services.glossary, course_id
        self._may_write = viewer.may(Permission.COURSE_WRITE)
        self._suggested: Sequence[Suggestion] = ()
        self._terms: Sequence[TermView] = ()
        self._bus = services.bus

    def open(self) -> None:
        with dialog(_('Glossary'), _('Terms of this course, with the place in its sources that explains them.'),
                    wide=True) as box:  # fmt: skip
            self._list = markup(classes='cw-glossary', on_act=self._act)
            if self._may_write:
                self._more = ui.element('div')
                with self._more:
                    skeleton(4)
            with box.foot:
                button(_('Close'), on_click=box.close)
        live(self._list, self._bus, f'glossary:{self._course_id}', self._refresh)
        refresh_later(self._list, self._refresh)
        box.open()

    @action
    async def _refresh(self) -> None:
        self._terms = await self._glossary.terms(self._viewer, self._course_id)
        self._list.show(f'<dl>{"".join(map(self._term_html, self._terms))}</dl>')
        if not self._may_write:
            return
        self._suggested = (await self._glossary.suggestions(self._viewer, self._course_id))[:_SHOWN]
        self._more.clear()
        with self._more:
            if self._suggested:
                rows = ''.join(_suggestion_html(place, one) for place, one in enumerate(self._suggested))
                label = f'<p class="cw-label">{escape(_("Suggested from the sources"))}</p>'
                markup(f'{label}<dl>{rows}</dl>', classes='cw-glossary', on_act=self._act)
            elif not self._terms:
                words = _('The documents of this course define no term in a sentence, and spell out no acronym.')
                empty_state(_('Nothing to suggest'), words, art=False)

    def _term_html(self, term: TermView) -> str:
        remove = button_html(_('Remove'), 'remove', str(term.id), kind='quiet') if self._may_write else ''
        place = _('{document}, p. {page}', document=term.document_name, page=term.page) if term.document_id else ''
        return (
            f'<div><dt>{escape(term.term)}</dt><dd>{escape(term.definition)} '
            f'<small>{escape(place or term.added_by)}</small> {remove}</dd></div>'
        )

    @action
    async def _act(self, act: str, of: str) -> None:
        if act == 'remove':
            term = next((one for one in self._terms if str(one.id) == of), None)
            await self._glossary.remove(self._viewer, self._course_id, UUID(of))
            if term is not None:
                toast(_('Removed from the glossary.'), undo=action(lambda: self._bring_back(term)))
            return
        if not of.isdecimal() or int(of) >= len(self._suggested):
            return
        one = self._suggested[int(of)]
        if act == 'decline':
            await self._glossary.decline(self._viewer, self._course_id, one.term)
        elif act == 'accept':
            await self._accept(one)

    async def _accept(self, one: Suggestion) -> None:
        definition: str | None = one.definition
        if not definition:
            definition = await ask_comment(
                _('What does “{term}” mean?', term=one.term), one.quote, do=_('Add'), label=_('Definition')
            )
        if definition:
            source = SourceOfTerm(document_id=one.document_id, page=one.page, start=one.start, end=one.end)
            await self._glossary.accept(self._viewer, self._course_id, one.term, definition, source)

    async def _bring_back(self, term: TermView) -> None:
        await self._glossary.accept(self._viewer, self._course_id, term.term, term.definition)


def _suggestion_html(place: int, one: Suggestion) -> str:
    accept = button_html(_('Add'), 'accept', str(place), icon='add', label=_('Add {term}', term=one.term))
    decline = button_html(_('Not this'), 'decline', str(place), kind='quiet', label=_('Not {term}', term=one.term))
    where = _('{document}, p. {page}', document=one.document_name, page=one.page)
    return (
        f'<div><dt>{escape(one.term)}</dt><dd>{escape(one.definition or one.quote)} <small>{escape(where)}</small>'
        f'<p class="cw-line cw-close">{accept} {decline}</p></dd></div>'
    )
