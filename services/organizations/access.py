"""Whose organisation one may look after: one's own as its administrator, any as an operator of the installation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from services.errors import NotFound
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import installation
from storage.database import Scope, Transaction
from storage.identity import Organization


async def may_manage(gate: Gate, viewer: Viewer, organization_id: UUID) -> Viewer:
    """The viewer as they are now; to everybody else the organisation is not there."""
    if viewer.organization_id == organization_id and viewer.may(Permission.ORGANIZATION_MANAGE):
        current = await gate.check(viewer, Permission.ORGANIZATION_MANAGE)
        if current.organization_id == organization_id:
            return current
    if viewer.may(Permission.SITE_OPERATE):
        return await gate.check(viewer, Permission.SITE_OPERATE)
    raise NotFound()


@asynccontextmanager
async def changing(gate: Gate, current: Viewer, organization_id: UUID) -> AsyncIterator[tuple[Work, Organization]]:
    """A transaction of that organisation, with the viewer as who acts in it. Check first whether they may."""
    async with gate.platform(organization_id) as work:
        work.person = current
        yield work, await existing(work.tx, current, organization_id, lock=True)


@asynccontextmanager
async def looking(gate: Gate, current: Viewer, organization_id: UUID) -> AsyncIterator[tuple[Scope, Organization]]:
    """Like `changing`, for reading."""
    async with gate.database.reading() as tx:
        yield Scope(tx, organization_id), await existing(tx, current, organization_id)


async def existing(tx: Transaction, current: Viewer, organization_id: UUID, *, lock: bool = False) -> Organization:
    """Deleted ones are there for operators only."""
    organization = await installation.organization(tx, organization_id, lock=lock)
    if organization is None or (organization.deleted_at and not current.may(Permission.SITE_OPERATE)):
        raise NotFound()
    return organization
