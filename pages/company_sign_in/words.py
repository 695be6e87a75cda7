"""The roles as administrators know them."""

from collections.abc import Iterable

from components.i18n import _


def role_choices() -> dict[str, str]:
    """In the order of reach; without the one that runs the installation, which no provider gives."""
    return {
        'student': _('Student'),
        'instructor': _('Instructor'),
        'org_admin': _('Administrator'),
        'viewer': _('Viewer'),
        'reviewer': _('Reviewer'),
        'editor': _('Editor'),
        'admin': _('Review administrator'),
    }


def role_names(roles: Iterable[str]) -> str:
    wanted = set(roles)
    return ', '.join(name for role, name in role_choices().items() if role in wanted)
