"""Why nobody came in. The person reads the sentence, the administrator finds `reason` in the security log."""

from services.errors import PlatformError

NOT_NOW = 'Signing in through {name} did not work. Start again, or sign in with your password.'


class SignOnRefused(PlatformError):
    """`reason` says to the administrator what the sentence does not say to a stranger."""

    status_code = 403
    code = 'sign_on_refused'

    def __init__(self, reason: str, message: str, **params: str) -> None:
        super().__init__(message, **params)
        self.reason = reason


class ProviderFaulty(PlatformError):
    """The provider's documents are not what they have to be; the sentence is for who configures it."""

    status_code = 422
    code = 'provider_faulty'


class TokenRefused(Exception):
    """The ID token is not to be believed."""
