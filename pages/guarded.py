"""What every screen with an address in it needs: ids read from the path, and refusals shown as a page."""

from collections.abc import Awaitable, Callable
from functools import wraps
from uuid import UUID

from nicegui import context

from components.action import sentence
from components.button import link_button
from components.empty_state import empty_state
from components.i18n import _
from components.layout import page
from pages.missing import nothing_here, refused
from services.errors import Forbidden, NotFound, PlatformError

Build = Callable[..., Awaitable[None]]


def guarded(build: Build) -> Build:
    """A screen whose service may refuse: what is missing and what is not the viewer's look the same."""

    @wraps(build)
    async def run(*args: object, **given: object) -> None:
        frame = context.slot.parent
        try:
            await build(*args, **given)
        except PlatformError as error:
            frame.clear()
            with frame:
                _show(error)

    return run


def id_in(part: str) -> UUID:
    """The id in a part of a path; one that is none leads to nothing, like an unknown one."""
    try:
        return UUID(part)
    except ValueError as error:
        raise NotFound() from error


def _show(error: PlatformError) -> None:
    if isinstance(error, NotFound):
        nothing_here()
    elif isinstance(error, Forbidden):
        refused()
    else:
        with page(), empty_state(_('This is not possible now'), sentence(error)):
            link_button(_('Go to your home page'), '/', kind='primary')
