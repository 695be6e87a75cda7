"""The language service as people and programs ask it. What takes longer than a blink runs in threads."""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID

from services.errors import InvalidInput
from services.knowledge.embedding import Embedder
from services.language.instructions import suspicions
from services.language.intent import Intent, Intents
from services.language.mood import Sentiment, sentiment
from services.language.queries import Query, Vocabulary, understood, vocabulary_of
from services.language.terms import Term, terms
from services.language.tokens import Tokenised, tokenised
from services.viewer import Permission, Viewer
from services.work import Gate
from storage import courses
from storage.glossary import cited_pages, passages_of
from storage.workflows import Workflow

LONGEST_TEXT = 20_000
_REMEMBERED, _KEPT_SECONDS = 100, 300.0


class LanguageService:
    def __init__(self, gate: Gate, embedder: Embedder) -> None:
        self._gate = gate
        self._intents = Intents(embedder)
        self._vocabularies: dict[UUID, tuple[float, Vocabulary]] = {}
        self._warnings: dict[tuple[UUID, int], bool] = {}

    async def tokenise(self, viewer: Viewer, text: str) -> Tokenised:
        return await asyncio.to_thread(tokenised, await self._text(viewer, text))

    async def entities(self, viewer: Viewer, text: str) -> list[Term]:
        """Terms that the text defines or spells out, and names that it says again and again."""
        return await asyncio.to_thread(terms, [await self._text(viewer, text)])

    async def sentiment(self, viewer: Viewer, text: str) -> Sentiment:
        """A weak sign."""
        return await asyncio.to_thread(sentiment, await self._text(viewer, text))

    async def intent(self, viewer: Viewer, text: str) -> Intent:
        return await self._intents.of(await self._text(viewer, text))

    async def query(self, viewer: Viewer, typed: str, *, exactly: bool = False) -> Query:
        """How a search for this is understood; whoever may not read documents gets nothing from their words."""
        async with self._gate.reading(viewer) as work:
            reads = work.viewer.may(Permission.KNOWLEDGE_READ)
            organization_id = work.viewer.organization_id
        vocabulary = await self._vocabulary(organization_id) if reads and not exactly else Vocabulary()
        return await asyncio.to_thread(understood, typed[:500], vocabulary, exactly=exactly)

    async def suspicious_blocks(self, viewer: Viewer, workflow_id: UUID) -> dict[UUID, int]:
        """Block id -> the first page that it cites and that holds text like instructions to an AI."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            blocks = await courses.blocks(work.scope, workflow.version_id)
            sources = await courses.sources(work.scope, [block.id for block in blocks])
            cited = {(one.document_id, one.page) for found in sources.values() for one in found}
            unknown = await cited_pages(work.scope, cited - self._warnings.keys())
        if len(self._warnings) > 20_000:
            self._warnings.clear()
        self._warnings |= await asyncio.to_thread(_judged, unknown)
        return {
            block_id: one.page
            for block_id, found in sources.items()
            for one in reversed(found)
            if self._warnings.get((one.document_id, one.page))
        }

    async def _vocabulary(self, organization_id: UUID) -> Vocabulary:
        """Read anew every few minutes: a word that came since is at worst not corrected."""
        made, known = self._vocabularies.get(organization_id, (0.0, None))
        if known is not None and time.monotonic() - made < _KEPT_SECONDS:
            return known
        async with self._gate.platform(organization_id) as work:
            texts = await passages_of(work.scope)
        vocabulary = await asyncio.to_thread(vocabulary_of, texts)
        if len(self._vocabularies) >= _REMEMBERED:
            self._vocabularies.clear()
        self._vocabularies[organization_id] = time.monotonic(), vocabulary
        return vocabulary

    async def _text(self, viewer: Viewer, text: str) -> str:
        async with self._gate.reading(viewer):
            pass
        if not text.strip() or len(text) > LONGEST_TEXT:
            fault = f'Write between one and {LONGEST_TEXT:,} characters.'
            raise InvalidInput(fault, fields={'text': fault})
        return text


def _judged(pages: Sequence[tuple[UUID, int, str]]) -> dict[tuple[UUID, int], bool]:
    return {(document_id, number): bool(suspicions(text)) for document_id, number, text in pages}
