"""The organisation's own settings: profile and look, policy, model, audit trail, its part of the security
log."""

from pages.settings import (
    ai,
    ai_history,
    ai_learning,
    ai_ledger,
    ai_prices,
    audit,
    groups,
    invitations,
    mail,
    member_import,
    members,
    policy,
    reviews,
    security,
)
from pages.settings.profile import index

__all__ = [
    'ai',
    'ai_history',
    'ai_learning',
    'ai_ledger',
    'ai_prices',
    'audit',
    'groups',
    'index',
    'invitations',
    'mail',
    'member_import',
    'members',
    'policy',
    'reviews',
    'security',
]
