"""The organisation's own settings: profile and look, policy, model, audit trail, its part of the security
log."""

from pages.settings import ai, audit, mail, policy, security
from pages.settings.profile import index

__all__ = ['ai', 'audit', 'index', 'mail', 'policy', 'security']
