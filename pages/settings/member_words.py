"""What roles, states and outcomes are called on screens."""

from collections.abc import Iterable

from components.i18n import _
from components.status import status_html
from services.viewer import Role


def teaching_roles() -> dict[str, str]:
    return {Role.STUDENT: _('Student'), Role.INSTRUCTOR: _('Instructor'), Role.ORG_ADMIN: _('Administrator')}


def review_roles() -> dict[str, str]:
    return {
        Role.VIEWER: _('Viewer'),
        Role.REVIEWER: _('Reviewer'),
        Role.EDITOR: _('Editor'),
        Role.ADMIN: _('Review admin'),
    }


def shown_teaching_roles() -> dict[str, str]:
    """With the one that nobody gives here."""
    return {Role.SITE_ADMIN: _('Site administrator')} | teaching_roles()


def all_roles() -> dict[str, str]:
    return teaching_roles() | review_roles()


def listed(roles: Iterable[str], words: dict[str, str]) -> str:
    """'Instructor, Administrator' of those that the words know, in their order."""
    held = set(roles)
    return ', '.join(word for role, word in words.items() if role in held)


def states() -> dict[str, str]:
    return {
        'active': _('Active'),
        'invited': _('Invited'),
        'suspended': _('Suspended'),
        'deleted': _('Deleted account'),
    }


def state_html(state: str) -> str:
    return status_html('archived', _('Deleted account')) if state == 'deleted' else status_html(state)


def outcome(word: str) -> str:
    """What became of an address, as a message with `{n}`."""
    return {
        'joined': _('joined at once'),
        'invited': _('invited by mail'),
        'already': _('a member already'),
    }.get(word, _('not added'))
