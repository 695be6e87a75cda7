"""How the knowledge is used: figures, questions that found nothing, and what thumbs have taught."""

from dataclasses import replace
from uuid import UUID

from components.action import action
from components.button import icon_button_html
from components.card import card
from components.figure import Figure, figures_html
from components.frame import here
from components.i18n import _, ngettext, number, percent, when_html
from components.layout import page, stack
from components.live import live, refresh_later
from components.markup import attributes, escape, icon, markup
from components.notice import toast
from components.page_header import page_header
from components.skeleton import skeleton_html
from components.switch_field import switch_html
from pages.areas import area_links
from pages.guarded import id_in
from services.knowledge.figures import Figures
from services.knowledge.learning import VoteView
from services.platform import Services
from services.viewer import Permission, Viewer

PATH = '/knowledge/use'
_SHOWN = 50


def index(viewer: Viewer, services: Services) -> None:
    here((_('Knowledge'), '/knowledge'), _('Use'), nav='/knowledge')
    with page():
        page_header(_('Use'), subtitle=_('What is asked, what finds an answer, and what was learned from it'))
        area_links(viewer, 'knowledge', PATH)
        with stack():
            numbers = markup(skeleton_html(2))
            with card(_('Questions without an answer'), note=_('what a document is missing for'), padded=False):
                unanswered = markup()
            _Learned(viewer, services)

    async def refresh() -> None:
        found = await services.knowledge.read(viewer)
        numbers.show(_figures_html(found))
        unanswered.show(_unanswered_html(found))

    live(numbers, services.bus, f'documents:{viewer.organization_id}', refresh)
    live(unanswered, services.bus, f'learned:{viewer.organization_id}', refresh)
    refresh_later(numbers, refresh)


class _Learned:
    """Every thumb that counts, with a way to take it back, and the switch for all of them."""

    def __init__(self, viewer: Viewer, services: Services) -> None:
        self._viewer, self._services = viewer, services
        with card(_('Learned from thumbs'), note=_('newest first'), padded=False):
            self._switch = markup(classes='cw-switch-row', on_act=self._flip)
            self._rows = markup(skeleton_html(3), on_act=self._act)
        live(self._rows, services.bus, f'learned:{viewer.organization_id}', self.refresh)
        refresh_later(self._rows, self.refresh)

    async def refresh(self) -> None:
        learns = (await self._services.knowledge.wishes(self._viewer)).learns
        self._switch.show(_switch_html(learns, may_flip=self._viewer.may(Permission.ORGANIZATION_MANAGE)))
        found = await self._services.learning.list(self._viewer, limit=_SHOWN)
        may_all = self._viewer.may(Permission.KNOWLEDGE_WRITE)
        self._rows.show(''.join(_vote_html(one, may_all or one.own) for one in found) or _nothing_learned_html())

    @action
    async def _flip(self, act: str, of: str) -> None:
        wishes = await self._services.knowledge.wishes(self._viewer)
        await self._services.knowledge.wish(self._viewer, replace(wishes, learns=not wishes.learns))

    @action
    async def _act(self, act: str, of: str) -> None:
        vote_id = id_in(of)
        await self._services.learning.take_back(self._viewer, vote_id)
        toast(_('The thumb is taken back.'), undo=lambda: self._give_again(vote_id))

    @action
    async def _give_again(self, vote_id: UUID) -> None:
        await self._services.learning.restore(self._viewer, vote_id)


def _switch_html(learns: bool, *, may_flip: bool) -> str:
    label = _('Thumbs change the order of answers')
    if not may_flip:
        off = _('Learning is switched off: thumbs count for nothing at the moment.')
        return '' if learns else f'<p class="cw-small-text">{escape(off)}</p>'
    told = _('Off, they are kept but count for nothing.')
    return (
        f'<span class="cw-two"><b>{escape(label)}</b><small>{escape(told)}</small></span>'
        f'{switch_html(label, learns, "flip")}'
    )


def _figures_html(found: Figures) -> str:
    last = _('in the last {n} days', n=number(found.days))
    rate = '–' if found.hit_rate is None else percent(found.hit_rate)
    return figures_html(
        [
            Figure(
                label=_('Documents'),
                value=number(found.documents),
                note=ngettext('{n} below the line', '{n} below the line', found.below_the_line),
                help=_('The newest version of each document that is not removed.'),
            ),
            Figure(
                label=_('Passages'),
                value=number(found.passages),
                help=_('The pieces that documents are cut into; each can be found and cited by itself.'),
            ),
            Figure(
                label=_('Questions'),
                value=number(found.queries),
                note=last,
                help=_('Searches on the knowledge page and over the REST API. Who asked is not kept.'),
            ),
            Figure(
                label=_('Found an answer'),
                value=rate,
                note=_('{hits} of {all}', hits=number(found.hits), all=number(found.queries)),
                help=_('Questions whose best passage was half near or nearer, or got a thumb up, of all questions.'),
            ),
            Figure(
                label=_('Thumbs'),
                value=number(found.votes),
                help=_('Given to passages for a question, and not taken back.'),
            ),
        ]
    )


def _unanswered_html(found: Figures) -> str:
    if not found.unanswered:
        words = (
            _('Every question found an answer.')
            if found.queries
            else _('Nothing was asked yet. Search on the knowledge page, and what found nothing shows here.')
        )
        return f'<p class="cw-none">{escape(words)}</p>'
    rows = ''
    for one in found.unanswered:
        times = ngettext('{n} time', '{n} times', one.times)
        near = _('best {share} near', share=percent(one.best))
        rows += (
            f'<div class="cw-row"><span class="cw-two cw-row-main"><b>{escape(one.query)}</b></span>'
            f'<span class="cw-two cw-row-meta"><b>{escape(times)}</b><small>{escape(near)}</small></span></div>'
        )
    return rows


def _vote_html(one: VoteView, may_take_back: bool) -> str:
    symbol = 'thumb_up' if one.helpful else 'thumb_down'
    said = _('helped') if one.helpful else _('did not help')
    href = f'/knowledge/{one.document_id}?page={one.page}'
    where = _('{document}, page {page}', document=one.document_name, page=number(one.page))
    link = f'<a{attributes(href=href, class_="cw-plainlink")}>{escape(where)}</a>'
    tools = ''
    if may_take_back:
        label = _('Take back the thumb for “{query}”', query=one.query)
        back = icon_button_html('undo', label, 'back', str(one.id))
        tools = f'<span class="cw-line cw-close cw-row-tools">{back}</span>'
    opening = ' '.join(one.text.split())[:140]
    return (
        f'<div class="cw-row"><span class="cw-tile">{icon(symbol)}</span><span class="cw-two cw-row-main">'
        f'<b>{escape(one.query)}</b>'
        f'<small>{link} {escape(said)} · {escape(one.voter)} · {when_html(one.created_at)}</small>'
        f'<small class="cw-cut">{escape(opening)} …</small></span>{tools}</div>'
    )


def _nothing_learned_html() -> str:
    words = _('No thumb yet. Search on the knowledge page, and say of a passage whether it helped.')
    return f'<p class="cw-none">{escape(words)}</p>'
