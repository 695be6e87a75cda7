"""A comment that is being typed, kept on the server for the tab: a reload, or a role that was lost, loses nothing."""

from typing import Any
from uuid import UUID

from nicegui import app as site
from nicegui import ui

from components.field import text_area


def keep_comment(field: text_area, workflow_id: UUID) -> None:
    """Fills the field with what was typed before, as soon as the tab is known, and keeps what is typed from now on."""

    def restore() -> None:
        words = _comments().get(str(workflow_id), '')
        if words and not field.value:
            field.value = words

    def keep(words: object) -> None:
        if field.client.has_socket_connection:
            _comments()[str(workflow_id)] = str(words or '')

    ui.timer(0, restore, once=True)
    field.control.on_value_change(lambda event: keep(event.value))


def forget_comment(workflow_id: UUID) -> None:
    _comments().pop(str(workflow_id), None)


def _comments() -> dict[str, Any]:
    comments: dict[str, Any] = site.storage.tab.setdefault('comments', {})
    return comments
