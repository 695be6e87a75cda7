"""Where you are, and the one thing to do here."""

from nicegui import ui

from components.markup import escape, markup
from components.stages import stages_html


class page_header(ui.element):
    """One per page. Buttons go into `.actions`: `with page_header('Members').actions: button('Invite',
    kind='primary')`.

    The title says the state: 'Five things need you'. `subtitle_html` is for a subtitle with a status in it.
    """

    def __init__(
        self, title: str, *, eyebrow: str = '', subtitle: str = '', subtitle_html: str = '', stage: int | None = None,
        aside_html: str = '',
    ) -> None:  # fmt: skip
        super().__init__('div')
        self.classes('cw-page-header')
        with self:
            if stage is not None:
                self._stage = markup(classes='cw-stage-line')
                self.reach(stage, aside_html=aside_html)
            self._words = markup(classes='cw-titles')
            self.actions = ui.element('div').classes('cw-actions')
        self.say(title, eyebrow=eyebrow, subtitle=subtitle, subtitle_html=subtitle_html)

    def reach(self, stage: int, *, aside_html: str = '') -> None:
        """Move on in the line of stages; only for a header that began with one."""
        self._stage.show(f'{stages_html(stage)}<div class="cw-aside">{aside_html}</div>')

    def say(self, title: str, *, eyebrow: str = '', subtitle: str = '', subtitle_html: str = '') -> None:
        """Change the words and keep the buttons."""
        above = f'<p class="cw-eyebrow">{escape(eyebrow)}</p>' if eyebrow else ''
        below = subtitle_html or escape(subtitle)
        self._words.show(
            f'{above}<h1 tabindex="-1">{escape(title)}</h1>' + (f'<p class="cw-subtitle">{below}</p>' if below else '')
        )
