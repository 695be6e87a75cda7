"""Threads and looks, as screens and programs see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class EarlierText:
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """`kind` answer: the draft that was written next, `author` names the model. Withdrawn messages have no text."""

    id: UUID
    author_id: UUID | None
    author: str
    kind: str
    text: str
    revision: int
    at: datetime
    edited_at: datetime | None
    withdrawn: bool
    mentions: tuple[str, ...]
    earlier: tuple[EarlierText, ...]


@dataclass(frozen=True, kw_only=True)
class ThreadView:
    """`anchored`: the quoted words still stand in the block. `there`: the block, or the item, is still in the draft."""

    id: UUID
    workflow_id: UUID
    about: str
    stage: str
    block_id: UUID | None
    lesson_id: UUID | None
    part_id: UUID | None
    part_title: str
    proposal_id: UUID | None
    quote: str
    anchored: bool
    there: bool
    status: str
    resolver: str
    resolved_at: datetime | None
    messages: tuple[MessageView, ...]

    @property
    def open(self) -> bool:
        return self.status == 'open'

    @property
    def said(self) -> int:
        """How many messages can be read."""
        return sum(not message.withdrawn for message in self.messages)


@dataclass(frozen=True, kw_only=True)
class Colleague:
    id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What somebody saw of a block; `content` is what it said then."""

    revision: int
    hash: str
    at: datetime
    content: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class BlockChange:
    """`kind`: changed since it was seen, or new. `before` is what was seen, None for what is new."""

    block_id: UUID
    lesson_id: UUID
    type: str
    kind: str
    revision: int
    hash: str
    seen_revision: int | None
    seen_at: datetime | None
    before: dict[str, Any] | None
    content: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Changes:
    """`since` is when the viewer last looked at anything of this draft; None: never."""

    since: datetime | None
    items: tuple[BlockChange, ...]
