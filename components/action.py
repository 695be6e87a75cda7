"""The screens' only except clause: what a person can mend becomes a sentence, what we did wrong stays an error."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any, Protocol, overload

from components.i18n import translated
from components.notice import warn
from services.errors import InvalidInput, PlatformError


class HasError(Protocol):
    error: str | None


Handler = Callable[..., Any]


@overload
def action(handler: Handler, /) -> Callable[..., Awaitable[None]]: ...
@overload
def action(*, fields: Mapping[str, HasError]) -> Callable[[Handler], Callable[..., Awaitable[None]]]: ...
def action(handler: Handler | None = None, /, *, fields: Mapping[str, HasError] | None = None) -> Any:
    """Wrap what a click, a key or a submit does.

    `@action` alone shows a refusal at the foot of the page. `@action(fields={'title': title_field})` puts what
    InvalidInput says about a field beside that field, and the rest at the foot.
    """

    def wrap(handler: Handler) -> Callable[..., Awaitable[None]]:
        @wraps(handler)
        async def run(*args: Any, **kwargs: Any) -> None:
            _forget(fields)
            try:
                result = handler(*args, **kwargs)
                if isinstance(result, Awaitable):
                    await result
            except InvalidInput as error:
                if not _show(error, fields):
                    warn(sentence(error))
            except PlatformError as error:
                warn(sentence(error))

        return run

    return wrap if handler is None else wrap(handler)


def sentence(error: PlatformError) -> str:
    """What went wrong, in the viewer's language."""
    return translated(error.message, **error.params)


def _forget(fields: Mapping[str, HasError] | None) -> None:
    for field in (fields or {}).values():
        if field.error:
            field.error = None


def _show(error: InvalidInput, fields: Mapping[str, HasError] | None) -> bool:
    shown = False
    for name, complaint in error.fields.items():
        if fields and name in fields:
            fields[name].error = translated(complaint)
            shown = True
    return shown
