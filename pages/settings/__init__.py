"""The organisation's own settings: profile and look, policy, its part of the security log."""

from pages.settings import policy, security
from pages.settings.profile import index

__all__ = ['index', 'policy', 'security']
