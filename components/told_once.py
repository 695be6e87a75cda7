"""A secret that is shown now and never again: to read, to copy, to keep as a file."""

from collections.abc import Sequence

from nicegui import ui

from components.button import button
from components.i18n import _
from components.layout import line
from components.markup import attributes, escape, markup
from components.notice import toast


class told_once(ui.element):
    """`told_once(codes, label='Recovery codes', file_name='recovery-codes.txt')`; without a name, nothing to keep."""

    def __init__(self, secrets: Sequence[str], *, label: str, file_name: str = '') -> None:
        super().__init__('div')
        self.classes('cw-stack cw-close')
        self._secrets, self._file_name = '\n'.join(secrets), file_name
        with self:
            shown = ''.join(f'<li><code>{escape(secret)}</code></li>' for secret in secrets)
            many = ' cw-many' if len(secrets) > 1 else ''
            markup(f'<ul{attributes(class_=f"cw-secrets{many}", aria_label=label)}>{shown}</ul>')
            with line('close'):
                button(_('Copy'), icon='content_copy', on_click=self._copy)
                if file_name:
                    button(_('Download'), icon='download', on_click=self._download)

    def _copy(self) -> None:
        ui.clipboard.write(self._secrets)
        toast(_('Copied. Keep it where only you can read it.'))

    def _download(self) -> None:
        ui.download.content(self._secrets + '\n', self._file_name, 'text/plain')
