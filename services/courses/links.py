"""Asks the addresses that a course links to whether they are there, through the one way out and as durable work."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID

import httpx2

from services.clock import now
from services.courses.reading import modules_of
from services.courses.surroundings import outside_links
from services.courses.views import block_view
from services.durable import Durable, step
from services.egress import Egress, EgressFailed, EgressRefused
from services.viewer import Permission, Viewer
from services.work import Gate
from storage.catalogue import newest_versions
from storage.courses import Course, CourseVersion
from storage.living import LinkAnswer, link_answers

KIND = 'links'
_FRESH = timedelta(hours=6)
_AT_ONCE, _MOST = 4, 300
_GONE = frozenset([404, 410])


class LinkService:
    def __init__(self, gate: Gate, durable: Durable, egress: Egress) -> None:
        self._gate = gate
        self._durable = durable
        self._egress = egress

    async def ask(self, viewer: Viewer, course_id: UUID) -> bool:
        """Begins to ask the links of the newest version that were not asked lately; False where there are none.

        The course says so on the bus (`course:<id>`) when it is done.
        """
        async with self._gate.reading(viewer, Permission.COURSE_READ) as work:
            await work.get(Course, course_id)
            version = (await newest_versions(work.scope, [course_id])).get(course_id)
            if version is None:
                return False
            urls = outside_links(await modules_of(work, version.id, block_view))
            known = {answer.url for answer in await link_answers(work.scope, urls) if _holds(answer)}
        if not set(urls) - known:
            return False
        # A name of its own for each half minute: who asks twice in a row asks once.
        self._durable.start(KIND, viewer.organization_id, version.id, int(time.time() // 30))
        return True

    async def run(self, organization_id: UUID, version_id: UUID, _run: int) -> None:
        await step('ask', self._ask_all, organization_id, version_id)

    async def failed(self, organization_id: UUID, version_id: UUID, _run: int, _reason: str) -> None:
        """Nothing to put right: what was not asked stays 'not checked'."""

    async def _ask_all(self, organization_id: UUID, version_id: UUID) -> None:
        async with self._gate.platform(organization_id) as work:
            version = await work.get(CourseVersion, version_id)
            urls = outside_links(await modules_of(work, version_id, block_view))[:_MOST]
            known = {answer.url for answer in await link_answers(work.scope, urls) if _holds(answer)}
        turn = asyncio.Semaphore(_AT_ONCE)
        wanted = [url for url in urls if url not in known]
        answers = await asyncio.gather(*(self._answer(url, turn) for url in wanted))
        async with self._gate.platform(organization_id) as work:
            kept = {answer.url: answer for answer in await link_answers(work.scope, wanted)}
            for url, (state, why) in zip(wanted, answers, strict=True):
                row = kept.get(url) or LinkAnswer(url=url, state=state, asked_at=now())
                row.state, row.why, row.asked_at = state, why, now()
                work.add(row)
            work.changed(f'course:{version.course_id}')

    async def _answer(self, url: str, turn: asyncio.Semaphore) -> tuple[str, str]:
        async with turn:
            try:
                status = await self._status(url)
            except EgressRefused as refusal:
                return 'refused', str(refusal)
            except (EgressFailed, httpx2.HTTPError, httpx2.InvalidURL) as error:
                return 'silent', str(error) or 'It does not answer.'
        if status in _GONE:
            return 'dead', f'It answers {status}.'
        return ('silent', f'It answers {status}.') if status >= 500 else ('live', '')

    async def _status(self, url: str) -> int:
        async with httpx2.AsyncClient(transport=self._egress.transport(), trust_env=False) as client:
            answer = await client.head(url)
            if answer.status_code in (403, 404, 405, 501):  # there are hosts that do not know HEAD
                try:
                    answer = await client.get(url)
                except EgressFailed:
                    return 200 if answer.status_code != 404 else 404
            return answer.status_code


def _holds(answer: LinkAnswer) -> bool:
    return answer.state != 'silent' and now() - answer.asked_at < _FRESH
