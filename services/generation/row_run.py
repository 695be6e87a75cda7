"""One run of a row that somebody asked for: what blocks written again, parts alone and translations share."""

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

from services.clock import now
from services.members import standing
from services.viewer import Permission
from services.work import Gate, Work
from storage import generated as rows
from storage.generated import GeneratedPart, Regeneration, Translation

Row = TypeVar('Row', GeneratedPart, Regeneration, Translation)


class Ended(Exception):
    """It ended or was discarded meanwhile, or another run took its place: nothing more to do."""


class RowRun(ABC, Generic[Row]):
    """`permission` is what whoever asked must still have."""

    table: type[Row]
    permission: ClassVar[Permission]

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def run(self, organization_id: UUID, row_id: UUID, run: int) -> None:
        try:
            await self._play(organization_id, row_id, run)
        except Ended:
            return

    async def failed(self, organization_id: UUID, row_id: UUID, run: int, reason: str) -> None:
        async with self._gate.platform(organization_id) as work:
            row = await work.get(self.table, row_id, lock=True)
            if row.run == run and row.status in (rows.QUEUED, rows.RUNNING):
                row.status, row.error, row.finished_at = rows.FAILED, reason, now()
                work.tx.add(row)
                await self._tell(work, row)

    async def still_allowed(self, organization_id: UUID, row_id: UUID, run: int) -> None:
        async with self._gate.platform(organization_id) as work:
            await self._running(work, row_id, run)

    async def _running(self, work: Work, row_id: UUID, run: int) -> Row:
        """Ended where it is over; StarterStopped where whoever asked may not do it any more."""
        row = await work.get(self.table, row_id, lock=True)
        if row.run != run or row.status not in (rows.QUEUED, rows.RUNNING):
            raise Ended()
        await standing.require(work, row.asked_by, self.permission)
        return row

    @abstractmethod
    async def _play(self, organization_id: UUID, row_id: UUID, run: int) -> None:
        """The work from beginning to end, in steps."""

    @abstractmethod
    async def _tell(self, work: Work, row: Row) -> None:
        """Says on the bus that the row changed."""
