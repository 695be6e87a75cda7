"""A block's content as fields to write in: rich text, a slide, or a question with its key."""

from collections.abc import Callable
from typing import Any, Protocol

from nicegui import ui

from components.button import button, icon_button
from components.field import text_area, text_field
from components.i18n import _
from components.markup import escape, markup
from components.rich_editor import KeptAt, rich_editor
from pages.studio.lab_form import LabForm
from services.richtext import LONGEST, sanitise

Keep = Callable[[], None]
PICTURES_URL, PASTE_URL = '/api/v1/files/upload', '/api/v1/text/clean'


class BlockForm(Protocol):
    async def finish(self) -> dict[str, Any]:
        """What is typed now, as the service wants it; nothing more can be typed until `go_on`."""
        ...

    def go_on(self) -> None: ...

    async def forget(self) -> None:
        """The words are saved, or not wanted: the browser need not keep them."""
        ...


def block_form(
    type: str,
    content: dict[str, Any],
    keep: Keep,
    kept_at: KeptAt | None,
    *,
    save: Callable[[], Any],
    focus: bool = True,
) -> BlockForm:
    """Text goes to `kept_at` (if given) as it is typed; of other kinds, `keep()` is called when typing has paused."""
    if type == 'slide':
        return _SlideForm(content, keep)
    if type == 'question':
        return _QuestionForm(content, keep)
    if type == 'lab':
        return LabForm(content, keep)
    return TextForm(content, kept_at, save=save, label=_('Text of the block'), focus=focus)


class TextForm:
    def __init__(
        self,
        content: dict[str, Any],
        kept_at: KeptAt | None,
        *,
        save: Callable[[], Any],
        label: str,
        focus: bool = True,
    ) -> None:
        self._editor = rich_editor(
            str(content.get('html', '')), sanitise=sanitise, kept_at=kept_at, images=PICTURES_URL, clean=PASTE_URL,
            label=label, longest=LONGEST, on_save=save, focus=focus,
        )  # fmt: skip
        self.go_on, self.forget = self._editor.go_on, self._editor.forget

    async def finish(self) -> dict[str, Any]:
        return {'html': await self._editor.finish()}


class _Fields:
    """Forms whose words are on the server as soon as they are typed."""

    def content(self) -> dict[str, Any]:
        raise NotImplementedError

    async def finish(self) -> dict[str, Any]:
        return self.content()

    def go_on(self) -> None:
        return None

    async def forget(self) -> None:
        return None


class _SlideForm(_Fields):
    def __init__(self, content: dict[str, Any], keep: Keep) -> None:
        def changed(_value: Any) -> None:
            keep()

        with ui.element('div').classes('cw-stack cw-tight'):
            self._title = text_field(_('Title'), value=str(content.get('title', '')), keep=changed)
            self._bullets = text_area(
                _('Points'),
                value='\n'.join(content.get('bullets', [])),
                rows=4,
                keep=changed,
                help=_('One on each line'),
            )
            self._notes = text_area(
                _('Speaker notes'), value=str(content.get('notes', '')), rows=3, keep=changed, optional=True
            )

    def content(self) -> dict[str, Any]:
        points = [point.strip(' •-') for point in str(self._bullets.value or '').splitlines()]
        return {
            'title': str(self._title.value or ''),
            'bullets': [point for point in points if point],
            'notes': str(self._notes.value or ''),
        }


class _QuestionForm(_Fields):
    """True/false keeps its two answers; the others may have more or fewer."""

    def __init__(self, content: dict[str, Any], keep: Keep) -> None:
        self._kind, self._keep = str(content.get('kind', 'single')), keep
        self._answers: list[dict[str, Any]] = [dict(option) for option in content.get('options', [])]

        def changed(_value: Any) -> None:
            keep()

        with ui.element('div').classes('cw-stack cw-tight'):
            self._prompt = text_area(_('Question'), value=str(content.get('prompt', '')), rows=2, keep=changed)
            if self._kind == 'short':
                accepted = '\n'.join(content.get('accepted', []))
                self._accepted = text_area(
                    _('Accepted answers'), value=accepted, rows=3, keep=changed,
                    help=_('One on each line; capitals and blanks at the ends do not matter'),
                )  # fmt: skip
            else:
                with ui.element('div').classes('cw-field'):
                    markup(escape(_('Answers, the right ones ticked')), classes='cw-legend')
                    self._rows = ui.element('div').classes('cw-answers-form')
                self._draw()
            self._explanation = text_area(
                _('Why'), value=str(content.get('explanation', '')), rows=2, keep=changed, optional=True,
                help=_('Learners read this after they answered'),
            )  # fmt: skip

    def content(self) -> dict[str, Any]:
        short = self._kind == 'short'
        return {
            'kind': self._kind,
            'prompt': str(self._prompt.value or ''),
            'options': [] if short else [dict(answer) for answer in self._answers],
            'accepted': str(self._accepted.value or '').splitlines() if short else [],
            'explanation': str(self._explanation.value or ''),
        }

    def _draw(self) -> None:
        self._rows.clear()
        with self._rows:
            for place, answer in enumerate(self._answers):
                self._draw_answer(place, answer)
            if self._kind != 'true_false':
                button(_('Add an answer'), icon='add', small=True, kind='quiet', on_click=self._add)

    def _draw_answer(self, place: int, answer: dict[str, Any]) -> None:
        with ui.element('div').classes('cw-line cw-close cw-answer-row'):
            box = ui.checkbox(value=bool(answer.get('correct')), on_change=lambda event: self._tick(place, event.value))
            box.props['aria-label'] = _('Answer {n} is right', n=place + 1)
            text = ui.input(value=str(answer.get('text', '')), on_change=lambda event: self._type(place, event.value))
            text.props('outlined dense').classes('cw-grow')
            text.props['aria-label'] = _('Answer {n}', n=place + 1)
            if self._kind != 'true_false' and len(self._answers) > 2:
                icon_button(
                    'delete', _('Remove answer {n}', n=place + 1), small=True, on_click=lambda: self._remove(place)
                )

    def _tick(self, place: int, right: bool) -> None:
        self._answers[place]['correct'] = bool(right)
        if right and self._kind != 'multiple':
            for other, answer in enumerate(self._answers):
                answer['correct'] = other == place
            self._draw()
        self._keep()

    def _type(self, place: int, text: str | None) -> None:
        self._answers[place]['text'] = str(text or '')
        self._keep()

    def _add(self) -> None:
        used = {str(answer.get('id')) for answer in self._answers}
        free = next(letter for letter in 'abcdefghijklmnopqrstuvwxyz' if letter not in used)
        self._answers.append({'id': free, 'text': '', 'correct': False})
        self._draw()

    def _remove(self, place: int) -> None:
        del self._answers[place]
        self._draw()
        self._keep()
