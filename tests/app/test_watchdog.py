"""The event loop is watched: a block is logged with the stack that caused it."""

import asyncio
import time

import pytest

from app.watchdog import Watchdog


def hold_everybody_up() -> None:
    time.sleep(0.5)


async def test_a_block_is_logged_with_its_stack(caplog: pytest.LogCaptureFixture) -> None:
    watchdog = Watchdog(limit=0.2)
    watchdog.start(asyncio.get_running_loop())
    await asyncio.sleep(0.1)
    hold_everybody_up()
    async with asyncio.timeout(5):
        while 'was blocked' not in caplog.text:
            await asyncio.sleep(0.02)
    watchdog.stop()
    told = next(record for record in caplog.records if 'was blocked' in record.message)
    assert 'hold_everybody_up' in told.__dict__['stack']
    assert watchdog.longest >= 0.2


async def test_waiting_is_no_block(caplog: pytest.LogCaptureFixture) -> None:
    watchdog = Watchdog(limit=5.0)
    watchdog.start(asyncio.get_running_loop())
    await asyncio.sleep(0.2)
    watchdog.stop()
    assert 'was blocked' not in caplog.text
