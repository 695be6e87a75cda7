"""The services that look after the people of one world, and short ways to ask them."""

from dataclasses import dataclass

from services.members.accounts import PeopleAccounts
from services.members.groups import GroupService
from services.members.inviting import InvitationService
from services.members.service import MemberService
from services.viewer import Viewer
from storage.database import Scope
from storage.mail import MailMessage
from tests.services.world import Cast, World


@dataclass(frozen=True, kw_only=True)
class Office:
    """The services of one world, and short ways to ask them."""

    world: World
    members: MemberService
    groups: GroupService
    people: PeopleAccounts

    @property
    def demo(self) -> Cast:
        return self.world.demo

    async def roles(self, person: Viewer) -> list[str]:
        view = await self.members.get(self.demo.admin, person.user_id)
        return sorted(view.roles)

    async def emails(self, **wanted: object) -> list[str]:
        found, total = await self.members.list(self.demo.admin, limit=100, **wanted)  # type: ignore[arg-type]
        assert len(found) == total
        return [one.email.partition('@')[0] for one in found]

    async def second_admin(self) -> Viewer:
        await self.members.set_roles(self.demo.admin, self.demo.instructor.user_id, ['org_admin'])
        return await self.members.me(self.demo.instructor)

    async def mails(self) -> list[MailMessage]:
        async with self.world.database.reading() as tx:
            return list((await tx.exec(Scope(tx, self.demo.organization_id).rows(MailMessage))).all())


def make_office(world: World) -> Office:
    return Office(
        world=world,
        members=MemberService(world.gate, InvitationService(world.gate, 'http://coursewright.example')),
        groups=GroupService(world.gate),
        people=PeopleAccounts(world.gate),
    )
