"""What pages say through their sockets, looked at word by word before NiceGUI hears it."""

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from nicegui import Client
from nicegui import nicegui as theirs

from app.lines import LONGEST_ID, Line
from services.tracing import coming_from, new_request_id

Word = dict[str, Any]
Speaking = Callable[[str, object], Line | None]
Handler = Callable[..., Any]
_LONGEST_WORDS = 500
_log = logging.getLogger(__name__)


def handlers(speaking: Speaking) -> dict[str, Handler]:
    """NiceGUI's handlers behind checks; `speaking` gives the line of a socket that may say this word, or None."""

    def guarded(is_sound: Callable[[Line, Word], bool], handler: Handler) -> Handler:
        def hear(sid: str, word: object = None, *_more: object) -> bool:
            """Whether it was passed on, for who asks for an acknowledgement."""
            line = speaking(sid, word)
            if line is None or not isinstance(word, dict) or not is_sound(line, word):
                return False
            click = replace(line.origin, request_id=new_request_id())  # each is an act of its own
            with coming_from(click), suppress(json.JSONDecodeError):  # arguments that are no JSON are made up
                handler(sid, word)
            return True

        return hear

    async def handshake(sid: str, word: object = None, *_more: object) -> bool:
        if speaking(sid, word) is None or not isinstance(word, dict) or not _is_handshake(word):
            return False
        return bool(await theirs._on_handshake(sid, word))

    def log(sid: str, word: object = None, *_more: object) -> None:
        line = speaking(sid, word)
        if line is not None and isinstance(word, dict):
            _write_down(line, word)

    return {
        'event': guarded(_is_event, theirs._on_event),
        'ack': guarded(_is_ack, theirs._on_ack),
        'javascript_response': guarded(_is_answer, theirs._on_javascript_response),
        'handshake': handshake,
        'log': log,
    }


def _is_event(line: Line, word: Word) -> bool:
    """Whether it names a listener that is on the page: others are old, or made up."""
    client = Client.instances.get(line.client_id)
    place, listener, given = word.get('id'), word.get('listener_id'), word.get('args')
    element = client.elements.get(place) if client and isinstance(place, int) else None
    return (
        element is not None
        and isinstance(listener, str)
        and listener in element._event_listeners
        and isinstance(given, list)
        and all(one is None or isinstance(one, str) for one in given)
    )


def _is_ack(_line: Line, word: Word) -> bool:
    return isinstance(word.get('next_message_id'), int)


def _is_answer(_line: Line, word: Word) -> bool:
    return isinstance(word.get('request_id'), str)


def _is_handshake(word: Word) -> bool:
    ids = [word.get('tab_id'), word.get('document_id'), word.get('old_tab_id') or '-']
    short = all(isinstance(one, str) and 0 < len(one) <= LONGEST_ID for one in ids)
    return short and str(word.get('next_message_id', 0)).isdecimal()


def _write_down(line: Line, word: Word) -> None:
    """One line, whatever it says; an error of a browser is no error of ours."""
    level = logging.WARNING if word.get('level') in ('warning', 'error') else logging.DEBUG
    said = json.dumps(str(word.get('message', ''))[:_LONGEST_WORDS])
    _log.log(level, 'A page of user %s says: %s', line.viewer.user_id, said)
