"""What an answer holds before it is kept: plain values that fit into the journal of durable work."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.generation.drafts import Citation


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True)


class BlockReply(_Plain):
    """What a block of this hash could say instead."""

    kind: Literal['block'] = 'block'
    block_id: UUID
    base_hash: str
    content: dict[str, Any]
    citations: list[Citation]
    reason: str


class NewBlockReply(_Plain):
    kind: Literal['new_block'] = 'new_block'
    lesson_id: UUID
    type: str
    content: dict[str, Any]
    citations: list[Citation]
    reason: str


class OutlineReply(_Plain):
    kind: Literal['outline'] = 'outline'
    base_hash: str
    outline: dict[str, Any]
    reason: str


class Reply(_Plain):
    """`citations` count in `passage_ids`, from 1."""

    say: str
    citations: list[Citation] = []
    changes: list[BlockReply | NewBlockReply | OutlineReply] = []
    passage_ids: list[UUID] = []
    model: str
    provider: str
    by_model: bool
    prompt_version: str = ''
    tokens: tuple[int, int] = (0, 0)
    seconds: float = 0.0
    call_id: UUID | None = None
