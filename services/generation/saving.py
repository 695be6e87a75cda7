"""From an author's draft to stored blocks: cleaned, and with sources that were found word for word on their pages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from services.errors import InvalidInput
from services.generation.authors.base import Passage
from services.generation.blocks import revise
from services.generation.content import checked_content
from services.generation.drafts import (
    BlockDraft,
    Citation,
    LabDraft,
    LabFile,
    LessonDraft,
    OptionDraft,
    QuestionDraft,
    SlideDraft,
    TextDraft,
)
from services.generation.outward import inward
from services.generation.quotes import find_quote
from services.generation.state import log
from services.work import Work
from storage import courses
from storage.blocks import chunks_by_id, clear_sources
from storage.courses import Block, BlockSource, Lesson
from storage.documents import DocumentChunk, documents_by_id, page
from storage.workflows import Workflow

_OPTION_IDS = 'abcdefghijklmnopqrstuvwxyz'


async def save_lesson(
    work: Work, workflow: Workflow, lesson: Lesson, draft: LessonDraft, passage_ids: Sequence[UUID], *, author: str
) -> dict[str, int]:
    """Stores the blocks of a lesson that has none yet; gives counts for the log."""
    verifier = _Verifier(work, workflow, passage_ids)
    stored = 0
    for place, drafted in enumerate(draft.blocks, 1):
        block = Block(
            id=uuid5(lesson.id, f'block {place}'),
            version_id=lesson.version_id,
            lesson_id=lesson.id,
            position=place,
            type=drafted.type,
            content={},
            content_hash='',
            revision=0,
        )
        if await _store(work, workflow, block, drafted, verifier, author=author, state=courses.WAITING):
            stored += 1
    return {'blocks': stored, 'quotes': verifier.found, 'dropped': verifier.dropped}


async def save_rewritten(
    work: Work, workflow: Workflow, block: Block, draft: BlockDraft, passage_ids: Sequence[UUID], *, author: str
) -> dict[str, int]:
    """Gives a sent-back block its new words and sources."""
    verifier = _Verifier(work, workflow, passage_ids)
    if not await _store(work, workflow, block, draft, verifier, author=author, state=courses.REWRITTEN):
        block.review_state = courses.REWRITTEN  # the author had nothing else to say; the reviewer decides
        work.tx.add(block)
    return {'quotes': verifier.found, 'dropped': verifier.dropped}


def content_of(draft: BlockDraft) -> dict[str, Any]:
    """A draft's words in the form in which blocks are stored."""
    match draft:
        case TextDraft():
            return {'html': draft.html}
        case SlideDraft():
            return {'title': draft.title, 'bullets': list(draft.bullets), 'notes': draft.notes}
        case QuestionDraft():
            options = [
                {'id': _OPTION_IDS[place], 'text': option.text, 'correct': option.correct}
                for place, option in enumerate(draft.options)
            ]
            return {
                'kind': draft.kind,
                'prompt': draft.prompt,
                'options': options,
                'accepted': list(draft.accepted),
                'explanation': draft.explanation,
            }
        case LabDraft():
            return draft.model_dump(exclude={'type', 'citations'})


def drafts_of(blocks: Sequence[Block]) -> list[BlockDraft]:
    """Stored blocks as an author knows them, without their citations."""
    return [_draft(block, []) for block in blocks if block.type in ('text', 'slide', 'question', 'lab')]


def block_draft_of(block: Block, sources: Sequence[BlockSource], passages: Sequence[Passage]) -> BlockDraft:
    """A stored block as an author knows it, its sources as citations of these passages."""
    citations = []
    for source in sources:
        for number, passage in enumerate(passages, 1):
            same_page = (passage.document_id, passage.page) == (source.document_id, source.page)
            if same_page and passage.start <= source.start < passage.end:
                citations.append(Citation(passage=number, quote=source.quote))
                break
    return _draft(block, citations)


def _draft(block: Block, citations: list[Citation]) -> BlockDraft:
    content = block.content
    if block.type == 'text':
        return TextDraft(type='text', html=content['html'], citations=citations)
    if block.type == 'slide':
        return SlideDraft(
            type='slide',
            title=content['title'],
            bullets=content['bullets'],
            notes=content['notes'],
            citations=citations,
        )
    if block.type == 'lab':
        files = {
            part: [LabFile(path=file['path'], text=file['text']) for file in content[part]]
            for part in ('starter', 'solution', 'tests')
        }
        return LabDraft.model_construct(**{**content, **files}, type='lab', citations=citations)
    return QuestionDraft.model_construct(
        type='question',
        kind=content['kind'],
        prompt=content['prompt'],
        options=[OptionDraft(text=option['text'], correct=option['correct']) for option in content['options']],
        accepted=content['accepted'],
        explanation=content['explanation'],
        citations=citations,
    )


