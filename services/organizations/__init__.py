"""Organisations: making, suspending and deleting them, and how each presents itself and lets people in."""

from services.organizations.look import LookService
from services.organizations.policy import PolicyService
from services.organizations.service import OrganizationService
from services.organizations.views import Created, LookView, OrganizationView, Policy

__all__ = [
    'Created',
    'LookService',
    'LookView',
    'OrganizationService',
    'OrganizationView',
    'Policy',
    'PolicyService',
]
