"""Garbage collection tuned for many open pages: short pauses while people work, the long ones when nobody waits.

With Python's own thresholds a full collection stops every page for 2.7 ms per open dashboard, at any moment.
These thresholds keep the worst pause near 100 ms at 600 pages; what they leave behind is collected here.
"""

import asyncio
import ctypes
import gc
import logging
import sys

import psutil
from nicegui import Client

_CHECK_SECONDS = 30.0
_FEW_PAGES = 20
_GROWN = 1.5
_MANY_MODULES = 50
_M_ARENA_MAX = -8
_log = logging.getLogger(__name__)


def few_arenas() -> None:
    """First thing in the process: glibc gives every thread pool memory of its own that it never gives back."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, 'mallopt'):
        libc.mallopt(_M_ARENA_MAX, 2)


def settle() -> None:
    """Once, before the first page: what exists now lives for ever and is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 5, 1_000_000)


async def upkeep() -> None:
    """A full collection when few pages are open, or when memory has grown by half since the last one."""
    process = psutil.Process()
    after_last, modules = process.memory_info().rss, len(sys.modules)
    while True:
        await asyncio.sleep(_CHECK_SECONDS)
        if len(sys.modules) - modules > _MANY_MODULES:
            # What was imported on first use lives for ever too: left in, it makes each full collection twice as long.
            modules = len(sys.modules)
            gc.collect(1)
            gc.freeze()
        used = process.memory_info().rss
        survived = gc.get_count()[2]  # how often something has grown old since the last full collection
        if (survived and len(Client.instances) <= _FEW_PAGES) or used > after_last * _GROWN:
            gc.collect()
            after_last = process.memory_info().rss
