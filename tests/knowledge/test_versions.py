"""A document is replaced by a newer version: searches see the new one, courses that cite the old one still read it."""

from pathlib import Path
from uuid import UUID

import pytest

from services.errors import Conflict, Forbidden, NotFound
from services.knowledge.versions import PageChange, page_changes
from storage.database import Scope
from storage.documents import newest_of
from tests.conftest import Backend
from tests.knowledge.conftest import Shelf, open_shelf, parts

FIRST = '# Fume hoods\n\nKeep every vessel 15 cm behind the sash.\n\n# Alarms\n\nWhen the alarm sounds, lower the sash.'
SECOND = FIRST.replace('15 cm', '20 cm')


async def test_a_newer_version_takes_the_place_of_the_old_one_which_stays_readable(
    backend: Backend, tmp_path: Path
) -> None:
    async with open_shelf(tmp_path, backend.database_url, backend.redis_url or '') as shelf:
        demo, versions = shelf.demo, shelf.documents.versions
        told: list[tuple[UUID, UUID]] = []

        async def listener(organization_id: UUID, document_id: UUID) -> None:
            told.append((organization_id, document_id))

        shelf.platform.ingestion.after_indexed.append(listener)
        old = await shelf.add(FIRST)
        heard = shelf.world.heard(f'document_replaced:{demo.organization_id}')
        new = await shelf.replace(old.id, SECOND)
        assert (new.version, new.current, new.lineage_id) == (2, True, old.id)
        assert told == [(demo.organization_id, old.id), (demo.organization_id, new.id)]
        assert heard == [f'document_replaced:{demo.organization_id}']

        listed, total = await shelf.documents.list(demo.instructor)
        assert ([one.id for one in listed], total) == ([new.id], 1)
        assert '20 cm' in ' '.join(await shelf.found('vessel behind the sash'))
        assert '15 cm' not in ' '.join(await shelf.found('vessel behind the sash'))
        # Whoever cites the old version, or is in the middle of a draft from it, still has it.
        assert '15 cm' in (await shelf.documents.pages(demo.instructor, old.id))[0].text
        assert '15 cm' in ' '.join(await shelf.found('vessel behind the sash', document_ids=[old.id]))
        assert [(one.version, one.replaced_by) for one in await versions.list(demo.instructor, old.id)] == [
            (2, None),
            (1, new.id),
        ]
        async with shelf.platform.database.reading() as tx:
            scope = Scope(tx, demo.organization_id)
            assert {key: one.id for key, one in (await newest_of(scope, [old.id])).items()} == {old.id: new.id}
        [change] = await versions.changes(demo.instructor, new.id, since=old.id)
        assert (change.page_old, change.page_new) == (1, 1)
        assert '15 cm' in change.text_old
        assert '20 cm' in change.text_new
        assert (await versions.file(demo.instructor, old.id)).path.read_text() == FIRST

        back = await shelf.settled((await versions.restore(demo.instructor, old.id)).id)
        assert (back.version, back.current) == (3, True)
        assert '15 cm' in ' '.join(await shelf.found('vessel behind the sash'))
        assert {'document.replaced', 'document.version_restored'} <= set(await shelf.world.audit(demo))

        with pytest.raises(Conflict, match='nothing in it has changed'):
            await shelf.replace(back.id, FIRST)
        with pytest.raises(Conflict, match='newer version took the place'):
            await shelf.documents.remove(demo.instructor, old.id)
        with pytest.raises(NotFound):
            await shelf.documents.replace(shelf.world.other.instructor, new.id, 'rules.md', parts(b'Theirs.'))
        with pytest.raises(Forbidden):
            await shelf.documents.replace(demo.student, new.id, 'rules.md', parts(b'Mine.'))


async def test_a_version_that_cannot_be_read_replaces_nothing(shelf: Shelf) -> None:
    old = await shelf.add(FIRST)
    failed = await shelf.replace(old.id, b'%PDF-1.7\nbroken', 'rules.pdf')
    assert (failed.status, failed.current) == ('failed', False)
    assert (await shelf.documents.get(shelf.demo.instructor, old.id)).current
    assert '15 cm' in ' '.join(await shelf.found('vessel behind the sash'))
    third = await shelf.replace(old.id, SECOND)
    assert (third.version, third.current) == (3, True)


async def test_a_removed_document_goes_with_its_versions_and_comes_back_with_its_newest(shelf: Shelf) -> None:
    old = await shelf.add(FIRST)
    new = await shelf.replace(old.id, SECOND)
    await shelf.documents.remove(shelf.demo.instructor, new.id)
    assert await shelf.documents.list(shelf.demo.instructor) == ([], 0)
    assert await shelf.found('vessel behind the sash') == []
    with pytest.raises(Conflict, match='Bring it back first'):
        await shelf.documents.versions.restore(shelf.demo.instructor, old.id)
    await shelf.documents.restore(shelf.demo.instructor, new.id)
    await shelf.settled(new.id)
    assert '20 cm' in ' '.join(await shelf.found('vessel behind the sash'))


def test_pages_that_moved_are_no_change_and_an_inserted_page_is_one() -> None:
    old = [(1, 'One two three.'), (2, 'Four five six.'), (3, 'Seven eight nine.')]
    new = [(1, 'One two three.'), (2, 'Quite new words.'), (3, 'Four  five six seven.'), (4, 'Seven eight nine.')]
    assert list(page_changes(old, new)) == [
        PageChange(page_old=None, page_new=2, text_old='', text_new='Quite new words.'),
        PageChange(page_old=2, page_new=3, text_old='Four five six.', text_new='Four  five six seven.'),
    ]
    assert [change.page_old for change in page_changes(old, [])] == [1, 2, 3]
    assert list(page_changes(old, old)) == []
