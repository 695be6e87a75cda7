"""The services of this package, made together."""

from dataclasses import dataclass

from services.durable import Durable
from services.members.accounts import PeopleAccounts
from services.members.groups import GroupService
from services.members.importing import ImportService
from services.members.inviting import InvitationService
from services.members.service import MemberService
from services.revocation import Revocation
from services.work import Gate
from storage.files import FileStore


@dataclass(frozen=True, kw_only=True)
class Members:
    members: MemberService
    invitations: InvitationService
    groups: GroupService
    member_imports: ImportService
    people: PeopleAccounts


def build(gate: Gate, durable: Durable, store: FileStore, revocation: Revocation, *, address: str) -> Members:
    """`address` is where people open the platform."""
    invitations = InvitationService(gate, address)
    imports = ImportService(gate, durable, store, invitations)
    durable.register('member_import', imports.run, on_failure=imports.failed, at_once=2)
    revocation.register('member_import', imports.still_allowed, imports.failed)
    return Members(
        members=MemberService(gate, invitations),
        invitations=invitations,
        groups=GroupService(gate),
        member_imports=imports,
        people=PeopleAccounts(gate),
    )
