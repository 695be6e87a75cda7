"""One's own account: profile, security, API tokens."""

from pages.account import profile, security, tokens

__all__ = ['profile', 'security', 'tokens']
