"""An author without a model answers: from the sources word for word, and with the changes that it has means for."""

from collections.abc import Awaitable, Callable, Sequence

from services.chat.context import Context
from services.chat.extracts import extracts, other_language
from services.chat.outline_edits import EditImpossible, edited
from services.chat.replies import BlockReply, NewBlockReply, OutlineReply, Reply
from services.chat.wishes import Wish, swapped, understood, with_titles
from services.errors import PlatformError
from services.generation import outlines
from services.generation.authors.base import Author, OnPartial, Passage
from services.generation.block_views import BlockView, LessonView
from services.generation.drafts import BlockDraft, Citation, LessonPlan
from services.generation.outlines import Outline
from services.generation.saving import content_of

# (document ids, None: all) -> passages; (topic) -> the nearest passages
AllPassages = Callable[[], Awaitable[Sequence[Passage]]]
Nearest = Callable[[str], Awaitable[Sequence[Passage]]]
Drafts = Callable[[Sequence[BlockView], Sequence[Passage]], Awaitable[list[BlockDraft]]]

_MOST_BLOCKS = 6
_NO_MODEL = 'No AI model is set up here, so I can only work with the words of the sources.'
_MEANS = (
    'I can answer from the sources, make texts shorter or longer with their sentences, ask another question, '
    'and rename, move, add or remove parts of the outline. A model can be set up under Settings, AI.'
)


