"""Open pages: whether their sessions go on, and the line in the security log when one is refused."""

from collections.abc import Collection
from uuid import UUID

from services import security_log
from services.viewer import Viewer
from services.work import Gate


class ConnectionService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def ended(self, session_ids: Collection[UUID]) -> set[UUID]:
        """Those of the sessions that nobody may use any more."""
        async with self._gate.database.reading() as tx:
            return {session_id for session_id in session_ids if await self._gate.has_ended(tx, session_id)}

    async def refused(self, viewer: Viewer, because: str) -> None:
        """`viewer` tried to use a page that is not theirs, or too much of one that is."""
        async with self._gate.database.writing() as tx:
            security_log.note(
                tx,
                'socket',
                allowed=False,
                email=viewer.email,
                user_id=viewer.user_id,
                organization_id=viewer.organization_id,
                detail=because,
            )
        await self._gate.bus.publish('security')
