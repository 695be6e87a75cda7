"""Tells the people concerned that a draft waits for them."""

from uuid import UUID

from services.notifications import notify
from services.viewer import POLICY, Permission, Role
from services.work import Work
from storage.identity import members


async def notify_reviewers(
    work: Work, text: str, *, subject: str, path: str, also: UUID, permission: Permission
) -> None:
    """Everyone who holds the permission, and the person who began the course."""
    roles = frozenset(str(role) for role in Role if permission in POLICY[role])
    people = {person.id for person in await members(work.tx, work.scope.organization_id, roles)}
    await notify(work, people | {also}, text, subject=subject, path=path)
