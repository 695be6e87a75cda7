"""A model provider for tests: a real HTTP server that speaks the three dialects, and misbehaves on request.

In a test:      with ModelServer() as server: server.faults.append(Status(429, retry_after=1)); server.anthropic_url …
From a shell:   python -m tests.doubles.model_server --port 9000 --log calls.jsonl --delay 0.2

It answers with a valid draft made from the passages in the prompt, so that every quote it gives can be verified.
"""

import argparse
import json
import re
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from tests.doubles.model_dialects import chat, messages, responses
from tests.doubles.model_drafts import draft_for, kind_of, prompt_of


@dataclass(frozen=True)
class Status:
    """An HTTP error."""

    status: int
    retry_after: float | None = None
    code: str = 'error'


@dataclass(frozen=True)
class Hang:
    """Takes the request and never says a word."""


@dataclass(frozen=True)
class Stall:
    """Streams half of the answer, then nothing more."""


@dataclass(frozen=True)
class Drip:
    """Streams the right answer in small pieces, `seconds` apart."""

    seconds: float


@dataclass(frozen=True)
class Torn:
    """Closes the connection in the middle of the stream."""


@dataclass(frozen=True)
class Says:
    """Answers with this text: malformed JSON, JSON of another schema, an obedient 'approved'."""

    text: str


@dataclass(frozen=True)
class Refusal:
    """Declines to answer."""


@dataclass(frozen=True)
class Cut:
    """Reaches the limit of length in the middle."""


@dataclass(frozen=True)
class ErrorInStream:
    """Begins well, then sends an error event."""


Fault = Status | Hang | Stall | Drip | Torn | Says | Refusal | Cut | ErrorInStream


@dataclass(frozen=True, kw_only=True)
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        return prompt_of(self.body)

    @property
    def asks_for(self) -> tuple[str, ...]:
        """What a provider would bill twice if it came twice: the kind, the course, the lesson, the comment."""
        wanted = (
            r'(?:the course “|^Title: )(.*?)(?:”[.,]|$)',
            r'(?:the lesson “|^Lesson: )(.*?)(?:” in|$)',
            r'<comment>\n(.*?)\n</comment>',
        )
        found = (re.search(pattern, self.prompt, re.M | re.S) for pattern in wanted)
        return kind_of(self.body), *(one[1] if one else '' for one in found)


