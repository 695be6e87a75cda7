"""A lab exercise as fields: the task, files in three groups, hints, minutes."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from components.button import button, icon_button
from components.field import number_field, select_field, text_area, text_field
from components.i18n import _
from components.markup import escape, markup
from components.rich_editor import rich_editor
from services.generation.labs import LANGUAGES
from services.richtext import LONGEST, sanitise

Keep = Callable[[], None]
PICTURES_URL, PASTE_URL = '/api/v1/files/upload', '/api/v1/text/clean'


class LabForm:
    def __init__(self, content: dict[str, Any], keep: Keep) -> None:
        def changed(_value: Any) -> None:
            keep()

        with ui.element('div').classes('cw-stack cw-tight'):
            self._title = text_field(_('Title'), value=str(content.get('title', '')), keep=changed)
            markup(escape(_('Task')), classes='cw-legend')
            self._task = rich_editor(
                str(content.get('task_html', '')), sanitise=sanitise, kept_at=None, images=PICTURES_URL,
                clean=PASTE_URL, label=_('Task'), longest=LONGEST, on_save=lambda: None, focus=False,
            )  # fmt: skip
            self._language = select_field(
                _('Language'), LANGUAGES, value=content.get('language') or 'python', on_change=changed
            )
            self._minutes = number_field(
                _('Time'), value=content.get('minutes') or 20, unit=_('min'), minimum=1, maximum=480, keep=changed
            )
            self._files = {
                'starter': _Files(_('What learners begin with'), content.get('starter') or [], keep),
                'solution': _Files(_('Solution, never shown to learners'), content.get('solution') or [], keep),
                'tests': _Files(_('Tests'), content.get('tests') or [], keep),
            }
            self._hints = text_area(
                _('Hints'), value='\n'.join(content.get('hints') or []), rows=2, keep=changed, optional=True,
                help=_('One on each line, the last one nearly says it'),
            )  # fmt: skip

    async def finish(self) -> dict[str, Any]:
        task = await self._task.finish()
        self._task.go_on()  # this is asked for while people type, too: it keeps what is there so far
        return {
            'title': str(self._title.value or ''),
            'task_html': task,
            'language': str(self._language.value or ''),
            'minutes': int(self._minutes.value or 0),
            **{part: files.content() for part, files in self._files.items()},
            'hints': str(self._hints.value or '').splitlines(),
        }

    def go_on(self) -> None:
        self._task.go_on()

    async def forget(self) -> None:
        await self._task.forget()


class _Files:
    """Files of one group: each has a name and its text."""

    def __init__(self, title: str, files: list[dict[str, Any]], keep: Keep) -> None:
        self._kept = [dict(file) for file in files] or [{'path': '', 'text': ''}]
        self._keep = keep
        with ui.element('fieldset').classes('cw-field cw-lab-files'):
            markup(escape(title), tag='legend', classes='cw-legend')
            self._rows = ui.element('div').classes('cw-stack cw-tight')
        self._draw()

    def content(self) -> list[dict[str, str]]:
        return [
            {'path': str(file.get('path', '')), 'text': str(file.get('text', ''))}
            for file in self._kept
            if file.get('path') or file.get('text')
        ]

    def _draw(self) -> None:
        self._rows.clear()
        with self._rows:
            for place in range(len(self._kept)):
                self._draw_file(place)
            button(_('Add a file'), icon='add', small=True, kind='quiet', on_click=self._add)

    def _draw_file(self, place: int) -> None:
        file = self._kept[place]
        with ui.element('div').classes('cw-line cw-close'):
            name = ui.input(value=str(file.get('path', '')), placeholder='main.py',
                            on_change=lambda event: self._type(place, 'path', event.value))  # fmt: skip
            name.props('outlined dense hide-bottom-space').classes('cw-grow')
            name.props['aria-label'] = _('Name of file {n}', n=place + 1)
            if len(self._kept) > 1:
                icon_button(
                    'delete', _('Remove file {n}', n=place + 1), small=True, on_click=lambda: self._remove(place)
                )
        text = ui.textarea(value=str(file.get('text', '')),
                           on_change=lambda event: self._type(place, 'text', event.value))  # fmt: skip
        text.props('outlined dense hide-bottom-space autogrow spellcheck=false').classes('cw-code-field')
        text.props['aria-label'] = _('Text of file {n}', n=place + 1)

    def _type(self, place: int, name: str, typed: str | None) -> None:
        self._kept[place][name] = str(typed or '')
        self._keep()

    def _add(self) -> None:
        self._kept.append({'path': '', 'text': ''})
        self._draw()

    def _remove(self, place: int) -> None:
        del self._kept[place]
        self._draw()
        self._keep()
