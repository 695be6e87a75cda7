"""Adding people by their addresses: whoever has an account joins at once, the others are invited."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from services import mail
from services.clock import now
from services.members.inviting import InvitationService, new_invitation
from services.members.membership import give
from services.members.views import Added
from services.notifications import notify
from services.work import Work
from storage import members as people
from storage import organizations as rows
from storage.identity import Organization, User

NO_ACCOUNT = 'This account is switched off. Ask who runs the installation.'
SUSPENDED = 'Suspended here. Take the suspension back instead.'


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """`email` is in lower case and has been checked."""

    email: str
    name: str = ''
    roles: frozenset[str] = frozenset()
    group_ids: tuple[UUID, ...] = ()


async def add_all(work: Work, newcomers: Sequence[Newcomer], invitations: InvitationService) -> list[Added]:
    """In the caller's transaction; says for each, in order, what became of it."""
    emails = [one.email for one in newcomers]
    users = await people.users_by_email(work.scope, emails)
    ids = [user.id for user in users.values()]
    held, kept = await people.roles_by_person(work.scope, ids), await people.held_by_person(work.scope, ids)
    unknown = [email for email in emails if email not in users]
    open_ones: dict[str, list[rows.Invitation]] = {}
    for invitation in await rows.open_invitations_to(work.scope, unknown, now()):
        open_ones.setdefault(invitation.email, []).append(invitation)
    outcomes = []
    for one in newcomers:
        user = users.get(one.email)
        if user is None:
            await _invite(work, one, open_ones.get(one.email, ()), invitations)
            outcomes.append(Added(email=one.email, outcome='invited'))
        elif held[user.id]:
            outcomes.append(Added(email=one.email, outcome='already'))
        elif (before := kept.get(user.id)) is not None and before.state == rows.SUSPENDED:
            outcomes.append(Added(email=one.email, outcome='suspended', reason=SUSPENDED))
        elif not user.is_active:
            outcomes.append(Added(email=one.email, outcome='refused', reason=NO_ACCOUNT))
        else:
            await _join(work, user, one)
            outcomes.append(Added(email=one.email, outcome='joined'))
    return outcomes


async def _join(work: Work, user: User, newcomer: Newcomer) -> None:
    roles = await give(work, user, newcomer.roles, newcomer.group_ids)
    work.record('member.added', user, after={'email': user.email, 'roles': sorted(roles)})
    organization = await work.tx.get_one(Organization, work.scope.organization_id)
    await notify(work, [user.id], 'You were added to an organisation', subject=organization.name, path='/')
    mail.write(
        work,
        user.email,
        f'You belong to {organization.name} now',
        f'{work.viewer.full_name} added you to {organization.name} on Coursewright.\n\n'
        'Sign in as you are used to. If you belong to several organisations, choose this one in the menu under your '
        'name.\n',
        user_id=user.id,
    )


async def _invite(
    work: Work, newcomer: Newcomer, earlier: Collection[rows.Invitation], invitations: InvitationService
) -> None:
    for invitation in earlier:  # one open invitation for each address: the newest counts
        invitation.revoked_at = now()
        work.tx.add(invitation)
    invitation, secret = new_invitation(work, newcomer.email, newcomer.roles, newcomer.group_ids, name=newcomer.name)
    await invitations.send(work, invitation, secret)
