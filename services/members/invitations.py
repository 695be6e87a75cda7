"""Invitations: a way in for one address by mail, or for whoever has the link. Only hashes of the secrets are kept.

A secret begins with the organisation's id, so that looking it up starts from the organisation, as every query does.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from services import audit
from services.clock import now
from services.errors import Conflict, NotFound, PlatformError
from services.members.membership import give
from services.viewer import Viewer
from services.work import Work
from storage import organizations as rows
from storage.identity import Organization, User
from storage.organizations import Invitation


class InvitationUnknown(NotFound):
    code = 'invitation_unknown'

    def __init__(self) -> None:
        super().__init__('This link leads to no invitation. Check that it is whole, or ask for a new one.')


class InvitationClosed(PlatformError):
    """Used up, expired, revoked, or of an organisation that takes nobody in now."""

    status_code = 410

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class InvitationForSomebodyElse(PlatformError):
    status_code = 403
    code = 'invitation_for_somebody_else'

    def __init__(self) -> None:
        super().__init__(
            'This invitation was sent to another e-mail address. Sign in with that address, or ask for a new one.'
        )


class AlreadyMember(Conflict):
    code = 'already_member'

    def __init__(self) -> None:
        super().__init__('You belong to this organisation already. Nothing was changed.')


@dataclass(frozen=True, kw_only=True)
class Invited:
    """What somebody who holds the link may know: where it leads, and as what. `email` is whom it was sent to."""

    organization_id: UUID
    organization_name: str
    email: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """`proves_email`: the link was mailed to this very address, so whoever holds it reads its mail."""

    organization_id: UUID
    organization_name: str
    roles: frozenset[str]
    proves_email: bool


def organization_of(secret: str) -> UUID:
    """The organisation that a secret leads to, whether or not there is such an invitation."""
    try:
        return UUID(bytes=base64.urlsafe_b64decode(secret[:22] + '=='))
    except ValueError as error:
        raise InvitationUnknown() from error


async def look(work: Work, secret: str) -> Invited:
    """What the invitation offers; refused in a clear sentence where it lets nobody in any more."""
    invitation, organization = await _open_invitation(work, secret)
    return Invited(
        organization_id=organization.id,
        organization_name=organization.name,
        email=invitation.email,
        name=invitation.name,
        roles=tuple(invitation.roles),
    )


async def accept(work: Work, secret: str, user: User) -> Accepted:
    """Makes the person a member as the invitation says; one use of it is gone then. For a new account call it in the
    transaction that makes the account, so that there is neither without the other:

        async with gate.platform(organization_of(secret)) as work:
            work.tx.add(user)
            await work.tx.flush()
            accepted = await accept(work, secret, user)

    Raises InvitationUnknown, InvitationClosed, InvitationForSomebodyElse or AlreadyMember; nothing is changed then.
    """
    invitation, organization = await _open_invitation(work, secret)
    if invitation.email and invitation.email != user.email:
        raise InvitationForSomebodyElse()
    held = await rows.held_membership(work.scope, user.id)
    if held is not None and held.state == rows.SUSPENDED:
        raise InvitationClosed(
            'membership_suspended', 'Your membership of this organisation is suspended. Ask its administrator.'
        )
    if held is not None and held.held_at > invitation.created_at:
        raise InvitationClosed(
            'membership_ended',
            'Your membership of this organisation was ended. Ask its administrator to add you again.',
        )
    if not invitation.email and not _domain_allowed(organization, user.email):
        raise InvitationClosed(
            'email_domain', 'This organisation takes only addresses of its own domains. Register with one of those.'
        )
    before = {row.role for row in await rows.roles_held(work.scope, user.id)}
    if set(invitation.roles) <= before:
        raise AlreadyMember()
    if not await rows.use_up(work.scope, invitation.id):
        raise _used()
    roles = await give(work, user, invitation.roles, [UUID(group_id) for group_id in invitation.group_ids])
    work.changed(f'invitations:{organization.id}')
    audit.record(
        work.scope,
        as_actor(user, organization),
        'invitation.accepted',
        invitation,
        before={'roles': sorted(before)},
        after={'email': user.email, 'roles': sorted(roles)},
    )
    return Accepted(
        organization_id=organization.id,
        organization_name=organization.name,
        roles=roles,
        proves_email=bool(invitation.email),
    )


async def _open_invitation(work: Work, secret: str) -> tuple[Invitation, Organization]:
    invitation = await rows.invitation_by_secret(work.scope, digest(secret))
    organization = await work.tx.get(Organization, work.scope.organization_id)
    if invitation is None or organization is None:
        raise InvitationUnknown()
    if invitation.revoked_at is not None:
        raise InvitationClosed('invitation_revoked', 'This invitation was taken back. Ask for a new one.')
    if invitation.uses_left < 1:
        raise _used()
    if invitation.expires_at <= now():
        raise InvitationClosed('invitation_expired', 'This invitation has expired. Ask for a new one.')
    if not organization.is_active or organization.deleted_at is not None:
        raise InvitationClosed('organization_closed', 'This organisation takes nobody in now. Ask its administrator.')
    return invitation, organization


def _used() -> InvitationClosed:
    return InvitationClosed(
        'invitation_used', 'This invitation was used already. Sign in to go on, or ask for a new one.'
    )


def _domain_allowed(organization: Organization, email: str) -> bool:
    domain = email.rpartition('@')[2]
    return not organization.email_domains or domain in {one.lower().lstrip('@') for one in organization.email_domains}


def new_secret(organization_id: UUID) -> str:
    return base64.urlsafe_b64encode(organization_id.bytes).decode().rstrip('=') + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def as_actor(user: User, organization: Organization) -> Viewer:
    """Whom the audit trail names: they are signed in elsewhere, or nowhere yet."""
    return Viewer(
        user_id=user.id,
        organization_id=organization.id,
        session_id=UUID(int=0),
        email=user.email,
        full_name=user.full_name,
        organization_name=organization.name,
        roles=frozenset(),
    )
