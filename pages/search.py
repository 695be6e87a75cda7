"""One search over everything the viewer may open: courses by name, lessons by meaning, passages of documents."""

from urllib.parse import urlencode

from nicegui import ui

from components.action import action
from components.button import button_html
from components.card import card, list_row_html
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, listing, ngettext, percent
from components.layout import page, stack
from components.live import refresh_later
from components.markup import escape, markup
from components.page_header import page_header
from components.search_field import search_field
from components.skeleton import skeleton
from services.language.queries import Query
from services.lookup import Lookup
from services.platform import Services
from services.viewer import Permission, Viewer

_EXCERPT = 220


def index(viewer: Viewer, services: Services, q: str = '', exactly: str = '') -> None:
    here(_('Search'))
    _Search(viewer, services, q[:200], exactly=bool(exactly)).build()


class _Search:
    def __init__(self, viewer: Viewer, services: Services, words: str, *, exactly: bool) -> None:
        self._viewer, self._services, self._words, self._exactly = viewer, services, words, exactly

    def build(self) -> None:
        with page():
            self._header = page_header(_('Search'))
            field = search_field(_('A course, a lesson, or what it says'), value=self._words, on_change=self._searched)
            field.classes('cw-search-wide').props('autofocus')
            with ui.element('div').props('aria-live=polite') as self._box:
                if self._words:
                    skeleton(5)
        refresh_later(self._box, self._refresh)

    async def _searched(self, words: str) -> None:
        self._words, self._exactly = words[:200], False
        await self._look()

    async def _look(self) -> None:
        asked = {'q': self._words} | ({'exactly': '1'} if self._exactly else {})
        ui.navigate.history.replace(f'/search?{urlencode(asked)}' if self._words else '/search')
        await self._refresh()

    async def _choose(self, act: str, of: str) -> None:
        self._exactly = act == 'exactly'
        await self._look()

    @action
    async def _refresh(self) -> None:
        words = self._words.strip()
        if not words:
            self._show(None)
            return
        exactly = self._exactly
        found = await self._services.lookup.find(self._viewer, words, exactly=exactly)
        if (words, exactly) == (self._words.strip(), self._exactly):  # an older answer must not cover a newer question
            self._show(found)

    def _show(self, found: Lookup | None) -> None:
        self._box.clear()
        with self._box:
            if found is None:
                empty_state(
                    _('What are you looking for?'),
                    _('Words, or what you mean by them. Also: page:3 type:pdf in:"handbook" "these very words".'),
                    art=False,
                )
                return
            markup(understood_html(found.query, exactly=self._exactly), on_act=self._choose)
            if not (found.courses or found.lessons or found.passages):
                empty_state(_('Nothing found'), _('Try other words, or fewer.'), art=False)
            else:
                self._show_results(found)

    def _show_results(self, found: Lookup) -> None:
        opens = '/courses' if self._viewer.may(Permission.COURSE_READ) else '/learn'
        with stack():
            if found.courses:
                with card(_('Courses'), note=ngettext('{n} found', '{n} found', len(found.courses)), padded=False):
                    rows = (
                        list_row_html(title, icon_name='book_2', href=f'{opens}/{course_id}')
                        for course_id, title in found.courses
                    )
                    markup(''.join(rows))
            if found.lessons:
                with card(_('Lessons'), note=_('closest in meaning first'), padded=False):
                    rows = (
                        list_row_html(
                            hit.lesson_title,
                            second=hit.course_title,
                            icon_name='article',
                            href=f'/learn/{hit.course_id}/{hit.lesson_id}',
                        )
                        for hit in found.lessons
                    )
                    markup(''.join(rows))
            if found.passages:
                with card(_('Passages of documents'), padded=False):
                    rows = (
                        list_row_html(
                            _('{document}, p. {page}', document=passage.document_name, page=passage.page),
                            second=' '.join(passage.text.split())[:_EXCERPT],
                            icon_name='format_quote',
                            late=(escape(percent(passage.score)), escape(_('alike'))),
                            href=f'/knowledge/{passage.document_id}?page={passage.page}',
                        )
                        for passage in found.passages
                    )
                    markup(''.join(rows))


def understood_html(query: Query, *, exactly: bool) -> str:
    """How the words were read where they were not taken as they are, with a way to have it otherwise."""
    parts = [_('“{word}” instead of “{typed}”', word=word, typed=typed) for typed, word in query.corrected]
    parts += [_('{short} also as “{words}”', short=short, words=words) for short, words in query.expanded]
    filters = [_('page {page}', page=query.page)] if query.page else []
    filters += [_('files of the type {type}', type=query.type)] if query.type else []
    filters += [_('documents called “{name}”', name=query.document)] if query.document else []
    filters += [_('with the words “{words}”', words=words) for words in query.phrases]
    html = ''
    if parts:
        words = _('Searched for {words}.', words=listing(parts))
        html += f'{escape(words)} {button_html(_("Search exactly"), "exactly", kind="link")} '
    elif exactly:
        html += f'{escape(_("Searched exactly."))} {button_html(_("Search as usual"), "usual", kind="link")} '
    if filters:
        html += escape(_('Only {filters}.', filters=listing(filters)))
    return f'<p class="cw-small-text">{html}</p>' if html else ''
