"""Who somebody is here, after a provider has said who they are there: known, new, or nobody.

The identity is (provider, issuer, subject). An e-mail address is what somebody else says about somebody: it never opens
an account that exists, and what a provider says about it counts inside its own organisation only (docs/decisions).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services import fields
from services.clock import now
from services.errors import InvalidInput
from services.identity.addresses import check_address
from services.members import membership
from services.sign_on.errors import NOT_NOW, SignOnRefused
from services.viewer import Role
from services.work import Work
from storage import identity as people
from storage import organizations as memberships
from storage import sign_on as rows
from storage.identity import Organization, User
from storage.sign_on import ExternalIdentity, IdentityProvider

_MOST_VALUES, _LONGEST_NAME = 500, 120
NO_ACCOUNT = (
    'No account here belongs to this sign-in. If you have one, sign in with your password and connect it under '
    'Account, Company sign-in. Otherwise ask an administrator for an invitation.'
)

NO_ROLE = 'Your organisation gives you no role here. Ask its administrator for one.'


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What the provider says, checked for type; `values` are those of the claim that roles are mapped from."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str
    values: frozenset[str]

    @classmethod
    def of(cls, found: dict[str, Any], role_claim: str) -> 'Claims':
        parts = [found.get(name) for name in ('given_name', 'family_name')]
        name = found.get('name') or ' '.join(part for part in parts if isinstance(part, str))
        email = found.get('email')
        return cls(
            issuer=found['iss'],
            subject=found['sub'],
            email=email if isinstance(email, str) else '',
            email_verified=found.get('email_verified') is True,
            name=' '.join(name.split())[:_LONGEST_NAME] if isinstance(name, str) else '',
            values=frozenset(_values(found, role_claim)),
        )


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """`roles` is empty where the role map left nothing: then nobody signs in."""

    user: User
    roles: frozenset[str]
    is_new: bool


async def admit(work: Work, provider: IdentityProvider, claims: Claims) -> Admitted:
    """The person, with the roles that the map gives today; SignOnRefused, with nothing written, for anybody else."""
    organization = await membership.held_still(work)
    mapped = mapped_roles(provider, claims.values)
    identity = await rows.identity_of(work.tx, provider.id, claims.issuer, claims.subject)
    is_new = identity is None
    if identity is None:
        user = await _newcomer(work, provider, organization, claims, mapped)
        identity = connected(work, provider, user, claims)
    else:
        user = await work.tx.get_one(User, identity.user_id)
        await still_welcome(work, user, provider)
    roles = await _follow(work, provider, identity, user, mapped)
    identity.last_used_at = now()
    work.tx.add(identity)
    if is_new:
        work.record('member.joined', user, after={'roles': sorted(roles), 'provider': provider.name})
    return Admitted(user=user, roles=roles, is_new=is_new)


def connected(work: Work, provider: IdentityProvider, user: User, claims: Claims) -> ExternalIdentity:
    identity = ExternalIdentity(
        provider_id=provider.id, issuer=claims.issuer, subject=claims.subject, user_id=user.id, last_used_at=now()
    )
    work.tx.add(identity)
    work.changed(f'identity_providers:{work.scope.organization_id}')
    return identity


def mapped_roles(provider: IdentityProvider, values: Iterable[str]) -> frozenset[str]:
    """Never the role that runs the installation, whatever stands in the row."""
    given = {role for value in values for role in provider.role_map.get(value, ())} | set(provider.default_roles)
    return frozenset(role for role in given if role in membership.ASSIGNABLE)


async def _newcomer(
    work: Work, provider: IdentityProvider, organization: Organization, claims: Claims, mapped: frozenset[str]
) -> User:
    if not claims.email or not claims.email_verified:
        raise SignOnRefused(
            'email_unverified',
            'Your organisation’s sign-in does not confirm your e-mail address. Ask its administrator to confirm it.',
        )
    try:
        email = fields.email('email', claims.email)
    except InvalidInput as error:
        raise SignOnRefused('email_invalid', NOT_NOW, name=provider.name) from error
    try:
        check_address(organization, email)
    except InvalidInput as error:
        raise SignOnRefused('email_domain', NO_ACCOUNT) from error
    if await people.user_by_email(work.tx, email) is not None:
        raise SignOnRefused('email_taken', NO_ACCOUNT)
    if not provider.creates_accounts:
        raise SignOnRefused('creates_no_accounts', NO_ACCOUNT)
    if not mapped:
        raise SignOnRefused('no_role', NO_ROLE)
    # Not verified: we have no proof of our own that this mailbox is theirs.
    user = User(email=email, full_name=claims.name or email.partition('@')[0], password_hash='')
    work.tx.add(user)
    await work.tx.flush()
    return user


async def still_welcome(work: Work, user: User, provider: IdentityProvider) -> None:
    """Refuses whom an administrator removed, and who runs the installation: no organisation vouches for that."""
    if not user.is_active or user.deleted_at is not None:
        raise SignOnRefused('account_inactive', NOT_NOW, name=provider.name)
    if await memberships.held_membership(work.scope, user.id) is not None:
        raise SignOnRefused('no_member', 'You are no longer a member of this organisation. Ask its administrator.')
    if Role.SITE_ADMIN in {row.role for row in await memberships.roles_held(work.scope, user.id)}:
        raise SignOnRefused(
            'runs_the_installation', 'You run this installation: sign in with your password and your second factor.'
        )


async def _follow(
    work: Work, provider: IdentityProvider, identity: ExternalIdentity, user: User, mapped: frozenset[str]
) -> frozenset[str]:
    """Gives what the map gives, takes what it gave and gives no longer. What people gave by hand stays."""
    held = frozenset(row.role for row in await memberships.roles_held(work.scope, user.id))
    granted = frozenset(identity.granted_roles)
    taken = (granted - mapped) & held
    if Role.ORG_ADMIN in taken and await memberships.count_of_role(work.scope, Role.ORG_ADMIN, but=user.id) == 0:
        taken -= {Role.ORG_ADMIN}  # somebody has to be left who can mend the map
    given = mapped - held
    after = (held | given) - taken
    identity.granted_roles = sorted(((granted & held) | given) - taken)
    if given:
        await membership.give(work, user, given)
    if taken:
        await memberships.take_roles(work.scope, user.id, taken)
        await (membership.say_changed(work, user.id) if after else membership.end_here(work, user.id))
    if (given or taken) and held:
        work.record(
            'member.roles_changed',
            user,
            before={'roles': sorted(held)},
            after={'roles': sorted(after)},
            because=f'Signed in through {provider.name}',
        )
    return after


def _values(found: dict[str, Any], role_claim: str) -> list[str]:
    """The claim at a path of names, `realm_access.roles` for instance; one word or a list of words."""
    at: Any = found.get(role_claim)
    if at is None:
        at = found
        for part in role_claim.split('.') if role_claim else ('',):
            at = at.get(part) if isinstance(at, dict) else None
    listed = [at] if isinstance(at, str) else at if isinstance(at, list) else []
    return [value for value in listed[:_MOST_VALUES] if isinstance(value, str)]
