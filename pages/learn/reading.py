"""The reading column: text as one run, slides that follow each other as one deck."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import groupby

from nicegui import ui

from components.i18n import _
from components.lab_view import lab_html
from components.markup import attributes, escape, icon, markup
from components.origin import own_words_html
from pages.learn.sources import Notes
from services import richtext
from services.courses import BlockView

OpenSource = Callable[[str], Awaitable[None]]
Placed = tuple[int, BlockView]


def reading_column(blocks: Sequence[BlockView], notes: Notes, open_source: OpenSource) -> None:
    """Everything of a lesson but its questions, which stand together at the end."""

    async def act(kind: str, key: str) -> None:
        if kind == 'source':
            await open_source(key)

    for kind, run in _runs(blocks):
        if kind == 'slide':
            slide_deck(run, notes, open_source)
        elif kind == 'lab':
            for _place, block in run:
                task = richtext.for_display(str(block.content.get('task_html', '')))
                markup(lab_html(block.content, task, solved=False), classes='cw-card cw-lab-card')
        else:
            html = '\n'.join(
                notes.numbered_html(richtext.for_display(str(block.content.get('html', ''))), block, place)
                + own_words_html(block.own_words)
                for place, block in run
            )
            markup(html, classes='cw-prose cw-reading', on_act=act)


class slide_deck(ui.element):
    """Slides with a pager; what the speaker would say is folded away under them."""

    def __init__(self, slides: Sequence[Placed], notes: Notes, open_source: OpenSource) -> None:
        super().__init__('section')
        self.classes('cw-card cw-deck')
        self.props['aria-label'] = _('Slides')
        self._slides, self._notes, self._open_source, self._at = slides, notes, open_source, 0
        with self:
            self._shown = markup(self._html(), on_act=self._act)

    async def _act(self, act: str, of: str) -> None:
        if act == 'source':
            await self._open_source(of)
        elif act == 'turn':
            self._at = min(max(self._at + (1 if of == 'next' else -1), 0), len(self._slides) - 1)
            self._shown.show(self._html())

    def _html(self) -> str:
        place, block = self._slides[self._at]
        points = ''.join(f'<li>{escape(str(point))}</li>' for point in block.content.get('bullets', ()))
        spoken = str(block.content.get('notes', ''))
        said = f'<details><summary>{escape(_("What a speaker would add"))}</summary><p>{escape(spoken)}</p></details>'
        title = escape(str(block.content.get('title', '')))
        head = escape(_('Slides') if len(self._slides) > 1 else _('Slide'))
        return (
            f'<div class="cw-deck-head"><b>{head}</b>{self._pager_html()}</div>'
            f'<div class="cw-deck-slide"><h2>{title}{self._notes.links_html(block, place)}</h2><ul>{points}</ul></div>'
            + (said if spoken else '')
        )

    def _pager_html(self) -> str:
        count = len(self._slides)
        if count == 1:
            return ''

        def arrow(symbol: str, label: str, of: str, off: bool) -> str:
            given = attributes(
                type='button', class_='cw-btn cw-icon-btn cw-small', data_act='turn', data_of=of, aria_label=label,
                disabled=off,
            )  # fmt: skip
            return f'<button{given}>{icon(symbol, "cw-flips")}</button>'

        words = _('{position} of {total}', position=self._at + 1, total=count)
        return (
            f'<span class="cw-pages">{arrow("chevron_left", _("Previous slide"), "previous", self._at == 0)}'
            f'<span role="status">{escape(words)}</span>'
            f'{arrow("chevron_right", _("Next slide"), "next", self._at == count - 1)}</span>'
        )


def _runs(blocks: Sequence[BlockView]) -> Iterator[tuple[str, list[Placed]]]:
    placed = [(place, block) for place, block in enumerate(blocks) if block.type in ('text', 'slide', 'lab')]
    for kind, run in groupby(placed, key=lambda one: one[1].type):
        yield kind, list(run)
