"""Logs every time the event loop is blocked for too long, with the stack that blocked it."""

import asyncio
import logging
import os
import sys
import threading
import time
import traceback

from app.metrics import LOOP_BLOCK

LIMIT_SECONDS = 0.1
_LOOK_SECONDS = 0.02
_log = logging.getLogger(__name__)


class Watchdog:
    """A beat on the loop, and a thread that looks what runs when the beat fails to come.

    Time in which the machine ran something else does not count: that says nothing about the loop. Time in which the
    loop's thread waited for another thread of this process (Python runs one at a time) does.
    """

    def __init__(self, limit: float = LIMIT_SECONDS) -> None:
        self._limit = limit
        self._beat_at = self._not_run = 0.0
        self._stacks: tuple[float, str] = (0.0, '')
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._loop_thread = 0
        self._schedule: int | None = None
        self.longest = 0.0

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Call it on the loop's own thread."""
        self._loop, self._loop_thread = loop, threading.get_ident()
        self._schedule = _opened(f'/proc/self/task/{threading.get_native_id()}/schedstat')
        self._beat_at, self._not_run = time.monotonic(), self._seconds_not_run()
        loop.call_later(_LOOK_SECONDS, self._beat)
        self._thread = threading.Thread(target=self._watch, name='loop watchdog', daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._schedule is not None:
            os.close(self._schedule)
            self._schedule = None

    def _beat(self) -> None:
        if self._loop is None or self._stopped.is_set():
            return
        now, not_run = time.monotonic(), self._seconds_not_run()
        blocked = now - self._beat_at - _LOOK_SECONDS - (not_run - self._not_run)
        if blocked > self.longest:
            self.longest = blocked
            LOOP_BLOCK.set(blocked)
        seen_at, stacks = self._stacks
        if blocked > self._limit:
            what = stacks if seen_at == self._beat_at else 'something that was gone when it was looked for'
            _log.warning('The event loop was blocked for %d ms', blocked * 1000, extra={'stack': what})
        self._beat_at, self._not_run = now, not_run
        self._loop.call_later(_LOOK_SECONDS, self._beat)

    def _watch(self) -> None:
        while not self._stopped.wait(_LOOK_SECONDS):
            beat_at = self._beat_at
            if time.monotonic() - beat_at > self._limit and self._stacks[0] != beat_at:
                self._stacks = (beat_at, self._what_runs())

    def _what_runs(self) -> str:
        """Where the loop's thread is, and the others: one of them may hold it up."""
        frames = sys._current_frames()
        stack = traceback.format_stack(frames.pop(self._loop_thread, None))[-8:]
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        for ident, frame in frames.items():
            if ident != threading.get_ident():
                code = frame.f_code
                stack.append(f'  {names.get(ident)}: {code.co_filename}:{frame.f_lineno} {code.co_qualname}\n')
        return ''.join(stack)

    def _seconds_not_run(self) -> float:
        """How long the loop's thread was ready but had no processor; always 0 where the system does not say."""
        if self._schedule is None:
            return 0.0
        return int(os.pread(self._schedule, 64, 0).split()[1]) / 1e9


def _opened(path: str) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
