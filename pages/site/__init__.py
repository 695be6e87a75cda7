"""The installation, for those who run it: organisations, features, the security log, health."""

from pages.site import flags, health, security
from pages.site.organizations import index

__all__ = ['flags', 'health', 'index', 'security']