async def verified_sources(
    work: Work, block: Block | None, draft: BlockDraft, passage_ids: Sequence[UUID], *, workflow: Workflow | None
) -> list[dict[str, Any]]:
    """What a draft cites, as far as it stands word for word on its pages. What does not is told to the workflow."""
    return await _Verifier(work, workflow, passage_ids).sources(block, draft.citations)


async def _store(
    work: Work,
    workflow: Workflow,
    block: Block,
    draft: BlockDraft,
    verifier: '_Verifier',
    *,
    author: str,
    state: str,
) -> bool:
    try:
        content = checked_content(block.type, content_of(draft))
        content = inward(content, f'{block.content} {await verifier.read()}')
    except InvalidInput as error:
        await log(work, workflow.id, 'block.dropped', lesson_id=str(block.lesson_id), reason=str(error))
        return False
    origin = courses.AI if block.origin == courses.AI else courses.AI_HUMAN
    if not await revise(
        work, block, content, origin=origin, author=author, state=state, comment=block.comment, by_model=True
    ):
        return False
    await clear_sources(work.scope, block.id)
    for place, source in enumerate(await verifier.sources(block, draft.citations), 1):
        work.add(BlockSource(block_id=block.id, position=place, **source))
    return True


class _Verifier:
    """Looks each quote up on its page; what is not there word for word is dropped, and the log says so."""

    def __init__(self, work: Work, workflow: Workflow | None, passage_ids: Sequence[UUID]) -> None:
        self._work = work
        self._workflow = workflow
        self._passage_ids = passage_ids
        self._chunks: dict[UUID, DocumentChunk] = {}
        self._names: dict[UUID, str] = {}
        self._pages: dict[tuple[UUID, int], str] = {}
        self.found = 0
        self.dropped = 0

    async def sources(self, block: Block | None, citations: Sequence[Citation]) -> list[dict[str, Any]]:
        sources: dict[tuple[UUID, int, int, int], dict[str, Any]] = {}
        for citation in citations:
            source = await self._source(citation)
            if source is None:
                self.dropped += 1
                if self._workflow is None or block is None:
                    continue
                await log(
                    self._work,
                    self._workflow.id,
                    'quote.dropped',
                    block_id=str(block.id),
                    lesson_id=str(block.lesson_id),
                    quote=citation.quote[:500],
                )
            else:
                self.found += 1
                sources[source['document_id'], source['page'], source['start'], source['end']] = source
        return list(sources.values())

    async def read(self) -> str:
        """All that the author was given to read."""
        return '\n'.join(chunk.text for chunk in await self._candidates(0))

    async def _source(self, citation: Citation) -> dict[str, Any] | None:
        """The cited passage's page first; authors miscount, so then the pages of the other passages."""
        for chunk in await self._candidates(citation.passage):
            text = await self._page(chunk.document_id, chunk.page)
            span = find_quote(text, citation.quote, near=(chunk.start, chunk.end))
            if span is not None:
                return {
                    'document_id': chunk.document_id,
                    'document_name': self._names[chunk.document_id],
                    'page': chunk.page,
                    'start': span[0],
                    'end': span[1],
                    'quote': text[span[0] : span[1]],
                }
        return None

    async def _candidates(self, number: int) -> list[DocumentChunk]:
        if not self._chunks:
            found = await chunks_by_id(self._work.scope, self._passage_ids)
            self._chunks = {chunk.id: chunk for chunk in found}
            owners = {chunk.document_id for chunk in self._chunks.values()}
            self._names = {row.id: row.name for row in await documents_by_id(self._work.scope, owners)}
        cited = self._passage_ids[number - 1] if 1 <= number <= len(self._passage_ids) else None
        ordered = [cited, *(key for key in self._passage_ids if key != cited)]
        return [self._chunks[key] for key in ordered if key in self._chunks]

    async def _page(self, document_id: UUID, number: int) -> str:
        if (document_id, number) not in self._pages:
            row = await page(self._work.scope, document_id, number)
            self._pages[document_id, number] = row.text if row else ''
        return self._pages[document_id, number]
