"""Follows the sources of courses: a newer version of a document marks exactly the blocks whose words it took away."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.errors import InvalidInput
from services.generation.proposals import propose
from services.living.diffing import GONE, MOVED, Fate, Quoted, fate_of
from services.living.rewording import machine_words, reworded
from services.notifications import notify
from services.work import Gate, Work
from storage import courses as courses_of
from storage import documents as documents_of
from storage import living as rows
from storage import proposals as proposals_of
from storage.courses import DRAFT, Block, BlockSource, Course, CourseVersion
from storage.documents import Document
from storage.living import SourceChange

_SAYS = 'The source says something else in its newest version.'
_LOOK = 'A person wrote this, and it rests on what changed: “{sentence}”. Look at it yourself.'
_NO_WORDS = 'Nothing in this block could be carried over by itself. Look at it beside its source.'


@dataclass(frozen=True)
class Cited:
    source: BlockSource
    fate: Fate


class Following:
    """Registered with Ingestion.after_indexed."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def after_indexed(self, organization_id: UUID, document_id: UUID) -> None:
        """Idempotent: what was marked for this version of the document is not marked again."""
        async with self._gate.platform(organization_id) as work:
            document = await work.scope.find(Document, document_id)
            if document is None or document.version < 2 or not document.current:
                return
            older = [
                one.id
                for one in await documents_of.lineage(work.scope, document.lineage_id)
                if one.version < document.version
            ]
            cited = await rows.blocks_citing(work.scope, older)
            if not cited:
                return
            pages = await rows.page_texts(work.scope, document_id)
        fates = await asyncio.to_thread(lambda: {source.id: fate_of(quoted_in(source), pages) for _, source in cited})
        async with self._gate.platform(organization_id) as work:
            document = await work.get(Document, document_id)
            await self._mark(work, document, await rows.blocks_citing(work.scope, older), fates)

    async def _mark(
        self,
        work: Work,
        document: Document,
        cited: Sequence[tuple[Block, BlockSource]],
        fates: dict[UUID, Fate],
    ) -> None:
        by_block: defaultdict[UUID, list[Cited]] = defaultdict(list)
        blocks: dict[UUID, Block] = {}
        for block, source in cited:
            if source.id in fates:
                blocks[block.id] = block
                by_block[block.id].append(Cited(source, fates[source.id]))
        marked: set[UUID] = set()
        for block_id, found in by_block.items():
            version = await work.get(CourseVersion, blocks[block_id].version_id)
            if await mark_block(work, document, blocks[block_id], found, is_open=version.state == DRAFT):
                marked.add(version.course_id)
            work.changed(f'course:{version.course_id}')
        for course_id in marked:
            course = await work.get(Course, course_id)
            text = 'A source of “{subject}” changed. Look at what rests on it.'
            await notify(work, [course.created_by], text, subject=course.title, path=f'/courses/{course.id}')


async def mark_block(work: Work, document: Document, block: Block, found: Sequence[Cited], *, is_open: bool) -> bool:
    """Re-anchors what only moved, marks what changed, and proposes where the block can be changed. True: marked."""
    known = {
        (change.document_id, change.page, change.start): change
        for change in await rows.changes_of_blocks(work.scope, [block.id])
        if change.new_document_id == document.id
    }
    fresh = [one for one in found if (one.source.document_id, one.source.page, one.source.start) not in known]
    changes = []
    for one in fresh:
        moved = one.fate.kind == MOVED
        if moved and not is_open:
            continue  # what is published keeps pointing at the version that it cites
        changes.append((one, work.add(_change(block, one, document))))
    lost = [(one, change) for one, change in changes if change.kind != MOVED]
    if lost:
        await _supersede(work, block, document)
    if is_open:
        if lost:
            await work.tx.flush()
            await _propose(work, document, block, [one for one, _ in lost], [change for _, change in lost])
        for one, change in changes:
            if change.kind == MOVED:
                _anchor(work, one, document)
    return bool(lost)


def _change(block: Block, one: Cited, document: Document) -> SourceChange:
    now, moved = one.fate.now, one.fate.kind == MOVED
    return SourceChange(
        block_id=block.id,
        version_id=block.version_id,
        document_id=one.source.document_id,
        new_document_id=document.id,
        document_name=document.name,
        page=one.source.page,
        start=one.source.start,
        quote=one.source.quote,
        kind=one.fate.kind,
        new_page=now.page if now else None,
        new_text=now.quote if now and one.fate.kind != GONE else '',
        status=rows.SETTLED if moved else rows.OPEN,
    )


async def _supersede(work: Work, block: Block, document: Document) -> None:
    """What an earlier version of the document made is answered by this one."""
    for change in await rows.changes_of_blocks(work.scope, [block.id]):
        if change.status == rows.OPEN and change.new_document_id not in (None, document.id):
            change.status = rows.SETTLED
            work.tx.add(change)
    for proposal in await proposals_of.open_of_kind(work.scope, [block.id], proposals_of.SOURCE):
        proposal.status = proposals_of.DECLINED
        work.tx.add(proposal)


async def _propose(
    work: Work, document: Document, block: Block, lost: Sequence[Cited], changes: Sequence[SourceChange]
) -> None:
    pairs = [pair for one in lost for pair in one.fate.pairs]
    revisions = await rows.revisions_of_blocks(work.scope, [block.id])
    machine = machine_words([revision.content for revision in revisions if revision.author_id is None])
    new = reworded(block.type, block.content, pairs, machine)
    advice = ' '.join(_LOOK.format(sentence=one) for one in new.look_at)
    if new.content == block.content and not advice:
        advice = _NO_WORDS
    for change in changes:
        change.advice = advice
        work.tx.add(change)
    if new.content == block.content:
        return  # a new quote under words that say something else would be a wrong citation
    by_id = {one.source.id: one for one in lost}
    current = (await courses_of.sources(work.scope, [block.id]))[block.id]
    after = [_brought_up(source, by_id.get(source.id), document) for source in current]
    reason = f'{_SAYS} {advice}'.strip()
    try:
        made = await propose(
            work, block, new.content, kind=proposals_of.SOURCE, reason=reason, sources=[one for one in after if one]
        )
    except InvalidInput:  # two answers would say the same, or nothing would be left
        for change in changes:
            change.advice = advice or _NO_WORDS
        return
    for change in changes:
        change.proposal_id = made.id


def _brought_up(source: BlockSource, lost: Cited | None, document: Document) -> dict[str, Any] | None:
    if lost is None:
        return {name: getattr(source, name) for name in _FIELDS}
    now = lost.fate.now
    if now is None or lost.fate.kind == GONE:
        return None
    return {'document_id': document.id, 'document_name': document.name, **vars(now)}


def _anchor(work: Work, one: Cited, document: Document) -> None:
    """The same words at their new place."""
    now, source = one.fate.now, one.source
    assert now is not None
    source.document_id, source.document_name = document.id, document.name
    source.page, source.start, source.end, source.quote = now.page, now.start, now.end, now.quote
    work.tx.add(source)


def quoted_in(source: BlockSource) -> Quoted:
    return Quoted(page=source.page, start=source.start, end=source.end, quote=source.quote)


_FIELDS = ('document_id', 'document_name', 'page', 'start', 'end', 'quote')
