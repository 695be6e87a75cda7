"""OfflineAuthor: extractive. Every sentence stands verbatim in a passage and is cited."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import count

from services.generation.authors.base import AuthorCannot, Brief, Draft, OnPartial, PartWanted, Passage, Written
from services.generation.authors.offline import again, comments, labs, lessons, outlines, parts, rewriting
from services.generation.authors.offline.closeness import Closeness
from services.generation.authors.offline.reading import Corpus, read
from services.generation.authors.offline.wording import language_code
from services.generation.drafts import BlockDraft, LessonDraft, LessonPlan, OutlineDraft, TranslationDraft

Embed = Callable[[Sequence[str]], Awaitable[list[list[float]]]]
_VERSION = 'extractive-1'


class OfflineAuthor:
    """`embed` helps to choose wrong answers that are near the right one; without it words in common decide."""

    provider = 'offline'
    model = _VERSION

    def __init__(self, embed: Embed | None = None) -> None:
        self._embed = embed
        self._corpora: OrderedDict[int, Corpus] = OrderedDict()
        self._closeness = Closeness()

    async def outline(
        self,
        brief: Brief,
        passages: Sequence[Passage],
        *,
        previous: OutlineDraft | None,
        comment: str,
        on_partial: OnPartial,
    ) -> Written[OutlineDraft]:
        corpus = await self._read(brief, passages)
        loop = asyncio.get_running_loop()

        def tell(draft: OutlineDraft) -> None:
            loop.call_soon_threadsafe(on_partial, draft.model_dump())

        if previous is not None and previous.modules and comment.strip():
            draft = await asyncio.to_thread(comments.revised, corpus, brief, previous, comment)
        else:
            draft = await asyncio.to_thread(outlines.outline, corpus, brief, tell)
        on_partial(draft.model_dump())
        return _written(draft)

    async def lesson(
        self,
        brief: Brief,
        outline: OutlineDraft,
        lesson: LessonPlan,
        passages: Sequence[Passage],
        *,
        already_written: Sequence[BlockDraft],
        on_partial: OnPartial,
    ) -> Written[LessonDraft]:
        corpus = await self._read(brief, passages)
        drawing = await asyncio.to_thread(lessons.Drawing, corpus, lesson, already_written, self._closeness)
        blocks: list[BlockDraft] = []
        for step in count():
            if step == lessons.FIRST_QUESTION and self._embed is not None:
                await self._closeness.learn(self._embed, await asyncio.to_thread(drawing.answers))
            more = await asyncio.to_thread(drawing.step, step)
            if more is None:
                break
            for block in more:
                blocks.append(block)
                on_partial({'blocks': [one.model_dump() for one in blocks]})
        if labs.are_wanted(brief):
            blocks += await asyncio.to_thread(labs.labs, corpus, lesson, already_written, most=1)
        return _written(LessonDraft(blocks=blocks))

    async def block(
        self,
        brief: Brief,
        lesson: LessonPlan,
        block: BlockDraft,
        comment: str,
        passages: Sequence[Passage],
        *,
        already_written: Sequence[BlockDraft],
        on_partial: OnPartial,
    ) -> Written[LessonDraft]:
        corpus = await self._read(brief, passages)
        again = rewriting.Rewriting(corpus, lesson, block, comment, already_written, self._closeness)
        if self._embed is not None and block.type == 'question':
            await self._closeness.learn(self._embed, await asyncio.to_thread(again.answers))
        draft = LessonDraft(blocks=[await asyncio.to_thread(again.block)])
        on_partial(draft.model_dump())
        return _written(draft)

    async def regenerate(
        self,
        brief: Brief,
        lesson: LessonPlan,
        block: BlockDraft,
        instruction: str,
        passages: Sequence[Passage],
        *,
        already_written: Sequence[BlockDraft],
        on_partial: OnPartial,
    ) -> Written[LessonDraft]:
        corpus = await self._read(brief, passages)
        writing = again.Again(corpus, lesson, block, instruction, already_written, self._closeness)
        if self._embed is not None and block.type == 'question':
            await self._closeness.learn(self._embed, await asyncio.to_thread(writing.answers))
        draft = LessonDraft(blocks=[await asyncio.to_thread(writing.block)])
        on_partial(draft.model_dump())
        return replace(_written(draft), answer=writing.answer)

    async def part(
        self,
        brief: Brief,
        lesson: LessonPlan,
        wanted: PartWanted,
        passages: Sequence[Passage],
        *,
        already_written: Sequence[BlockDraft],
        on_partial: OnPartial,
    ) -> Written[LessonDraft]:
        corpus = await self._read(brief, passages)
        if self._embed is not None and wanted.kind == 'quiz':
            drawing = lessons.Drawing(corpus, lesson, already_written, self._closeness)
            await self._closeness.learn(self._embed, await asyncio.to_thread(drawing.answers))
        blocks, answer = await asyncio.to_thread(parts.part, corpus, lesson, wanted, already_written, self._closeness)
        if not blocks:
            raise AuthorCannot(answer)
        draft = LessonDraft(blocks=blocks)
        on_partial(draft.model_dump())
        return replace(_written(draft), answer=answer)

    async def translate(
        self, language: str, texts: Sequence[str], *, on_partial: OnPartial
    ) -> Written[TranslationDraft]:
        raise AuthorCannot(
            'Only a model can translate, and none is connected. An administrator can connect one under Settings, AI.'
        )

    async def _read(self, brief: Brief, passages: Sequence[Passage]) -> Corpus:
        """Reading is the dear part, so the sources of the last few courses are kept."""
        key = hash((brief.language, *((passage.id, passage.text) for passage in passages)))
        corpus = self._corpora.get(key)
        if corpus is None:
            corpus = await asyncio.to_thread(read, passages, language=language_code(brief.language))
            self._corpora[key] = corpus
            while len(self._corpora) > 4:
                self._corpora.popitem(last=False)
        return corpus


def _written(draft: Draft) -> Written[Draft]:
    return Written(
        draft=draft, provider='offline', model=_VERSION, prompt_version=_VERSION, input_tokens=0, output_tokens=0
    )
