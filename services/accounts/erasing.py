"""Erasing one's own account: nobody can sign in with it again, and nothing outside the audit trail says who it was.

What stays is in docs/decisions/0008-what-erasing-an-account-leaves.md: the audit trail is a chain of hashes, and a name
that is taken out of it would look like forgery.
"""

from services import audit, security_log
from services.clock import now
from services.errors import Conflict, InvalidInput
from services.members.membership import LastAdministrator
from services.proof import Proof
from services.viewer import Role, Viewer
from services.work import Gate, Work
from storage import organizations as memberships
from storage import own_account as rows
from storage.database import Scope
from storage.identity import Organization, User, end_sessions_of, places_of

FORMER_MEMBER = 'Former member'


class LastAdministratorOf(LastAdministrator):
    """Says of which organisation, as one belongs to several."""

    def __init__(self, organization_name: str) -> None:
        Conflict.__init__(
            self,
            'You are the only administrator of {name}. Make somebody else an administrator there first, '
            'or ask whoever runs the installation to delete it.',
            name=organization_name,
        )


class LastOperator(Conflict):
    code = 'last_operator'

    def __init__(self) -> None:
        super().__init__(
            'You are the only one who runs this installation. Make somebody else a site administrator first.'
        )


class EraseService:
    def __init__(self, gate: Gate, proof: Proof) -> None:
        self._gate = gate
        self._proof = proof

    async def erase(self, viewer: Viewer, *, password: str, email: str) -> None:
        """Asks for the password, and for the e-mail typed out. It cannot be taken back."""
        await self._proof.ask(viewer, password)
        if email.strip().lower() != viewer.email:
            fault = 'Type your e-mail address as it stands above.'
            raise InvalidInput(fault, fields={'email': fault})
        async with self._gate.writing(viewer, in_person=True) as work:
            user = await work.tx.get_one(User, work.viewer.user_id, with_for_update=True)
            # In the same order everywhere, so that two who hold several organisations never wait for each other.
            places = sorted(await places_of(work.tx, user.id), key=lambda place: place.id)
            for place in places:
                await _leave(work, place, user)
            await self._forget(work, user)

    async def _forget(self, work: Work, user: User) -> None:
        ended = await end_sessions_of(work.tx, user.id, now())
        await rows.forget_person(work.tx, user.id, user.email)
        security_log.note(work.tx, 'account_erased', allowed=True, user_id=user.id)
        user.email, user.full_name = f'{user.id}@erased.invalid', FORMER_MEMBER
        user.password_hash, user.second_factor, user.second_factor_at = '', '', None
        user.is_active, user.deleted_at = False, now()
        user.locale, user.time_zone, user.email_verified_at = 'en', 'UTC', None
        work.tx.add(user)
        work.changed('sessions', *(f'session:{session_id}' for session_id in ended))


async def _leave(work: Work, place: Organization, user: User) -> None:
    scope = Scope(work.tx, place.id)
    await memberships.locked_organization(scope)
    held = {row.role for row in await memberships.roles_held(scope, user.id)}
    if Role.ORG_ADMIN in held and not await memberships.count_of_role(scope, Role.ORG_ADMIN, but=user.id):
        raise LastAdministratorOf(place.name)
    if Role.SITE_ADMIN in held and not await rows.others_with_role(work.tx, Role.SITE_ADMIN, but=user.id):
        raise LastOperator()
    await memberships.take_roles(scope, user.id, held)
    await memberships.leave_groups(scope, user.id)
    await memberships.forget_held(scope, user.id)
    await rows.forget_mail(scope, user.id, user.email)
    audit.record(scope, work.viewer, 'user.erased', user)
    work.changed(f'members:{place.id}')
