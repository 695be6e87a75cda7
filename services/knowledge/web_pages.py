"""Web pages as documents: fetched from an address that somebody typed, through the one checked way out."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit
from uuid import UUID

import httpx2

from services.clock import now
from services.egress import Egress, EgressFailed
from services.errors import Conflict, InvalidInput
from services.knowledge.collections import GENERATION, check_collection
from services.knowledge.documents import DocumentService
from services.knowledge.parsing import SUFFIXES
from services.knowledge.views import DocumentView
from services.limits import UPLOAD
from services.viewer import Permission, Viewer
from services.work import Gate
from storage.documents import Document

LARGEST_PAGE = 20 * 1024 * 1024
LONGEST_FETCH = 20.0
LONGEST_ADDRESS = 2000
_MOST_REDIRECTS = 5
_AGENT = 'Coursewright (+reads a page once, for a person who asked for it)'


@dataclass(frozen=True, kw_only=True)
class _Page:
    """`url` is where it was found in the end; `content` is None where it has not changed."""

    url: str
    name: str
    content: bytes | None
    etag: str


class WebPages:
    """`egress` has caps of its own here: a web page may be larger than the answer of a sign-on provider."""

    def __init__(self, gate: Gate, documents: DocumentService, egress: Egress) -> None:
        self._gate = gate
        self._documents = documents
        self._egress = egress

    async def add(
        self, viewer: Viewer, url: str, *, collection: str = GENERATION, folder_id: UUID | None = None
    ) -> DocumentView:
        """The page or file at the address, as a document; EgressRefused where it lies behind our own walls."""
        current = await self._gate.check(viewer, Permission.KNOWLEDGE_WRITE)
        address = checked_address(url)
        check_collection(collection)
        await self._gate.limits.spend(UPLOAD, str(current.user_id))
        page = await self._fetch(address)
        added = await self._documents.upload(
            viewer, page.name, _parts(page), collection=collection, folder_id=folder_id
        )
        return await self._note(viewer, added.id, address, page)

    async def again(self, viewer: Viewer, document_id: UUID) -> DocumentView:
        """A new version, where the page has changed since; the document as it stands, where it has not."""
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_WRITE) as work:
            document = await work.get(Document, document_id)
        if not document.source_url:
            raise Conflict('“{name}” was not fetched from an address. Upload the newer file.', name=document.name)
        await self._gate.limits.spend(UPLOAD, str(viewer.user_id))
        page = await self._fetch(document.source_url, etag=document.etag)
        if page.content is not None:
            try:
                added = await self._documents.replace(viewer, document_id, page.name, _parts(page))
            except Conflict:
                pass  # byte for byte the same
            else:
                return await self._note(viewer, added.id, document.source_url, page)
        return await self._note(viewer, document_id, document.source_url, page)

    async def _note(self, viewer: Viewer, document_id: UUID, address: str, page: _Page) -> DocumentView:
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            document = await work.get(Document, document_id)
            document.source_url, document.fetched_at = address, now()
            document.etag = page.etag or document.etag
            work.tx.add(document)
            work.record('document.fetched', document, after={'address': address, 'changed': page.content is not None})
            work.changed(f'document:{document_id}', f'documents:{document.organization_id}')
        return await self._documents.get(viewer, document_id)

    async def _fetch(self, address: str, *, etag: str = '') -> _Page:
        """Redirects are followed one by one: each address is checked anew, by its own connection."""
        headers = {'User-Agent': _AGENT, 'Accept': 'text/html, application/pdf, text/*;q=0.9, */*;q=0.5'}
        if etag:
            headers['If-None-Match'] = etag
        url = address
        for _ in range(_MOST_REDIRECTS + 1):
            answer = await self._egress.get(url, headers=headers)
            if answer.status_code not in (301, 302, 303, 307, 308):
                return _page(url, answer)
            url = checked_address(urljoin(url, answer.headers.get('location', '')))
        raise EgressFailed('{host} sends us from one address to the next. Use the last one.', host=_host(address))


def checked_address(typed: str) -> str:
    """The address as it is kept: http or https, with a host, without a name and a password or a fragment."""
    fault = ''
    text = typed.strip()
    if _BARE.match(text):
        text = f'https://{text}'
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
        ok = parts.scheme in ('http', 'https') and bool(host) and not _UNSAFE.search(text)
    except ValueError:
        ok, parts = False, urlsplit('')
    if not ok or len(text) > LONGEST_ADDRESS:
        fault = 'This is not the address of a web page. Write it like https://company.com/handbook.'
    elif parts.username or parts.password:
        fault = 'Leave the name and password out of the address. Only pages that are open to everybody can be added.'
    if fault:
        raise InvalidInput(fault, fields={'url': fault})
    return urlunsplit((parts.scheme, parts.netloc, parts.path or '/', parts.query, ''))


def _page(url: str, answer: httpx2.Response) -> _Page:
    etag = answer.headers.get('etag', '')[:200]
    if answer.status_code == 304:
        return _Page(url=url, name='', content=None, etag=etag)
    if answer.status_code in (401, 403):
        raise EgressFailed(
            '{host} lets only people in who sign in there. Save the page as a file and add that.', host=_host(url)
        )
    if answer.status_code in (404, 410):
        raise EgressFailed('There is no page at this address of {host}. Check it.', host=_host(url))
    if answer.status_code != 200:
        raise EgressFailed(
            '{host} answered with fault {status}. Try again later.', host=_host(url), status=answer.status_code
        )
    content = answer.content
    return _Page(url=url, name=_name(url, answer.headers.get('content-type', ''), content), content=content, etag=etag)


def _name(url: str, declared: str, content: bytes) -> str:
    """What the file is called: by the title of a page, otherwise by the last part of its address."""
    parts = urlsplit(url)
    last = unquote(PurePosixPath(parts.path).name, errors='replace')
    head = content[:65_536]
    if content.startswith((b'%PDF-', b'PK\x03\x04')):
        return last if PurePosixPath(last).suffix.lower() in SUFFIXES else f'{last or parts.hostname}'
    if PurePosixPath(last).suffix.lower() in ('.md', '.markdown', '.txt') and b'<html' not in head.lower():
        return last
    if 'html' in declared or _MARKUP.search(head):
        title = _TITLE.search(head.decode('utf-8', errors='replace'))
        words = ' '.join(unescape(title.group(1)).split()) if title else ''
        words = words.replace('/', '-').replace('\\', '-')[:120]
        return f'{words or last or parts.hostname}'.removesuffix('.html').removesuffix('.htm') + '.html'
    return last or f'{parts.hostname}.txt'


async def _parts(page: _Page) -> AsyncIterator[bytes]:
    assert page.content is not None
    yield page.content
    await asyncio.sleep(0)


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


_BARE = re.compile(r'[\w-]+(?:\.[\w-]+)+(?:[/?#:]|$)')
_UNSAFE = re.compile(r'[\x00-\x20\x7f\\]')
_MARKUP = re.compile(rb'<!doctype\s+html|<html[\s>]', re.IGNORECASE)
_TITLE = re.compile(r'<title[^>]*>([^<]{1,500})', re.IGNORECASE)
