"""A model answers: one structured call, checked against what was shown, with one repair."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from services.chat.context import Context
from services.chat.outline_edits import EditImpossible, edited
from services.chat.replies import BlockReply, NewBlockReply, OutlineReply, Reply
from services.generation import outward
from services.generation.authors.base import OnPartial, Written
from services.generation.authors.conversation import AnswerDraft, BlockChange, NewBlock, OutlineEdit
from services.generation.authors.prompting import Prompt, chat_prompt
from services.generation.saving import content_of

_MOST_CHANGES, _LONGEST = 8, 4000


@runtime_checkable
class Converses(Protocol):
    """An author that a model stands behind; the others answer by rules."""

    model: str

    async def converse(
        self, prompt: Prompt, problem_of: Callable[[AnswerDraft], str], on_partial: OnPartial
    ) -> Written[AnswerDraft]: ...


async def answer(author: Converses, context: Context, on_partial: OnPartial) -> Reply:
    prompt = chat_prompt(
        context.brief,
        stage=context.stage,
        draft=context.draft(),
        said_before=context.said_before,
        asked=context.asked,
        looking_at=context.looking_at,
        passages=context.passages,
    )
    written = await author.converse(prompt, lambda draft: _problem(draft, context), on_partial)
    known = '\n'.join(passage.text for passage in context.passages)
    return Reply(
        say=outward.said(written.draft.say, known)[:_LONGEST],
        citations=written.draft.cites,
        changes=_changes(written.draft, context),
        passage_ids=[passage.id for passage in context.passages],
        model=written.model,
        provider=written.provider,
        by_model=True,
        prompt_version=written.prompt_version,
        tokens=(written.input_tokens, written.output_tokens),
        call_id=written.call_id,
    )


def _problem(draft: AnswerDraft, context: Context) -> str:
    """For the repair; the same is checked again when changes are taken."""
    if not draft.say:
        return 'say: it is empty'
    if len(draft.changes) > _MOST_CHANGES:
        return f'changes: at most {_MOST_CHANGES}'
    edits = [change for change in draft.changes if isinstance(change, OutlineEdit)]
    if context.outline is None:
        if edits:
            return 'changes: edit_outline is only possible at the stage “outline”'
        return next((fault for change in draft.changes if (fault := _fault(change, context))), '')
    if len(edits) < len(draft.changes):
        return 'changes: at the stage “outline” only edit_outline is possible'
    try:
        edited(context.outline, edits, context.passages)
    except EditImpossible as impossible:
        return f'changes: {impossible}'
    return ''


def _fault(change: object, context: Context) -> str:
    if context.stage != 'content':
        return 'changes: nothing can be changed at this stage'
    if isinstance(change, BlockChange):
        if not 1 <= change.block <= len(context.blocks):
            return f'changes: no block {change.block} is shown in full'
        if context.blocks[change.block - 1].type != change.draft.type:
            return f'changes: block {change.block} has to keep its type {context.blocks[change.block - 1].type}'
    if isinstance(change, NewBlock) and change.lesson not in {lesson.number for lesson in context.lessons}:
        return f'changes: there is no lesson {change.lesson}'
    return ''


def _changes(draft: AnswerDraft, context: Context) -> list[BlockReply | NewBlockReply | OutlineReply]:
    found: list[BlockReply | NewBlockReply | OutlineReply] = []
    lessons = {lesson.number: lesson for lesson in context.lessons}
    for change in draft.changes:
        if isinstance(change, BlockChange):
            block = context.blocks[change.block - 1]
            found.append(
                BlockReply(
                    block_id=block.id,
                    base_hash=block.hash,
                    content=content_of(change.draft),
                    citations=change.draft.citations,
                    reason=change.reason[:500],
                )
            )
        elif isinstance(change, NewBlock):
            found.append(
                NewBlockReply(
                    lesson_id=lessons[change.lesson].id,
                    type=change.draft.type,
                    content=content_of(change.draft),
                    citations=change.draft.citations,
                    reason=change.reason[:500],
                )
            )
    edits = [change for change in draft.changes if isinstance(change, OutlineEdit)]
    if edits and context.outline is not None:
        outline = edited(context.outline, edits, context.passages)
        if outline.hash != context.outline.hash:
            found.append(
                OutlineReply(
                    base_hash=context.outline_hash, outline=outline.model_dump(mode='json'), reason=draft.say[:500]
                )
            )
    return found
