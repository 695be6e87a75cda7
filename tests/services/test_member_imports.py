"""Tables of people: read however they were written, taken in row by row, and the bad rows come back with reasons."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.csv_files import UnreadableTable
from services.durable import Durable
from services.errors import Conflict, Forbidden, NotFound, TooLarge
from services.members import importing
from services.members.importing import ImportService, ImportView
from services.members.inviting import InvitationService
from services.members.people_table import MOST_ROWS, entries
from services.members.service import MemberService
from services.viewer import Viewer
from storage.files import FileStore
from tests.services.world import World

BAD = [
    'nobody,No Address,student,',
    ',Half Empty,student,',
    'p1@new.example,Twice,student,',
    'x1@new.example,=HYPERLINK("http://evil.example"),student,',
    'x2@new.example,Boss,site_admin,',
    'x3@new.example,Captain,captain,',
    'x4@new.example,Too Many,student,a,b,c',
    '@new.example,No Name,student,',
    'x5@new.example,"+1 234",student,',
    f'x6@new.example,{"long " * 60},student,',
]


class Office:
    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.demo = world, world.demo
        invitations = InvitationService(world.gate, 'http://coursewright.example')
        self.members = MemberService(world.gate, invitations)
        # Durable work is not launched here: the test is the worker.
        self.imports = ImportService(
            world.gate, Durable(world.database, folder), FileStore(folder / 'files'), invitations
        )

    async def upload(self, content: bytes, viewer: Viewer | None = None) -> ImportView:
        async def parts() -> AsyncIterator[bytes]:
            yield content

        return await self.imports.upload(viewer or self.demo.admin, 'people.csv', parts())

    async def work(self, view: ImportView) -> ImportView:
        await self.imports.start(self.demo.admin, view.id)
        await self.imports._take_in(self.demo.organization_id, view.id, 1)
        return await self.imports.get(self.demo.admin, view.id)

    async def report(self, view: ImportView) -> list[list[str]]:
        content = b''.join(await self.imports.report(self.demo.admin, view.id))
        return list(csv.reader(io.StringIO(content.decode('utf-8-sig'), newline='')))


@pytest.fixture
async def office(world: World, tmp_path: Path) -> Office:
    return Office(world, tmp_path)


async def test_of_a_thousand_rows_the_good_go_in_and_ten_bad_ones_come_back(office: Office) -> None:
    good = [f'p{n}@new.example,Person {n},student,Night shift' for n in range(988)]
    rows = ['E-Mail;', *good[:500], *BAD, *good[500:], office.world.other.student.email + ',,reviewer,']
    rows[0] = 'E-Mail,Full name,Role,Group'
    rows.append(office.demo.editor.email.upper() + ',Somebody Else,org_admin,')
    view = await office.upload('\r\n'.join(rows).encode('utf-8-sig'))
    assert (view.status, view.rows, view.good, view.bad) == ('preview', 1000, 990, 10)
    assert view.new_groups == ('Night shift',)
    assert [one.line for one in view.first_bad] == list(range(502, 512))
    assert (await office.members.counts(office.demo.admin)).invited == 0

    done = await office.work(view)
    assert (done.status, done.done, done.invited, done.joined, done.already) == ('finished', 1000, 988, 1, 1)
    counts = await office.members.counts(office.demo.admin)
    assert counts.invited == 988
    editor = await office.members.get(office.demo.admin, office.demo.editor.user_id)
    assert editor.roles == ('editor',)  # a table changes nothing about who is here already
    found, total = await office.members.list(office.demo.admin, search='p987@')
    assert (total, found[0].name, found[0].groups) == (1, 'Person 987', ('Night shift',))

    report = await office.report(view)
    assert report[0] == ['Line', 'What is wrong', 'E-Mail', 'Full name', 'Role', 'Group']
    assert len(report) == 11
    assert all(len(row[1]) > 20 for row in report[1:])
    assert report[3][1] == 'The same address stands in line 3.'
    cells = [cell for row in report for cell in row]
    assert '\'=HYPERLINK("http://evil.example")' in cells
    assert not [cell for cell in cells if cell.startswith(('=', '+', '-', '@'))]


async def test_an_import_goes_on_where_it_ended_and_stops_with_the_rights_of_who_began_it(office: Office) -> None:
    demo = office.demo
    content = b'mail\n' + b''.join(b'p%d@new.example\n' % n for n in range(120))
    view = await office.upload(content)
    await office.members.set_roles(demo.admin, demo.instructor.user_id, ['org_admin'])
    await office.imports.start(demo.instructor, view.id)
    with pytest.raises(Conflict):
        await office.imports.start(demo.admin, view.id)
    await office.members.set_roles(demo.admin, demo.instructor.user_id, ['instructor'])
    with pytest.raises(Forbidden) as stopped:
        await office.imports._take_in(demo.organization_id, view.id, 1)
    await office.imports.failed(demo.organization_id, view.id, 1, str(stopped.value))
    failed = await office.imports.get(demo.admin, view.id)
    assert (failed.status, failed.invited) == ('failed', 0)
    assert 'Instructor of Demo Academy may no longer do this' in str(failed.error)

    await office.imports.start(demo.admin, view.id)
    await office.imports._take_in(demo.organization_id, view.id, 1)  # the old run does nothing any more
    assert (await office.imports.get(demo.admin, view.id)).done == 0
    await office.imports._take_in(demo.organization_id, view.id, 2)
    assert (await office.imports.get(demo.admin, view.id)).invited == 120
    await office.imports._take_in(demo.organization_id, view.id, 2)
    assert (await office.members.counts(demo.admin)).invited == 120


async def test_only_administrators_import_and_only_their_own(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    view = await office.upload(b'email\nnew@new.example\n')
    for person in (office.demo.instructor, office.demo.student):
        with pytest.raises(Forbidden):
            await office.upload(b'email\nnew@new.example\n', person)
        with pytest.raises(Forbidden):
            await office.imports.start(person, view.id)
    for act in (
        office.imports.get(office.world.other.admin, view.id),
        office.imports.start(office.world.other.admin, view.id),
        office.imports.report(office.world.other.admin, view.id),
    ):
        with pytest.raises(NotFound):
            await act
    monkeypatch.setattr(importing, 'LARGEST_FILE', 10)
    with pytest.raises(TooLarge):
        await office.upload(b'email\nnew@new.example\n')


async def test_what_is_no_table_of_people_is_refused(office: Office) -> None:
    for content in (b'', b'\n\n', b'name,role\nAna,student\n', b'email\n', b'PK\x03\x04'):
        with pytest.raises(UnreadableTable):
            await office.upload(content)
    with pytest.raises(Conflict):
        await office.imports.start(office.demo.admin, (await office.upload(b'email\nnobody\n')).id)


def test_a_hundred_thousand_rows_pass_by_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / 'many.csv'
    with path.open('w') as file:
        file.write('email;name\n')
        file.writelines(f'p{n}@new.example;Person {n}\n' for n in range(MOST_ROWS))
    waiting = entries(path)
    assert next(waiting).line == 2
    assert sum(1 for entry in waiting if not entry.fault) == MOST_ROWS - 1
    with path.open('a') as file:
        file.write('more@new.example;More\n')
    with pytest.raises(UnreadableTable, match='more than'):
        list(entries(path))


@pytest.mark.parametrize(
    'header', ['E-Mail;Name;Roles;Groups', 'EMAIL ADDRESS;Full Name;Role;Team', 'e_mail;name;rolle;gruppe']
)
def test_columns_go_by_many_names(tmp_path: Path, header: str) -> None:
    path = tmp_path / 'people.csv'
    path.write_bytes(f'{header}\nana@new.example;"Ana\nLima";Teacher, Reviewer;"A|B"\n;;;\n'.encode('utf-16'))
    (entry,) = entries(path)
    assert (entry.email, entry.name, sorted(entry.roles), entry.groups) == (
        'ana@new.example',
        'Ana Lima',
        ['instructor', 'reviewer'],
        ('A', 'B'),
    )
