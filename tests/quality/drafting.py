"""A course drafted as a customer would have it: upload, brief, approve the outline, wait for the lessons."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.bench.site import answered, until
from tests.quality.corpus import Source, files_of
from tests.servers.application import Application

_PATIENCE_SECONDS = 3600
Pages = dict[tuple[str, int], str]


@dataclass(frozen=True, kw_only=True)
class Finding:
    severity: str
    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """`draft` as REST gives it; `pages` is the text of each page cited, `headings` each heading with the pages' spans
    below it: (document, page, start, end). `findings` are those of the publish check, all blocks approved."""

    source: Source
    draft: dict[str, Any]
    pages: Pages
    headings: dict[str, list[tuple[str, int, int, int]]]
    findings: tuple[Finding, ...] = ()


async def draft(application: Application, client: httpx.AsyncClient, source: Source) -> Drafted:
    document_ids = [await _indexed(client, path) for path in files_of(source)]
    brief = {
        'title': source.title,
        'brief': '',
        'audience': source.audience,
        'level': 'Introductory',
        'hours': source.hours,
        'language': 'en',
        'document_ids': document_ids,
    }
    workflow = await answered(client.post('/api/v1/workflows', json=brief))
    path = f'/api/v1/workflows/{workflow["id"]}'
    review = await _review(client, path, 'outline')
    decision = {'review_id': review['id'], 'hash': review['hash'], 'decision': 'approve', 'comment': ''}
    await answered(client.post(f'{path}/reviews', json=decision))
    review = await _review(client, path, 'content')
    written = await answered(client.get(f'{path}/draft'))
    decision = {'review_id': review['id'], 'hash': review['hash'], 'decision': 'approve', 'comment': ''}
    await answered(client.post(f'{path}/reviews', json=decision))
    await until(lambda: client.get(path), lambda one: one['stage'] == 'done', within=_PATIENCE_SECONDS, look=0.5)
    checked = await answered(client.get(f'/api/v1/courses/{workflow["course_id"]}/check'))
    findings = [
        Finding(severity=one['severity'], code=one['code'], message=one['message']) for one in checked['findings']
    ]
    pages = _pages(application.data_dir, document_ids)
    headings = await _headings(client, document_ids)
    return Drafted(source=source, draft=written, pages=pages, headings=headings, findings=tuple(findings))


async def _indexed(client: httpx.AsyncClient, path: Path) -> str:
    files = {'file': (path.name, path.read_bytes())}
    added = await answered(client.post('/api/v1/rag/documents', files=files))
    address = f'/api/v1/rag/documents/{added["id"]}'
    await until(lambda: client.get(address), lambda one: one['status'] == 'indexed', within=_PATIENCE_SECONDS, look=0.5)
    return str(added['id'])


async def _review(client: httpx.AsyncClient, path: str, stage: str) -> Any:
    def waits(workflow: Any) -> bool:
        return workflow['stage'] == stage and workflow['status'] == 'awaiting_review'

    return (await until(lambda: client.get(path), waits, within=_PATIENCE_SECONDS, look=0.5))['review']


def _pages(data_dir: Path, document_ids: list[str]) -> Pages:
    """Read from the database: REST shows passages, and a sentence may stand across two of them."""
    wanted = {key.replace('-', '') for key in document_ids}
    [database] = data_dir.glob('coursewright*.sqlite')
    with sqlite3.connect(f'file:{database}?mode=ro', uri=True) as connection:
        rows = connection.execute('SELECT document_id, number, text FROM document_pages').fetchall()
    return {(str(key), number): text for key, number, text in rows if str(key) in wanted}


async def _headings(client: httpx.AsyncClient, document_ids: list[str]) -> dict[str, list[tuple[str, int, int, int]]]:
    found: dict[str, list[tuple[str, int, int, int]]] = {}
    for document_id in document_ids:
        offset = 0
        while True:
            address = f'/api/v1/rag/documents/{document_id}/chunks'
            page = await answered(client.get(address, params={'limit': 200, 'offset': offset}))
            for chunk in page['items']:
                span = (document_id.replace('-', ''), chunk['page'], chunk['start'], chunk['end'])
                found.setdefault(chunk['heading'], []).append(span)
            offset += 200
            if offset >= page['total']:
                break
    found.pop('', None)
    return found
