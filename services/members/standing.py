"""Whether somebody may still do what a job does in their name; asked before each of its steps.

A job acts with the rights of who started it. When those go, it ends with a sentence that says so, and what it was
working on at that moment is thrown away.
"""

from uuid import UUID

from services.errors import Forbidden
from services.viewer import POLICY, Permission, Role
from services.work import Work
from storage.identity import Organization, User, roles_of


class StarterStopped(Forbidden):
    """Not put into the security log: nobody tried anything."""

    code = 'starter_stopped'


async def require(work: Work, user_id: UUID | None, permission: Permission) -> None:
    """StarterStopped where the person may not do it any more; without a person only the organisation is asked for."""
    organization = await work.tx.get(Organization, work.scope.organization_id)
    if organization is None or not organization.is_active or organization.deleted_at is not None:
        raise StarterStopped('Stopped, because the organisation is suspended. Start it again afterwards.')
    if user_id is None:
        return
    user = await work.tx.get(User, user_id)
    here = user is not None and user.is_active and user.deleted_at is None
    roles = await roles_of(work.tx, user_id, organization.id) if here else frozenset()
    if user is None or not any(permission in POLICY[Role(role)] for role in roles):
        raise StarterStopped(
            'Stopped, because {name} may no longer do this. Whoever may can start it again.',
            name=user.full_name if user else 'who started it',
        )
