"""A page without a browser, for parts that are elements."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from nicegui import Client, core
from nicegui.page import page


def on_a_page(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Run the test inside an open page; a fixture could not, because NiceGUI knows its page by the task."""

    @wraps(test)
    async def run(*args: Any, **kwargs: Any) -> None:
        core.app.config.add_run_config(
            reload=False, title='', viewport='', favicon=None, dark=False, language='en-GB',
            binding_refresh_interval=None, reconnect_timeout=3, message_history_length=0, tailwind=False, unocss=None,
            prod_js=True, show_welcome_message=False, cache_control_directives='', markdown=False,
        )  # fmt: skip
        before, core.loop = core.loop, asyncio.get_running_loop()
        client = Client(page('/'), request=None)
        try:
            with client:
                await test(*args, **kwargs)
        finally:
            client.delete()
            core.loop = before

    return run
