"""Making, sending again and revoking invitations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services import mail
from services.clock import now
from services.errors import Conflict, InvalidInput
from services.fields import email as email_address
from services.limits import MAIL_ACCOUNT
from services.members.invitations import Accepted, Invited, accept, digest, look, new_secret, organization_of
from services.members.membership import assignable, known_groups
from services.viewer import Permission, Role, Viewer
from services.work import Gate, Work
from storage import organizations as rows
from storage.identity import Organization, User
from storage.organizations import Invitation

DAYS, LONGEST_DAYS, MOST_USES = 14, 90, 1000


@dataclass(frozen=True, kw_only=True)
class InvitationView:
    """`state` is open, used, expired or revoked; `email` is empty where the link is for whoever has it."""

    id: UUID
    email: str
    roles: tuple[str, ...]
    groups: tuple[str, ...]
    invited_by: str
    created_at: datetime
    expires_at: datetime
    uses_left: int
    state: str


@dataclass(frozen=True, kw_only=True)
class NewLink:
    """The only time that the link is known; afterwards only its hash is."""

    invitation: InvitationView
    link: str


class InvitationService:
    def __init__(self, gate: Gate, address: str) -> None:
        """`address` is where people open the platform."""
        self._gate = gate
        self._address = address.rstrip('/')

    async def list(self, viewer: Viewer, *, closed: bool = False) -> Sequence[InvitationView]:
        """Newest first; with `closed` also those that let nobody in any more."""
        async with self._gate.reading(viewer, Permission.PEOPLE_MANAGE) as work:
            found = await rows.invitations(work.scope, open_at=None if closed else now())
            names = {group.id: group.name for group in await rows.groups(work.scope)}
            return [_view(invitation, by, names) for invitation, by in found]

    async def make_link(
        self,
        viewer: Viewer,
        roles: Collection[str],
        *,
        uses: int = 1,
        days: int = DAYS,
        group_ids: Collection[UUID] = (),
    ) -> NewLink:
        """A link for whoever has it: with these roles, for so many people, for so many days."""
        fields = {}
        if not 1 <= uses <= MOST_USES:
            fields['uses'] = f'Say how many people may use it: 1 to {MOST_USES}.'
        if not 1 <= days <= LONGEST_DAYS:
            fields['days'] = f'Say for how many days it works: 1 to {LONGEST_DAYS}.'
        if fields:
            raise InvalidInput(' '.join(fields.values()), fields=fields)
        wanted = assignable(roles)
        if Role.ORG_ADMIN in wanted:
            fault = 'A link may pass through many hands. Invite administrators by their e-mail address.'
            raise InvalidInput(fault, fields={'roles': fault})
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            await known_groups(work, group_ids)
            invitation, secret = new_invitation(work, '', wanted, group_ids, uses=uses, days=days)
            work.record('invitation.created', invitation, after=_told(invitation))
            return await self._with_link(work, invitation, secret)

    async def resend(self, viewer: Viewer, invitation_id: UUID) -> NewLink:
        """A new secret, mailed where there is an address; the link that was sent before leads nowhere then."""
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            invitation = await work.get(Invitation, invitation_id, lock=True)
            if invitation.revoked_at is not None or invitation.uses_left < 1:
                raise Conflict('This invitation was used or revoked. Make a new one.')
            if invitation.email:
                await self._gate.limits.spend(MAIL_ACCOUNT, invitation.email)
            secret = new_secret(work.scope.organization_id)
            lasted = max(invitation.expires_at - invitation.created_at, timedelta(days=DAYS))
            invitation.secret_hash, invitation.expires_at = digest(secret), now() + lasted
            work.tx.add(invitation)
            work.record('invitation.resent', invitation, after=_told(invitation))
            if invitation.email:
                await self.send(work, invitation, secret)
            return await self._with_link(work, invitation, secret)

    async def revoke(self, viewer: Viewer, invitation_id: UUID) -> None:
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            invitation = await work.get(Invitation, invitation_id, lock=True)
            if invitation.revoked_at is None:
                invitation.revoked_at = now()
                work.tx.add(invitation)
                work.record('invitation.revoked', invitation, before=_told(invitation))
                _say(work)

    async def look(self, secret: str) -> Invited:
        """For whoever holds the link, signed in or not."""
        organization_id = organization_of(secret)
        async with self._gate.platform(organization_id) as work:
            return await look(work, secret)

    async def join(self, viewer: Viewer, secret: str) -> Accepted:
        """The signed-in person accepts."""
        async with self._gate.reading(viewer, in_person=True) as work:
            user_id = work.viewer.user_id
        async with self._gate.platform(organization_of(secret)) as work:
            return await accept(work, secret, await work.tx.get_one(User, user_id))

    async def send(self, work: Work, invitation: Invitation, secret: str) -> None:
        """Writes the mail; call it for an invitation that has an address."""
        organization = await work.tx.get_one(Organization, work.scope.organization_id)
        inviter = work.person.full_name if work.person else organization.name
        mail.write(
            work,
            invitation.email,
            f'{inviter} invites you to {organization.name}',
            f'{inviter} invites you to {organization.name} on Coursewright.\n\n'
            f'Open this link to join. It works once, until {invitation.expires_at:%d %B %Y}:\n'
            f'{self.link(secret)}\n\n'
            'If you did not expect this, you need not do anything.\n',
        )

    def link(self, secret: str) -> str:
        return f'{self._address}/invite/{secret}'

    async def _with_link(self, work: Work, invitation: Invitation, secret: str) -> NewLink:
        names = {group.id: group.name for group in await rows.groups(work.scope)}
        return NewLink(invitation=_view(invitation, work.viewer.full_name, names), link=self.link(secret))


def new_invitation(
    work: Work,
    email: str,
    roles: Collection[str],
    group_ids: Collection[UUID] = (),
    *,
    name: str = '',
    uses: int = 1,
    days: int = DAYS,
) -> tuple[Invitation, str]:
    """The row and its secret, which is told once."""
    secret = new_secret(work.scope.organization_id)
    invitation = Invitation(
        email=email and email_address('email', email),
        name=name,
        roles=sorted(map(str, roles)),
        group_ids=[str(group_id) for group_id in group_ids],
        secret_hash=digest(secret),
        invited_by=work.viewer.user_id,
        expires_at=now() + timedelta(days=days),
        uses_left=uses,
    )
    work.add(invitation)
    _say(work)
    return invitation, secret


def _say(work: Work) -> None:
    work.changed(f'invitations:{work.scope.organization_id}', f'members:{work.scope.organization_id}')


def _told(invitation: Invitation) -> dict[str, object]:
    return {'email': invitation.email, 'roles': list(invitation.roles), 'uses': invitation.uses_left}


def _view(invitation: Invitation, invited_by: str, group_names: dict[UUID, str]) -> InvitationView:
    if invitation.revoked_at is not None:
        state = 'revoked'
    elif invitation.uses_left < 1:
        state = 'used'
    else:
        state = 'expired' if invitation.expires_at <= now() else 'open'
    groups = (group_names.get(UUID(group_id)) for group_id in invitation.group_ids)
    return InvitationView(
        id=invitation.id,
        email=invitation.email,
        roles=tuple(invitation.roles),
        groups=tuple(name for name in groups if name),
        invited_by=invited_by,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
        uses_left=invitation.uses_left,
        state=state,
    )
