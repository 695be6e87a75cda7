"""What can go wrong that a person can mend: a status, a code for programs and a sentence for people."""

from typing import Any


class PlatformError(Exception):
    """An expected refusal. `message` is a gettext msgid with `{name}` places for `params`; str() is English."""

    status_code = 400
    code = 'refused'

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message.format(**params) if params else message)
        self.message = message
        self.params = params

    def extra(self) -> dict[str, Any]:
        """What a program gets beside the sentence, as JSON."""
        return {}


class NotFound(PlatformError):
    """Also raised for what exists in another organisation: the two must look the same."""

    status_code = 404
    code = 'not_found'

    def __init__(self, message: str = 'There is nothing here, or it is not yours to see.', **params: Any) -> None:
        super().__init__(message, **params)


class NotSignedIn(PlatformError):
    status_code = 401
    code = 'not_signed_in'

    def __init__(self, message: str = 'Sign in to go on.', **params: Any) -> None:
        super().__init__(message, **params)


class Forbidden(PlatformError):
    """The gate puts it into the security log."""

    status_code = 403
    code = 'forbidden'

    def __init__(
        self, message: str = 'Your role does not allow this. Ask an administrator for it.', **params: Any
    ) -> None:
        super().__init__(message, **params)


class InvalidInput(PlatformError):
    """`fields` maps a field's name to what is wrong with it, for the form to show beside the field."""

    status_code = 422
    code = 'invalid'

    def __init__(self, message: str, *, fields: dict[str, str] | None = None, **params: Any) -> None:
        super().__init__(message, **params)
        self.fields = fields or {}


class Conflict(PlatformError):
    """The thing changed since the caller looked."""

    status_code = 409
    code = 'conflict'


class TooLarge(PlatformError):
    status_code = 413
    code = 'too_large'


class TooManyRequests(PlatformError):
    status_code = 429
    code = 'too_many_requests'

    def __init__(self, message: str, *, retry_after: int, **params: Any) -> None:
        super().__init__(message, **params)
        self.retry_after = retry_after
