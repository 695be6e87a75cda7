"""Mail that leaves: sent, tried again later, refused; and the outbox that shows what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest

from services import mail
from services.clock import now
from services.errors import Conflict, Forbidden, NotFound
from services.mail_delivery import MailDelivery, Server
from services.outbox import LinkIsPrivate, OutboxService
from storage.database import Scope
from storage.identity import UserRole
from storage.mail import TRIES, MailMessage, owed_mails
from storage.sight import look_across_organizations
from tests.servers.mail_catcher import MailCatcher
from tests.services.world import World

LINK = 'http://test/reset-password?token=' + 'a' * 43


@dataclass(kw_only=True)
class Post:
    world: World
    delivery: MailDelivery
    catcher: MailCatcher
    begun: int = 0
    ids: list[UUID] = field(default_factory=list)

    async def write(self, recipient: str = 'nora@work.example', **changes: UUID) -> UUID:
        async with self.world.gate.platform(self.world.demo.organization_id) as work:
            return mail.write(work, recipient, 'Grüße aus der Küche', f'Open\n{LINK}\n', **changes).id

    async def attempt(self, message_id: UUID) -> MailMessage:
        """One try, as the durable work makes it."""
        here = self.world.demo.organization_id
        run = (await self.row(message_id)).run
        outcome, said = await self.delivery.send(here, message_id, run)
        await self.delivery.note(here, message_id, run, outcome, said)
        return await self.row(message_id)

    async def row(self, message_id: UUID) -> MailMessage:
        async with self.world.database.reading() as tx:
            found = await Scope(tx, self.world.demo.organization_id).find(MailMessage, message_id)
        assert found is not None
        return found

    async def owed(self, later: timedelta = timedelta()) -> list[UUID]:
        async with self.world.database.reading() as tx:
            look_across_organizations(tx, because='a test looks at everything that is owed')
            return [message_id for _, message_id, _ in await owed_mails(tx, now() + later)]


@pytest.fixture(scope='module')
def catcher() -> Iterator[MailCatcher]:
    running = MailCatcher().start()
    yield running
    running.stop()


@pytest.fixture
def post(world: World, catcher: MailCatcher) -> Post:
    catcher.caught.clear()
    catcher.answer = '250 OK'

    async def begin() -> None:
        made.begun += 1

    delivery = MailDelivery(world.gate, Server.at(catcher.url, here='test'), begin=begin, patience=20)
    made = Post(world=world, delivery=delivery, catcher=catcher)
    return made


async def test_a_mail_arrives_once_and_its_link_is_forgotten_here(post: Post) -> None:
    message_id = await post.write()
    assert await post.owed() == [message_id]
    row = await post.attempt(message_id)
    assert post.begun >= 1, 'whoever delivers hears of it after the commit'
    assert (row.status, row.error) == ('sent', '')
    assert row.sent_at is not None
    assert 'token=…' in row.text
    [caught] = post.catcher.caught
    assert caught['To'] == 'nora@work.example'
    assert caught['From'] == 'Coursewright <courses@school.example>'
    assert caught['Subject'] == 'Grüße aus der Küche'
    assert caught['Message-ID'] == f'<{message_id}@school.example>'
    assert LINK in caught.get_content()  # type: ignore[attr-defined]
    assert (await post.attempt(message_id)).status == 'sent'
    assert len(post.catcher.caught) == 1
    assert await post.owed(timedelta(hours=1)) == []


async def test_a_no_for_now_is_tried_again_later_and_a_no_is_not(post: Post) -> None:
    later = await post.write()
    post.catcher.answer = '451 4.3.0 Come back later'
    row = await post.attempt(later)
    assert (row.status, row.run, row.error) == ('waiting', 2, 'The mail server answered 451: 4.3.0 Come back later')
    assert await post.owed() == []
    assert await post.owed(TRIES[1]) == [later]
    for _ in TRIES[1:]:
        row = await post.attempt(later)
    assert (row.status, row.run) == ('failed', len(TRIES))
    post.catcher.answer = '554 5.7.1 Spam'
    refused = await post.attempt(await post.write())
    assert (refused.status, refused.error) == ('failed', 'The mail server answered 554: 5.7.1 Spam')
    unknown = await post.attempt(await post.write('unknown@work.example'))
    assert unknown.status == 'failed'
    assert '550' in unknown.error
    assert post.catcher.caught == []


async def test_a_server_that_is_silent_or_away_is_asked_again(post: Post) -> None:
    message_id = await post.write()
    post.delivery._patience = 0.5
    post.catcher.slow.set()
    row = await post.attempt(message_id)
    post.catcher.slow.clear()
    assert (row.status, row.run) == ('waiting', 2)
    assert 'did not answer within 0.5 s' in row.error
    post.delivery._server = Server.at('smtp://127.0.0.1:9', here='test')
    row = await post.attempt(message_id)
    assert (row.status, row.run) == ('waiting', 3)
    assert 'could not be reached' in row.error


async def test_what_lay_for_days_while_no_server_was_set_is_not_sent_by_surprise(post: Post) -> None:
    await post.write()
    assert await post.owed(timedelta(days=4)) == []


async def test_the_outbox_is_for_administrators_and_shows_no_foreign_mail(post: Post) -> None:
    message_id = await post.write()
    outbox = OutboxService(post.world.gate, start=None)
    demo, other = post.world.demo, post.world.other
    found, total = await outbox.list(demo.admin)
    assert [(mail.id, mail.recipient, mail.status) for mail in found] == [(message_id, 'nora@work.example', 'waiting')]
    assert total == 1
    assert (await outbox.list(demo.admin, search='nora@', status='waiting'))[1] == 1
    assert (await outbox.list(demo.admin, search='nobody'))[1] == (await outbox.list(demo.admin, status='sent'))[1] == 0
    assert (await outbox.list(other.admin))[1] == 0
    for act in (outbox.get, outbox.links, outbox.retry):
        with pytest.raises(NotFound):
            await act(other.admin, message_id)
        with pytest.raises(Forbidden):
            await act(demo.instructor, message_id)
    with pytest.raises(Forbidden):
        await outbox.list(demo.student)
    with pytest.raises(Conflict, match='No mail server is set'):
        await outbox.retry(demo.admin, message_id)


async def test_a_link_is_shown_on_purpose_only_and_never_one_into_another_organisation(post: Post) -> None:
    outbox = OutboxService(post.world.gate, start=None)
    demo, other = post.world.demo, post.world.other
    own = await post.write(user_id=demo.student.user_id)
    shown = await outbox.get(demo.admin, own)
    assert LINK not in shown.text and shown.has_link
    assert LINK in await outbox.links(demo.admin, own)
    assert await post.world.audit(demo) == ['mail.link_shown']
    async with post.world.database.writing() as tx:
        Scope(tx, other.organization_id).add(UserRole(user_id=demo.classmate.user_id, role='student'))
    for person in (demo.classmate, demo.site):  # in another one too; runs the installation
        private = await post.write(user_id=person.user_id)
        with pytest.raises(LinkIsPrivate):
            await outbox.links(demo.admin, private)


async def test_a_failed_mail_is_tried_again_at_once_when_asked(post: Post) -> None:
    started: list[tuple[UUID, UUID, int]] = []
    outbox = OutboxService(post.world.gate, start=lambda *what: started.append(what))
    post.catcher.answer = '554 5.7.1 Spam'
    message_id = await post.write()
    await post.attempt(message_id)
    await outbox.retry(post.world.demo.admin, message_id)
    assert started == [(post.world.demo.organization_id, message_id, 2)]
    post.catcher.answer = '250 OK'
    assert (await post.attempt(message_id)).status == 'sent'
    with pytest.raises(Conflict, match='sent already'):
        await outbox.retry(post.world.demo.admin, message_id)


@pytest.mark.parametrize(
    ('url', 'expected'),
    [
        ('smtp://mail.example', ('mail.example', 587, 'no-reply@here.example', None, 'offered')),
        ('smtps://u%40x:p%2Fw@mail.example', ('mail.example', 465, 'no-reply@here.example', 'u@x', 'always')),
        ('smtp://mail.example:25?from=a@b.example', ('mail.example', 25, 'a@b.example', None, 'offered')),
    ],
)
def test_the_address_of_the_server_says_how_it_is_spoken_to(url: str, expected: tuple[object, ...]) -> None:
    server = Server.at(url, here='here.example')
    assert (server.host, server.port, server.sender, server.username, server.tls) == expected


def test_an_address_that_is_none_says_how_it_is_written() -> None:
    for url in ('mail.example', 'http://mail.example', 'smtp://'):
        with pytest.raises(ValueError, match='COURSEWRIGHT_SMTP_URL is written like'):
            Server.at(url, here='here.example')
