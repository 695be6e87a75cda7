"""The report for who runs the installation: what is up, what is down, what is off and how to switch it on."""

import asyncio
from pathlib import Path

import pytest

from services.durable import Durable
from services.errors import Forbidden
from services.health import HealthService, State, Surroundings
from storage.vectors import VectorStore
from tests.services.world import World


def _service(world: World, folder: Path, **around: str) -> HealthService:
    vectors = VectorStore(folder / 'vectors', 384)
    durable = Durable(world.database, folder)
    return HealthService(world.gate, world.bus, durable, vectors, Surroundings(data_dir=folder, **around))


async def test_every_part_says_how_it_is_and_what_to_do(world: World, tmp_path: Path) -> None:
    parts = {part.name: part for part in await _service(world, tmp_path).report(world.demo.site)}
    assert set(parts) == {
        'database', 'redis', 'durable work', 'vectors', 'disk', 'mail', 'models', 'labs', 'scanner'
    }  # fmt: skip
    assert parts['database'].state is State.UP
    assert parts['durable work'].state is State.DOWN  # nobody launched it
    assert (parts['mail'].state, parts['models'].state, parts['redis'].state) == (State.OFF,) * 3
    assert 'COURSEWRIGHT_SMTP_URL' in str(parts['mail'])
    assert 'GB are free' in str(parts['disk']) or 'Only' in str(parts['disk'])


@pytest.mark.parametrize('who', ['admin', 'instructor', 'student'])
async def test_only_who_runs_the_installation_reads_it(world: World, tmp_path: Path, who: str) -> None:
    with pytest.raises(Forbidden):
        await _service(world, tmp_path).report(getattr(world.demo, who))


async def test_a_mail_server_that_is_away_is_named_and_its_password_is_not(world: World, tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), '127.0.0.1', 0)
    port = server.sockets[0].getsockname()[1]
    service = _service(world, tmp_path, smtp_url=f'smtp://post:canary-password@127.0.0.1:{port}')

    async def mail() -> tuple[State, str]:
        part = next(part for part in await service.report(world.demo.site) if part.name == 'mail')
        return part.state, repr(part)

    assert (await mail())[0] is State.UP
    server.close()
    await server.wait_closed()
    state, said = await mail()
    assert state is State.DOWN
    assert 'canary-password' not in said
