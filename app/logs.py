"""One line for each event: JSON where machines read it, plain words where a developer does.

Everything goes through the standard library's loggers, those of the libraries too; fields are passed as `extra`, by
the names in FIELDS. Every line says which act it belongs to (services/tracing.py), and none holds a secret.
"""

import hashlib
import json
import logging
import re
import sys
import threading
from collections.abc import Iterable
from types import TracebackType

import structlog
from structlog.typing import EventDict, WrappedLogger

from app.counters import REDACTED
from app.redaction import Redactor
from services.tracing import actor, origin

FIELDS = (
    'method', 'path', 'status', 'seconds', 'kind', 'row', 'run', 'provider', 'model', 'input_tokens', 'output_tokens',
    'attempt', 'rule', 'error', 'stack',
)  # fmt: skip
# Of many lines: one line of JSON all the same, and laid out for whoever reads along.
_STACKS = ('exception', 'stack')
# (beginning, end) of what is longer: a traceback tells at its end what happened.
_EVENT, _TRACEBACK = (4_000, 0), (4_000, 16_000)
# Whatever could end a line, move the cursor or turn the reading direction.
_CONTROL = re.compile('[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]')
_QUIET = ('httpx', 'httpx2', 'httpcore', 'alembic', 'openai', 'anthropic', 'dbos', 'watchfiles', 'multipart')


def configure(*, as_json: bool, secrets: Iterable[str] = ()) -> None:
    """From here on everything that is logged, warned of or dies goes to standard error in one form."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(as_json=as_json, secrets=secrets, colours=sys.stderr.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for chatty in _QUIET:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    if not as_json:
        for detailed in ('app.tracing', 'uvicorn'):  # a line per request helps machines only
            logging.getLogger(detailed).setLevel(logging.WARNING)
    # DBOS prints by itself unless its logger has a handler already.
    logging.getLogger('dbos').addHandler(logging.NullHandler())
    logging.captureWarnings(True)
    sys.excepthook = _died
    threading.excepthook = lambda fate: _died(fate.exc_type, fate.exc_value, fate.exc_traceback)


def formatter(*, as_json: bool, secrets: Iterable[str] = (), colours: bool = False) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.ExtraAdder(allow=FIELDS),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt='iso', utc=True),
            _whose,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _Clean(Redactor(secrets)),
            structlog.processors.JSONRenderer(serializer=json.dumps)
            if as_json
            else structlog.dev.ConsoleRenderer(colors=colours, pad_event_to=0, sort_keys=False),
        ],
    )


class _Clean:
    """Nothing secret, nothing that breaks out of its line, nothing endless."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        redacted = False
        for name, value in event.items():
            said = _cut(value, *(_TRACEBACK if name in _STACKS else _EVENT))
            event[name] = self._redactor.value(name, said)
            redacted = redacted or (event[name] != said and isinstance(said, str))
            if name not in _STACKS and isinstance(event[name], str):
                event[name] = _CONTROL.sub(_escaped, event[name])
        if redacted:
            REDACTED.inc()
        return event


def _whose(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    where, viewer = origin(), actor()
    if where.request_id:
        event['request_id'] = where.request_id
    if viewer is not None:
        # A hash: whoever reads logs may tell sessions apart, and needs nothing that the database holds.
        event['session'] = hashlib.sha256(viewer.session_id.bytes).hexdigest()[:12]
        event['user_id'] = str(viewer.user_id)
        event['organization_id'] = str(viewer.organization_id)
    return event


def _cut(value: object, beginning: int, end: int) -> object:
    if not isinstance(value, str) or len(value) <= beginning + end:
        return value
    left_out = len(value) - beginning - end
    return f'{value[:beginning]} … {left_out} characters left out … {value[len(value) - end :]}'


def _escaped(found: 're.Match[str]') -> str:
    return found.group().encode('unicode_escape').decode()


def _died(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit) or error is None:
        sys.__excepthook__(kind, error or kind(), trace)
        return
    logging.getLogger('app').critical('Ended by %s', kind.__name__, exc_info=(kind, error, trace))