class ByRules:
    """`every` reads all passages of the documents, `nearest` those about a topic, `drafts` blocks with citations."""

    def __init__(
        self, author: Author, context: Context, *, every: AllPassages, nearest: Nearest, drafts: Drafts
    ) -> None:
        self._author, self._context = author, context
        self._every, self._nearest, self._drafts = every, nearest, drafts
        self._wish = understood(context.asked)

    async def answer(self, on_partial: OnPartial) -> Reply:
        reply = await self._reply(self._wish)
        on_partial({'say': reply.say})
        return reply

    async def _reply(self, wish: Wish) -> Reply:
        context = self._context
        if not wish.changes:
            return self._from_the_sources()
        if wish.tone:
            return self._say(f'{_NO_MODEL} Another tone or another language is nothing that quoting can do. {_MEANS}')
        if context.outline is not None:
            return await self._change_outline(wish, context.outline)
        if context.stage != 'content':
            return self._say('The draft is finished and stays as it is. Begin a new version to change it.')
        try:
            return await (self._add(wish) if wish.adds else self._change_blocks(wish))
        except PlatformError as refusal:
            return self._say(f'That did not work: {refusal}')

    def _from_the_sources(self) -> Reply:
        context = self._context
        found = extracts(context.asked, context.passages, context.brief.language)
        if not found:
            return self._say(
                f'{_NO_MODEL} I found nothing in the documents of this course that answers this. '
                'Ask with other words, or add a document that covers it.'
            )
        notice = other_language(context.asked, context.passages)
        quotes = '\n\n'.join(f'“{quote}” (p. {context.passages[number - 1].page})' for number, quote in found)
        return self._say(
            f'Word for word from the sources:{notice}\n\n{quotes}',
            citations=[Citation(passage=number, quote=quote) for number, quote in found],
            passages=context.passages,
        )

    async def _change_outline(self, wish: Wish, outline: Outline) -> Reply:
        context = self._context
        edits = swapped(wish.words, outline)
        if edits:
            try:
                changed, words = edited(outline, edits, ()), 'I would put them in each other’s place.'
            except EditImpossible as impossible:
                return self._say(f'That is not possible: {impossible}.')
        else:
            passages = await self._every()
            written = await self._author.outline(
                context.brief,
                passages,
                previous=outlines.to_draft(outline, passages),
                comment=with_titles(wish.words, outline),
                on_partial=_unwatched,
            )
            changed, words = outlines.from_draft(written.draft, passages, outline), written.draft.answer
        if changed.hash == outline.hash:
            return self._say(words or f'I do not know how to do that to the outline. {_MEANS}')
        card = OutlineReply(base_hash=context.outline_hash, outline=changed.model_dump(mode='json'), reason=words[:500])
        return self._say(words or 'I would change the outline like this.', changes=[card])

    async def _add(self, wish: Wish) -> Reply:
        context = self._context
        lesson = context.focus[0] if context.focus else None
        if lesson is None:
            return self._say('Say which lesson it should go into: “add a question on … to lesson 1.2”.')
        topic = wish.topic or lesson.title
        passages = await self._nearest(topic)
        if not passages:
            return self._say(f'The sources of this course say nothing about “{topic}”.')
        plan = LessonPlan(title=topic[:200], objectives=[], minutes=10, passages=list(range(1, len(passages) + 1)))
        outline = outlines.to_draft(Outline(title=context.brief.title), [])
        there = await self._drafts(lesson.blocks, [])
        written = await self._author.lesson(
            context.brief, outline, plan, passages, already_written=there, on_partial=_unwatched
        )
        taken = {_opening(block) for block in there}
        fresh = [block for block in written.draft.blocks if block.type == wish.type and _opening(block) not in taken]
        if not fresh:
            return self._say(f'The sources hold nothing more to make a {wish.type} on “{topic}” from.')
        return self._say(
            f'From what the sources say about “{topic}”, for lesson {lesson.number} “{lesson.title}”.',
            changes=[
                NewBlockReply(
                    lesson_id=lesson.id,
                    type=fresh[0].type,
                    content=content_of(fresh[0]),
                    citations=fresh[0].citations,
                    reason=context.asked[:500],
                )
            ],
            passages=passages,
        )

    async def _change_blocks(self, wish: Wish) -> Reply:
        context = self._context
        if wish.words.lower().startswith(('rename', 'move', 'swap', 'remove', 'delete', 'retitle', 'reorder')):
            return self._say(
                'The outline is approved, so its parts keep their places and names here. '
                'Blocks can be edited and removed in the lesson itself.'
            )
        if not context.focus:
            return self._say('Say which lesson you mean: its number like 1.2, or open it and ask there.')
        lesson, changes = context.focus[0], []
        passages = await self._nearest(f'{lesson.title} {wish.topic}'.strip())
        plan = LessonPlan(title=lesson.title, objectives=list(lesson.objectives), minutes=max(lesson.minutes, 1),
                          passages=list(range(1, len(passages) + 1)))  # fmt: skip
        others = await self._drafts(lesson.blocks, passages)
        for block in self._meant(lesson, wish):
            [old] = await self._drafts([block], passages)
            written = await self._author.block(
                context.brief, plan, old, wish.words, passages, already_written=others, on_partial=_unwatched
            )
            fresh = written.draft.blocks[0]
            if content_of(fresh) != content_of(old):
                changes.append(
                    BlockReply(
                        block_id=block.id,
                        base_hash=block.hash,
                        content=content_of(fresh),
                        citations=fresh.citations,
                        reason=context.asked[:500],
                    )
                )
        if not changes:
            return self._say(f'I found no other words for that in the sources of “{lesson.title}”. {_MEANS}')
        return self._say(
            f'In lesson {lesson.number} “{lesson.title}” I would change this, with sentences of the sources.',
            changes=changes,
            passages=passages,
        )

    def _meant(self, lesson: LessonView, wish: Wish) -> list[BlockView]:
        kinds = (wish.type,) if wish.type else ('text',)
        return [block for block in lesson.blocks if block.type in kinds][:_MOST_BLOCKS]

    def _say(
        self,
        words: str,
        *,
        citations: Sequence[Citation] = (),
        changes: Sequence[BlockReply | NewBlockReply | OutlineReply] = (),
        passages: Sequence[Passage] = (),
    ) -> Reply:
        return Reply(
            say=words,
            citations=list(citations),
            changes=list(changes),
            passage_ids=[passage.id for passage in passages],
            model=self._author.model,
            provider=self._author.provider,
            by_model=False,
        )


def _opening(block: BlockDraft) -> str:
    content = content_of(block)
    return str(content.get('prompt') or content.get('title') or content.get('html'))


def _unwatched(_partial: dict[str, object]) -> None:
    """Several drafts make one answer: it is shown when it is whole."""
