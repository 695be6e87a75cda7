"""Why it is worth it, one thing to do, and a way to try."""

from nicegui import ui

from components.dovetail import ART
from components.layout import boxed
from components.markup import escape, markup


class empty_state(boxed):
    """Buttons go inside: `with empty_state('Start with one document', 'A handbook, a policy …'): button(…)`.

    `footnote` stands under the buttons. `art=False` for small places (a card, a filter that matches nothing).
    """

    def __init__(
        self, title: str, sentence: str = '', *, footnote: str = '', art: bool = True, dashed: bool = False
    ) -> None:
        super().__init__('div')
        self.classes('cw-empty' + (' cw-dashed' if dashed else ''))
        with self.default_slot:
            markup(
                (ART if art else '') + f'<h2>{escape(title)}</h2><p>{escape(sentence)}</p>', classes='cw-empty-words'
            )
            self.body = ui.element('div').classes('cw-actions')
            if footnote:
                markup(escape(footnote), tag='p', classes='cw-small-text')
