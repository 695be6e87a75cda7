"""The body of durable work: what the journal holds of older releases runs, and each run has an id of its own act."""

from uuid import UUID, uuid4

from services.durable import _guarded
from services.tracing import origin

Run = tuple[UUID, UUID, int, str]


async def test_an_entry_of_an_older_release_runs_and_gets_an_id() -> None:
    runs: list[Run] = []
    organization, row = uuid4(), uuid4()

    async def runner(organization_id: UUID, row_id: UUID, run: int) -> None:
        runs.append((organization_id, row_id, run, origin().request_id))

    async def failed(_organization_id: UUID, _row_id: UUID, _run: int, reason: str) -> None:
        raise AssertionError(reason)

    body = _guarded('document', runner, failed)
    await body(str(organization), str(row), 1)  # as it was written before runs knew whose act they are
    await body(str(organization), str(row), 2, 'an-act')
    assert [run[:3] for run in runs] == [(organization, row, 1), (organization, row, 2)]
    assert len(runs[0][3]) == 32
    assert runs[1][3] == 'an-act'
