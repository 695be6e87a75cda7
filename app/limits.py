"""Bodies that are too large are refused: at once by what they announce, and while counting what they send."""

from contextlib import suppress

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.knowledge.intake import LARGEST_UPLOAD
from services.members.importing import LARGEST_FILE

_MEGABYTE = 1024 * 1024
# Room for the multipart wrapping around a file of the largest size.
_UPLOAD, _JSON = LARGEST_UPLOAD + _MEGABYTE, 8 * _MEGABYTE
_TABLE = LARGEST_FILE + _MEGABYTE
_UPLOADS = ('/api/v1/rag/documents', '/api/v1/rag/add-document', '/api/v1/files')


class _BodyTooLarge(Exception):
    """More came than may come."""


class BodyLimit:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] != 'http':
            await self._app(scope, receive, send)
            return
        most = _most(scope['path'])
        announced = dict(scope['headers']).get(b'content-length', b'0')
        if announced.isdigit() and int(announced) > most:
            await _refusal(most)(scope, receive, send)
            return
        received, answered = 0, False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get('body', b''))
            if received > most:
                raise _BodyTooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal answered
            if received <= most:
                answered = True
                await send(message)

        with suppress(_BodyTooLarge):
            await self._app(scope, counted, noted)
        # Whatever was made of the torn body further in, an error page perhaps, was held back: this is the answer.
        if received > most and not answered:
            await _refusal(most)(scope, receive, send)


def _most(path: str) -> int:
    if path.startswith(_UPLOADS):
        return _UPLOAD
    return _TABLE if path.endswith('/members/import') else _JSON


def _refusal(most: int) -> JSONResponse:
    return JSONResponse({'detail': _sentence(most), 'code': 'too_large'}, 413)


def _sentence(most: int) -> str:
    megabytes = {_UPLOAD: LARGEST_UPLOAD, _TABLE: LARGEST_FILE}.get(most, most) // _MEGABYTE
    return f'This is larger than {megabytes} MB. Split it, or save it with smaller pictures, and add the parts.'
