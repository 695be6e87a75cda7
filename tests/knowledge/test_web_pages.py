"""A web page becomes a document through the one way out: never from behind our own walls, however it is dressed up."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from services.egress import Egress, EgressFailed, EgressRefused
from services.errors import Conflict, Forbidden, InvalidInput, NotFound, PlatformError
from services.knowledge.web_pages import WebPages, checked_address
from services.limits import Limits
from tests.knowledge.conftest import Shelf

RICE = '<!doctype html><title>Rice &amp; rules</title><nav>Home</nav><h1>Rice</h1><p>Rice stands for two hours.'
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Site:
    """A web server on loopback that says what `answers` says for a path, and remembers what it was asked."""

    port: int = 0
    answers: dict[str, Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def says(self, path: str, content: bytes | str, *, kind: str = 'text/html', status: int = 200, **more: str) -> None:
        body = content.encode() if isinstance(content, str) else content
        headers = {'content-type': kind, **{name.replace('_', '-'): value for name, value in more.items()}}
        self.answers[path] = lambda asked: (
            (304, {}, b'') if headers.get('etag', '-') == asked.get('if-none-match') else (status, headers, body)
        )

    def url(self, path: str = '/rice') -> str:
        return f'http://pages.example:{self.port}{path}'


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            asked = {name.lower(): value for name, value in self.headers.items()}
            status, headers, body = made.answers.get(self.path, lambda _asked: (404, {}, b''))(asked)
            self.send_response(status)
            for name, value in {**headers, 'content-length': str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Not into the test's own output."""

    server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    made.port = server.server_address[1]
    Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def fetching(shelf: Shelf, allow: str = '', *, max_bytes: int = 100_000, answers: tuple[str, ...] = ()) -> WebPages:
    """`answers` are what the name resolves to, the first time, the second time, …; the last one stays."""
    left = list(answers or ('127.0.0.1',))

    async def resolve(_host: str, _port: int) -> list[str]:
        return [left.pop(0) if len(left) > 1 else left[0]]

    egress = Egress(allow, max_bytes=max_bytes, seconds=2.0, resolve=resolve)
    return WebPages(shelf.platform.gate, shelf.documents, egress)


async def test_a_page_is_added_and_fetched_again_when_it_has_changed(shelf: Shelf, site: Site) -> None:
    demo, pages = shelf.demo, fetching(shelf, f'pages.example:{site.port}')
    site.says('/rice', RICE, etag='"one"')
    added = await pages.add(demo.instructor, site.url('/rice#part'))
    page = await shelf.settled(added.id)
    assert (page.name, page.status, page.source_url) == ('Rice & rules.html', 'indexed', site.url())
    assert (await shelf.documents.pages(demo.instructor, page.id))[0].text == 'Rice\n\nRice stands for two hours.'

    assert (await pages.again(demo.instructor, page.id)).id == page.id  # 304
    site.says('/rice', RICE, etag='"two"')
    assert (await pages.again(demo.instructor, page.id)).id == page.id  # the same bytes
    site.says('/rice', RICE.replace('two', 'four'), etag='"three"')
    newer = await shelf.settled((await pages.again(demo.instructor, page.id)).id)
    assert (newer.version, newer.current, newer.source_url) == (2, True, site.url())
    assert 'four hours' in ' '.join(await shelf.found('rice'))

    site.says('/moved', b'', status=301, location='/rice')
    assert (await pages.add(demo.instructor, site.url('/moved'))).name == 'Rice & rules.html'
    site.says('/plan.md', '# Plan\n\nFirst rice.', kind='text/plain')
    assert (await pages.add(demo.instructor, site.url('/plan.md'))).name == 'plan.md'
    uploaded = await shelf.add('# Not from the web')
    with pytest.raises(Conflict, match='not fetched from an address'):
        await pages.again(demo.instructor, uploaded.id)
    with pytest.raises(NotFound):
        await pages.again(shelf.world.other.instructor, page.id)
    asked = len(site.asked)
    with pytest.raises(Forbidden):
        await pages.add(demo.student, site.url())
    assert len(site.asked) == asked


async def test_what_is_no_page_is_refused_with_a_sentence_and_adds_nothing(shelf: Shelf, site: Site) -> None:
    pages = fetching(shelf, f'pages.example:{site.port}')
    site.says('/large', b'x' * 200_000)
    site.says('/secret', b'', status=403)
    site.says('/down', b'', status=500)
    site.says('/round', b'', status=302, location='/round')
    site.says('/picture.png', b'\x89PNG\r\n\x1a\n' + bytes(64), kind='text/html')  # by content, not by what it says
    site.says('/packed', b'\x1f\x8b\x08' + bytes(64), content_encoding='gzip')
    for path, words in (
        ('/large', 'too large'),
        ('/secret', 'sign in there'),
        ('/missing', 'no page at this address'),
        ('/down', 'fault 500'),
        ('/round', 'from one address to the next'),
        ('/picture.png', 'cannot be read here'),
        ('/packed', 'packed answer'),
    ):
        with pytest.raises(PlatformError, match=words):
            await pages.add(shelf.demo.instructor, site.url(path))
    assert await shelf.documents.list(shelf.demo.instructor) == ([], 0)


INSIDE = """127.0.0.1 127.1 2130706433 0x7f000001 017700000001 0.0.0.0 0 localhost 169.254.169.254 10.0.0.1 192.168.1.1
[::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [64:ff9b::7f00:1] [fe80::1] [fd00:ec2::254] [::]""".split()


async def test_nothing_behind_our_own_walls_is_ever_connected_to(shelf: Shelf, site: Site) -> None:
    """Spelled in any way, after a redirect, or by a name that is public when it is looked at and loopback after."""
    shelf.platform.gate.limits = Limits(most={'upload': 1000})
    site.says('/rice', RICE)
    honest = WebPages(shelf.platform.gate, shelf.documents, Egress())
    for host in INSIDE:
        with pytest.raises(PlatformError):
            await honest.add(shelf.demo.instructor, f'http://{host}:{site.port}/rice')
    with pytest.raises(EgressRefused):
        await fetching(shelf).add(shelf.demo.instructor, site.url())
    with pytest.raises(EgressFailed):  # 192.0.2.0/24 is a network where nobody answers
        await fetching(shelf, '192.0.2.0/24', answers=('192.0.2.10', '127.0.0.1')).add(
            shelf.demo.instructor, site.url()
        )
    assert site.asked == []

    outer = fetching(shelf, f'pages.example:{site.port}')
    for place in (
        f'http://127.0.0.1:{site.port}/rice',
        'http://169.254.169.254/latest/meta-data/',
        f'http://[::1]:{site.port}/rice',
        'file:///etc/passwd',
        'gopher://127.0.0.1/',
    ):
        site.asked.clear()
        site.says('/away', b'', status=302, location=place)
        with pytest.raises(PlatformError):
            await outer.add(shelf.demo.instructor, site.url('/away'))
        assert site.asked == ['/away']


@pytest.mark.parametrize(
    'typed',
    ['', 'javascript:alert(1)', 'file:///etc/passwd', 'ftp://a.example/', 'https://', 'http://a b.example/',
     'http://a.example\\@b.example/', 'http://[::1', 'something', 'http://me:secret@a.example/',
     f'http://a/{"x" * 3000}'],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        checked_address(typed)


def test_an_address_may_be_typed_without_its_scheme() -> None:
    assert checked_address(' company.com/handbook#top ') == 'https://company.com/handbook'
