"""A question to the documents, the passages that answer it, and a thumb for each."""

from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button
from components.card import card
from components.i18n import _
from components.live import refresh_later
from components.markup import escape, markup
from components.notice import toast
from pages.knowledge.found import found_html
from services.knowledge.views import Found
from services.platform import Services
from services.viewer import Viewer

_SHOWN = 8


class Asking:
    def __init__(self, viewer: Viewer, services: Services, query: str, folder_id: UUID | None) -> None:
        self._viewer, self._services, self._folder_id = viewer, services, folder_id
        self._asked = ''
        self._found: list[Found] = []
        self._thumbs: dict[int, tuple[UUID, bool]] = {}
        self._learns = True
        note = _('in this folder, by meaning and by word') if folder_id else _('by meaning and by word')
        with card(_('Search what they say'), note=note):
            with (
                ui.element('form')
                .classes('cw-ask')
                .props('role=search')
                .on('submit', self.ask, js_handler='(event) => { event.preventDefault(); emit(); }')
            ):
                self._query = ui.input(value=query, placeholder=_('How long may cooked rice stand?'))
                self._query.props('outlined dense type=search maxlength=500')
                self._query.props['aria-label'] = _('What are you looking for?')
                button(_('Search'), icon='search').props('type=submit')
            self._answers = markup(classes='cw-answers', on_act=self._act)
            self._answers.props('aria-live=polite')
            self._answers.set_visibility(False)
        if query.strip():
            refresh_later(self._answers, self.ask)

    @action
    async def ask(self) -> None:
        words = str(self._query.value or '').strip()
        if not words:
            self._answers.set_visibility(False)
            return
        self._answers.set_visibility(True)
        self._answers.show(f'<p class="cw-small-text">{escape(_("Searching"))}</p>')
        found = await self._services.documents.search(
            self._viewer, words, limit=_SHOWN, folder_id=self._folder_id, counted=True
        )
        self._learns = (await self._services.knowledge.wishes(self._viewer)).learns
        self._asked, self._found, self._thumbs = words, list(found), {}
        self._draw()

    @action
    async def _act(self, act: str, of: str) -> None:
        place = int(of) if of.isdecimal() else -1
        if act not in ('up', 'down') or not 0 <= place < len(self._found):
            return
        helpful, given = act == 'up', self._thumbs.pop(place, None)
        if given is not None and given[1] == helpful:
            await self._services.learning.take_back(self._viewer, given[0])
        else:
            one = self._found[place]
            vote = await self._services.learning.learn(
                self._viewer,
                self._asked,
                document_id=one.document_id,
                page=one.page,
                start=one.start,
                helpful=helpful,
            )
            self._thumbs[place] = vote.id, helpful
            toast(
                _('Noted. For questions like this one, the passage comes earlier.')
                if helpful
                else _('Noted. For questions like this one, the passage comes later.'),
                undo=lambda: self._act(act, of),
            )
        self._draw()

    def _draw(self) -> None:
        thumbs = {place: helpful for place, (_key, helpful) in self._thumbs.items()} if self._learns else None
        self._answers.show(found_html(self._found, self._asked, thumbs=thumbs))
