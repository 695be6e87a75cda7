"""The learner's page: the outline left, the text in a reading column, sources and notes in its margin, the dock
below."""

from collections.abc import Sequence
from dataclasses import dataclass

from nicegui import ui

from components.avatar import avatar_html
from components.i18n import _
from components.markup import attributes, escape, icon, markup
from components.ruler import Segment, ruler_html
from components.status import status_html

# A drawer needs no word with the server: it opens at once, and closes with Escape or by pressing beside it.
_TOGGLE = """(event) => {
    const outline = event.currentTarget.closest('.cw-player').querySelector('.cw-player-outline');
    const button = event.currentTarget.querySelector('button');
    const show = (open) => { outline.classList.toggle('cw-open', open); button.setAttribute('aria-expanded', open); };
    const leave = (event) => {
        const inside = event.type === 'click' && (outline.contains(event.target) || button.contains(event.target));
        if (inside || (event.type === 'keydown' && event.key !== 'Escape')) return;
        show(false);
        for (const kind of ['click', 'keydown']) document.removeEventListener(kind, outline.cwLeave);
    };
    const open = !outline.classList.contains('cw-open');
    for (const kind of ['click', 'keydown']) document.removeEventListener(kind, outline.cwLeave);
    show(open);
    if (!open) return;
    outline.cwLeave = leave;
    for (const kind of ['click', 'keydown']) document.addEventListener(kind, leave);
    outline.querySelector('[aria-current]')?.focus();
}"""


@dataclass(frozen=True, kw_only=True)
class OutlineItem:
    """`state` is 'completed', 'in_progress', 'not_started' or 'locked'; `aside` e.g. '20 min' or '9 / 10'."""

    title: str
    href: str
    state: str = 'not_started'
    aside: str = ''
    current: bool = False


class player_frame(ui.element):
    """Slots: `.tools` (header buttons), `.content` (the reading column), `.margin` (`note_html`s), `.foot` (the
    dock)."""

    def __init__(
        self, *, title: str, back: str, segments: Sequence[Segment], progress: str, person: str,
        outline: Sequence[tuple[str, Sequence[OutlineItem]]] = (),
    ) -> None:  # fmt: skip
        super().__init__('div')
        self.classes('cw-player')
        with self:
            with ui.element('header').classes('cw-player-head'):
                markup(_back_html(title, back), classes='cw-player-title')
                self._progress = markup(classes='cw-player-progress')
                self.tools = ui.element('div').classes('cw-line cw-close cw-player-tools')
                self._toggle = markup(_outline_button(), tag='span', classes='cw-player-toggle')
                self._toggle.on('click', js_handler=_TOGGLE)
                markup(avatar_html(person, ground='accent', decorative=False), tag='span', classes='cw-player-person')
            self._outline = markup(outline_html(outline), tag='nav', classes='cw-player-outline')
            self._outline.props['aria-label'] = _('Lessons')
            with ui.element('div').classes('cw-player-main'):
                self.content = ui.element('article').classes('cw-player-text')
                self.margin = ui.element('aside').classes('cw-player-margin')
                self.margin.props['aria-label'] = _('Sources and notes')
            self.foot = ui.element('div').classes('cw-dock cw-player-foot')
        self.show_progress(segments, progress)

    def show_progress(self, segments: Sequence[Segment], progress: str) -> None:
        self._progress.show(f'{ruler_html(segments, label=progress)}<span>{escape(progress)}</span>')

    def show_outline(self, modules: Sequence[tuple[str, Sequence[OutlineItem]]]) -> None:
        self._outline.show(outline_html(modules))


def outline_html(modules: Sequence[tuple[str, Sequence[OutlineItem]]]) -> str:
    def line(item: OutlineItem) -> str:
        given = attributes(href=item.href, aria_current='page' if item.current else None)
        mark = status_html(item.state, word=False)
        return f'<li><a{given}>{mark}<span>{escape(item.title)}</span><small>{escape(item.aside)}</small></a></li>'

    return ''.join(
        f'<h2>{escape(title)}</h2><ul>{"".join(line(item) for item in items)}</ul>' for title, items in modules
    )


def _back_html(title: str, back: str) -> str:
    given = attributes(class_='cw-btn cw-icon-btn', href=back, aria_label=_('Back to my courses'))
    return f'<a{given}>{icon("arrow_back", "cw-flips")}</a><b class="cw-cut">{escape(title)}</b>'


def _outline_button() -> str:
    given = attributes(type='button', class_='cw-btn cw-icon-btn', aria_expanded='false', aria_label=_('Lessons'))
    return f'<button{given}>{icon("toc")}</button>'