@dataclass(kw_only=True)
class ModelServer:
    """`faults` are used up in order, one for each request; without one the answer is right.

    With a `turnstile` every request waits for a permit before its answer; `answered` are those that got all of it.
    """

    port: int = 0
    delay: float = 0.0
    log: Path | None = None
    faults: deque[Fault] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)
    answered: list[Request] = field(default_factory=list)
    turnstile: threading.Semaphore | None = None
    responses_api: bool = True

    def __enter__(self) -> Self:
        self.closing = threading.Event()
        self._lock = threading.Lock()
        handler = type('Handler', (_Handler,), {'model_server': self})
        self._http = ThreadingHTTPServer(('127.0.0.1', self.port), handler)
        self._http.daemon_threads = True
        self.port = self._http.server_port
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={'poll_interval': 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def anthropic_url(self) -> str:
        return f'http://127.0.0.1:{self.port}'

    @property
    def openai_url(self) -> str:
        return f'http://127.0.0.1:{self.port}/v1'

    def received(self, request: Request) -> Fault | None:
        with self._lock:
            self.requests.append(request)
            if self.log is not None:
                with self.log.open('a') as log:
                    log.write(
                        json.dumps(
                            {
                                'at': time.time(),
                                'path': request.path,
                                'kind': kind_of(request.body),
                                'prompt': request.prompt,
                            }
                        )
                        + '\n'
                    )
            return self.faults.popleft() if self.faults else None


class _Gone(Exception):
    """The test is over while a request hangs."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    model_server: ModelServer

    def log_message(self, *_: object) -> None:
        """Silence."""

    def do_POST(self) -> None:
        length = int(self.headers.get('content-length', 0))
        body = json.loads(self.rfile.read(length) or b'{}')
        request = Request(
            path=self.path, headers={name.lower(): value for name, value in self.headers.items()}, body=body
        )
        dialects = {'/v1/messages': messages, '/v1/chat/completions': chat, '/v1/responses': responses}
        if not self.model_server.responses_api:
            del dialects['/v1/responses']
        dialect = dialects.get(self.path.split('?')[0])
        if dialect is None:
            return self._json(
                404, {'error': {'message': f'no such path: {self.path}', 'type': 'not_found_error', 'code': None}}
            )
        fault = self.model_server.received(request)
        key = request.headers.get('authorization', '')
        if not key.startswith('Bearer ') or 'wrong' in key:
            return self._json(
                401, {'error': {'message': 'invalid key', 'type': 'authentication_error', 'code': 'invalid_api_key'}}
            )
        try:
            self._pass(self.model_server.turnstile)
            self._reply(dialect, body, fault)
            self.model_server.answered.append(request)
        except (_Gone, BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _pass(self, turnstile: threading.Semaphore | None) -> None:
        while turnstile is not None and not turnstile.acquire(timeout=0.02):
            self._wait(0)

    def _reply(self, dialect: Any, body: dict[str, Any], fault: Fault | None) -> None:
        if self.model_server.delay:
            self._wait(self.model_server.delay)
        if isinstance(fault, Status):
            headers = {} if fault.retry_after is None else {'Retry-After': f'{fault.retry_after:g}'}
            return self._json(
                fault.status,
                {
                    'type': 'error',
                    'error': {'message': f'status {fault.status}', 'type': fault.code, 'code': fault.code},
                },
                headers,
            )
        if isinstance(fault, Hang):
            self._wait(3600)
        text = fault.text if isinstance(fault, Says) else json.dumps(draft_for(body), ensure_ascii=False)
        end = 'refusal' if isinstance(fault, Refusal) else 'length' if isinstance(fault, Cut) else 'stop'
        shown = '' if end == 'refusal' else text[: len(text) // 2] if end == 'length' else text
        if not body.get('stream'):
            return self._json(200, dialect(shown, end, whole=True)[0][1])
        events = dialect(shown, end, whole=False)
        self.send_response(200)
        self.send_header('Content-Type', 'text/event-stream')
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        for i, (name, event) in enumerate(events):
            if i > len(events) // 2:
                if isinstance(fault, Torn):
                    self.close_connection = True
                    self.connection.close()
                    return None
                if isinstance(fault, Stall):
                    self._wait(3600)
                if isinstance(fault, ErrorInStream):
                    error = {
                        'type': 'error',
                        'code': 'server_error',
                        'message': 'overloaded',
                        'param': None,
                        'error': {'type': 'overloaded_error', 'message': 'overloaded'},
                    }
                    self._chunk('error', error)
                    break
            self._chunk(name, event)
            if isinstance(fault, Drip):
                self._wait(fault.seconds)
        else:
            if dialect is chat:
                self._raw(b'data: [DONE]\n\n')
        self.wfile.write(b'0\r\n\r\n')
        return None

    def _wait(self, seconds: float) -> None:
        if self.model_server.closing.wait(seconds):
            raise _Gone

    def _chunk(self, name: str, event: dict[str, Any]) -> None:
        head = f'event: {name}\n' if name else ''
        self._raw(f'{head}data: {json.dumps(event, ensure_ascii=False)}\n\n'.encode())

    def _raw(self, raw: bytes) -> None:
        self.wfile.write(f'{len(raw):x}\r\n'.encode() + raw + b'\r\n')
        self.wfile.flush()

    def _json(self, status: int, answer: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        raw = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(raw)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--port', type=int, default=0)
    parser.add_argument('--log', type=Path)
    parser.add_argument('--delay', type=float, default=0.0)
    arguments = parser.parse_args()
    with ModelServer(port=arguments.port, log=arguments.log, delay=arguments.delay) as server:
        sys.stdout.write(f'{server.anthropic_url}\n')
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == '__main__':
    main()
