"""Where an act comes from: one id that follows it from the click to the job and the model call, and the address."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import uuid4

from services.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class Origin:
    """`request_id` is what log lines, audit rows and the answer's X-Request-ID header share."""

    request_id: str = ''
    address: str = ''
    user_agent: str = ''


_NOWHERE = Origin()
_ORIGIN: ContextVar[Origin] = ContextVar('origin', default=_NOWHERE)
_ACTOR: ContextVar[Viewer | None] = ContextVar('actor', default=None)


def origin() -> Origin:
    return _ORIGIN.get()


def new_request_id() -> str:
    return uuid4().hex


def begin(where: Origin) -> None:
    """Everything that this task does from here on comes from `where`; for tasks that do one act and end."""
    _ORIGIN.set(where)


def acts(viewer: Viewer) -> None:
    """Whom the log lines of this task name from here on."""
    _ACTOR.set(viewer)


def actor() -> Viewer | None:
    return _ACTOR.get()


@contextmanager
def coming_from(where: Origin) -> Iterator[Origin]:
    """Everything inside, tasks that are started there too, comes from `where`."""
    token = _ORIGIN.set(where)
    try:
        yield where
    finally:
        _ORIGIN.reset(token)
