"""No two live processes hold the same slot, and a dead one's can be taken."""

from pathlib import Path

from services.slots import Slots
from storage.database import Database
from tests.conftest import Backend


async def test_each_process_has_a_slot_of_its_own_until_it_ends(backend: Backend, tmp_path: Path) -> None:
    one, other = Database(backend.database_url), Database(backend.database_url)
    first, second = Slots(one, tmp_path / 'slots'), Slots(other, tmp_path / 'slots')
    try:
        assert (await first.acquire(), await second.acquire()) == ('slot-0', 'slot-1')
        async with second.borrowed('slot-0') as held:
            assert not held
        await first.close()
        async with second.borrowed('slot-0') as held:
            assert held
    finally:
        await first.close()
        await second.close()
        await one.close()
        await other.close()
