"""Threads as they are shown: with their messages, and with what has become of the words they are about."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.conversation.anchors import stands_in
from services.conversation.views import EarlierText, MessageView, ThreadView
from services.work import Work
from storage import conversation as rows
from storage.conversation import ReviewMessage, ReviewThread
from storage.workflows import Workflow, current_outline


async def thread_views(work: Work, workflow: Workflow, threads: Sequence[ReviewThread]) -> list[ThreadView]:
    """Four queries, however many threads."""
    if not threads:
        return []
    said = await rows.messages_of(work.scope, [thread.id for thread in threads])
    blocks = await rows.blocks_of_threads(work.scope, threads)
    parts = await _parts(work, workflow) if any(thread.part_id for thread in threads) else set()
    views = []
    for thread in threads:
        block = blocks.get(thread.block_id) if thread.block_id else None
        views.append(
            ThreadView(
                id=thread.id,
                workflow_id=thread.workflow_id,
                about=thread.about,
                stage=thread.stage,
                block_id=thread.block_id,
                lesson_id=block.lesson_id if block else None,
                part_id=thread.part_id,
                part_title=thread.part_title,
                proposal_id=thread.proposal_id,
                quote=thread.quote,
                anchored=block is not None and stands_in(thread.quote, block.type, block.content),
                there=_is_there(thread, block is not None, parts),
                status=thread.status,
                resolver=thread.resolver,
                resolved_at=thread.resolved_at,
                messages=tuple(_message(message) for message in said[thread.id]),
            )
        )
    return views


def _is_there(thread: ReviewThread, block: bool, parts: set[UUID]) -> bool:
    if thread.about == rows.BLOCK:
        return block
    return thread.about == rows.DRAFT or thread.part_id in parts


async def _parts(work: Work, workflow: Workflow) -> set[UUID]:
    draft = await current_outline(work.scope, workflow.id)
    modules = (draft.content if draft else {}).get('modules', [])
    return {UUID(str(part['id'])) for module in modules for part in (module, *module.get('lessons', []))}


def _message(message: ReviewMessage) -> MessageView:
    withdrawn = message.withdrawn_at is not None
    return MessageView(
        id=message.id,
        author_id=message.author_id,
        author=message.author,
        kind=message.kind,
        text='' if withdrawn else message.text,
        revision=message.revision,
        at=message.created_at,
        edited_at=message.edited_at,
        withdrawn=withdrawn,
        mentions=tuple(str(one.get('name')) for one in message.mentions),
        earlier=()
        if withdrawn
        else tuple(EarlierText(text=one['text'], at=datetime.fromisoformat(one['at'])) for one in message.earlier),
    )
