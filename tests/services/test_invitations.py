"""Ways into an organisation: each works as often as it says, for whom it says, and no longer."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.clock import now
from services.errors import Conflict, Forbidden, InvalidInput, NotFound, PlatformError
from services.members.groups import GroupService
from services.members.invitations import (
    Accepted,
    AlreadyMember,
    InvitationClosed,
    InvitationForSomebodyElse,
    InvitationUnknown,
    accept,
    organization_of,
)
from services.members.inviting import InvitationService
from services.members.service import MemberService
from services.viewer import Viewer
from storage.database import Scope
from storage.identity import Organization, User, roles_of
from storage.mail import MailMessage
from storage.organizations import Invitation
from tests.services.world import Cast, World


@dataclass(frozen=True, kw_only=True)
class Door:
    world: World
    invitations: InvitationService
    members: MemberService

    @property
    def demo(self) -> Cast:
        return self.world.demo

    async def link(self, **offer: object) -> str:
        """The secret of a link for anybody."""
        made = await self.invitations.make_link(self.demo.admin, ['student'], **offer)  # type: ignore[arg-type]
        return made.link.rpartition('/')[2]

    async def mailed(self, email: str, *roles: str) -> str:
        """The secret in the mail to somebody without an account."""
        await self.members.add(self.demo.admin, [email], roles or ['student'])
        async with self.world.database.reading() as tx:
            written = Scope(tx, self.demo.organization_id).rows(MailMessage).where(MailMessage.recipient == email)
            mails = sorted((await tx.exec(written)).all(), key=lambda mail: mail.created_at)
        found = re.search(r'/invite/(\S+)', mails[-1].text)
        assert found
        return found[1]

    async def person(self, email: str = '') -> User:
        """Somebody with an account and no organisation."""
        async with self.world.database.writing() as tx:
            user = User(email=email or f'{uuid4().hex}@else.example', full_name='New Person', password_hash='-')
            tx.add(user)
        return user

    async def enter(self, secret: str, user: User) -> Accepted:
        async with self.world.gate.platform(organization_of(secret)) as work:
            return await accept(work, secret, user)

    async def roles(self, user_id: UUID) -> frozenset[str]:
        async with self.world.database.reading() as tx:
            Scope(tx, self.demo.organization_id)
            return await roles_of(tx, user_id, self.demo.organization_id)

    async def change(self, secret: str, **values: object) -> None:
        """What time does to an invitation."""
        async with self.world.database.writing() as tx:
            invitation = (await tx.exec(Scope(tx, organization_of(secret)).rows(Invitation))).one()
            for name, value in values.items():
                setattr(invitation, name, value)
            tx.add(invitation)


@pytest.fixture
async def door(world: World) -> AsyncIterator[Door]:
    invitations = InvitationService(world.gate, 'http://coursewright.example/')
    yield Door(world=world, invitations=invitations, members=MemberService(world.gate, invitations))


async def refused(door: Door, secret: str, user: User, kind: type[PlatformError], words: str) -> None:
    """Refused in these words, and nothing is changed."""
    before = await door.roles(user.id)
    with pytest.raises(kind, match=words):
        await door.enter(secret, user)
    assert await door.roles(user.id) == before


async def test_an_invitation_by_mail_lets_its_address_in_once(door: Door) -> None:
    group = await GroupService(door.world.gate).create(door.demo.admin, 'Night shift')
    added = await door.members.add(door.demo.admin, ['New@Else.example'], ['student', 'viewer'], group_ids=[group.id])
    assert added[0].outcome == 'invited'
    secret = await door.mailed('new@else.example', 'student', 'viewer')
    offered = await door.invitations.look(secret)
    assert (offered.organization_name, offered.email) == ('Demo Academy', 'new@else.example')
    user = await door.person('new@else.example')
    accepted = await door.enter(secret, user)
    assert accepted.roles == {'student', 'viewer'}
    assert accepted.proves_email
    assert await door.roles(user.id) == {'student', 'viewer'}
    assert 'invitation.accepted' in await door.world.audit(door.demo)
    await refused(door, secret, user, InvitationClosed, 'used already')
    with pytest.raises(InvitationClosed):
        await door.invitations.look(secret)


async def test_only_the_newest_invitation_to_an_address_counts(door: Door) -> None:
    first = await door.mailed('new@else.example')
    second = await door.mailed('new@else.example')
    user = await door.person('new@else.example')
    await refused(door, first, user, InvitationClosed, 'taken back')
    await door.enter(second, user)


async def test_each_refusal_says_why_and_changes_nothing(door: Door) -> None:
    user = await door.person()
    await refused(door, await door.mailed('new@else.example'), user, InvitationForSomebodyElse, 'another e-mail')
    invitation = (await door.invitations.list(door.demo.admin))[0]
    await door.invitations.revoke(door.demo.admin, invitation.id)
    secret = await door.link()
    made_up = secret[:-4] + ('AAAA' if not secret.endswith('AAAA') else 'BBBB')
    await refused(door, made_up, user, InvitationUnknown, 'no invitation')
    with pytest.raises(InvitationUnknown):
        organization_of('not a secret')


async def test_expired_revoked_and_closed_organisations_let_nobody_in(door: Door) -> None:
    user, secret = await door.person(), await door.link(uses=5)
    await door.change(secret, expires_at=now() - timedelta(seconds=1))
    await refused(door, secret, user, InvitationClosed, 'expired')
    await door.change(secret, expires_at=now() + timedelta(days=1), revoked_at=now())
    await refused(door, secret, user, InvitationClosed, 'taken back')
    await door.change(secret, revoked_at=None)
    async with door.world.database.writing() as tx:
        organization = await tx.get_one(Organization, door.demo.organization_id)
        organization.is_active = False
        tx.add(organization)
    await refused(door, secret, user, InvitationClosed, 'takes nobody in')


async def test_a_link_lets_in_as_many_as_it_says_even_at_once(door: Door) -> None:
    secret = await door.link(uses=2)
    people = [await door.person() for _ in range(5)]
    outcomes = await asyncio.gather(*(door.enter(secret, one) for one in people), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ['Accepted'] * 2 + ['InvitationClosed'] * 3
    assert sum([bool(await door.roles(one.id)) for one in people]) == 2


async def test_a_member_uses_nothing_up(door: Door) -> None:
    secret = await door.link(uses=1)
    async with door.world.database.reading() as tx:
        student = await tx.get_one(User, door.demo.student.user_id)
    await refused(door, secret, student, AlreadyMember, 'already')
    await door.enter(secret, await door.person())


async def test_a_link_does_not_bring_back_whom_an_administrator_removed_or_suspended(door: Door) -> None:
    secret = await door.link(uses=9)
    async with door.world.database.reading() as tx:
        student = await tx.get_one(User, door.demo.student.user_id)
        classmate = await tx.get_one(User, door.demo.classmate.user_id)
    await door.members.remove(door.demo.admin, student.id)
    await door.members.suspend(door.demo.admin, classmate.id)
    await refused(door, secret, student, InvitationClosed, 'was ended')
    await refused(door, secret, classmate, InvitationClosed, 'suspended')
    await door.enter(await door.link(uses=2), student)  # a new one was meant for who comes now
    assert await door.roles(student.id) == {'student'}


async def test_a_link_follows_the_domains_of_the_organisation(door: Door) -> None:
    async with door.world.database.writing() as tx:
        organization = await tx.get_one(Organization, door.demo.organization_id)
        organization.email_domains = ['demo.example']
        tx.add(organization)
    secret = await door.link(uses=2)
    await refused(door, secret, await door.person('eve@else.example'), InvitationClosed, 'own domains')
    await door.enter(secret, await door.person('new@demo.example'))


async def test_sending_again_makes_a_new_link_and_ends_the_old_one(door: Door) -> None:
    old = await door.mailed('new@else.example')
    await door.change(old, expires_at=now() - timedelta(days=1))
    invitation = (await door.invitations.list(door.demo.admin, closed=True))[0]
    assert invitation.state == 'expired'
    again = await door.invitations.resend(door.demo.admin, invitation.id)
    assert again.invitation.state == 'open'
    user = await door.person('new@else.example')
    await refused(door, old, user, InvitationUnknown, 'no invitation')
    await door.enter(again.link.rpartition('/')[2], user)
    with pytest.raises(Conflict):
        await door.invitations.resend(door.demo.admin, invitation.id)


async def test_only_administrators_invite_and_only_for_their_own(door: Door) -> None:
    demo, other = door.demo, door.world.other
    secret = await door.link()
    invitation = (await door.invitations.list(demo.admin))[0]
    for person in (demo.instructor, demo.student, demo.site):
        for act in (
            door.invitations.list(person),
            door.invitations.make_link(person, ['student']),
            door.invitations.revoke(person, invitation.id),
            door.invitations.resend(person, invitation.id),
        ):
            with pytest.raises(Forbidden):
                await act
    for act in (
        door.invitations.revoke(other.admin, invitation.id),
        door.invitations.resend(other.admin, invitation.id),
    ):
        with pytest.raises(NotFound):
            await act
    assert await door.invitations.list(other.admin) == []
    with pytest.raises(Forbidden):
        await door.invitations.make_link(demo.admin, ['site_admin'])
    with pytest.raises(InvalidInput):
        await door.invitations.make_link(demo.admin, ['org_admin'])
    for uses, days in ((0, 14), (1001, 14), (1, 0), (1, 91)):
        with pytest.raises(InvalidInput):
            await door.invitations.make_link(demo.admin, ['student'], uses=uses, days=days)
    await door.invitations.revoke(demo.admin, invitation.id)
    await refused(door, secret, await door.person(), InvitationClosed, 'taken back')


async def test_a_signed_in_person_of_another_organisation_joins_with_a_click(door: Door) -> None:
    outsider: Viewer = door.world.other.student
    accepted = await door.invitations.join(outsider, await door.link())
    assert accepted.organization_id == door.demo.organization_id
    assert await door.roles(outsider.user_id) == {'student'}


async def test_only_hashes_of_secrets_rest(door: Door) -> None:
    secret = await door.link()
    async with door.world.database.reading() as tx:
        invitation = (await tx.exec(Scope(tx, door.demo.organization_id).rows(Invitation))).one()
    assert secret not in invitation.model_dump_json()
    assert invitation.secret_hash
