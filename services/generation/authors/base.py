"""The port behind which drafts are written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from services.errors import PlatformError
from services.generation.drafts import BlockDraft, LessonDraft, LessonPlan, OutlineDraft

Draft = TypeVar('Draft', OutlineDraft, LessonDraft)
OnPartial = Callable[[dict[str, object]], None]


@dataclass(frozen=True, kw_only=True)
class Brief:
    """What the instructor asked for."""

    title: str
    purpose: str
    audience: str
    level: str
    hours: float
    language: str


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A piece of a source; authors and citations name it by its place in the sequence given, counted from 1."""

    id: UUID
    document_id: UUID
    document_name: str
    page: int
    start: int
    end: int
    text: str
    heading: str


@dataclass(frozen=True, kw_only=True)
class Written(Generic[Draft]):
    """A draft and what it took to write it."""

    draft: Draft
    provider: str
    model: str
    prompt_version: str
    input_tokens: int
    output_tokens: int


class Author(Protocol):
    """Writes drafts from passages; `on_partial` gets the draft so far as a plain dict, as often as there is news.

    Nothing an author returns changes any state: drafts are validated and wait for a person.
    """

    provider: str
    model: str

    async def outline(
        self,
        brief: Brief,
        passages: Sequence[Passage],
        *,
        previous: OutlineDraft | None,
        comment: str,
        on_partial: OnPartial,
    ) -> Written[OutlineDraft]: ...

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
        """`lesson.passages` and citations count in `passages`; what else stands there is background.

        The offline author finds its wrong answers in the background: the more of the sources, the fairer.

        `already_written`: blocks of the earlier lessons (at most the last 60), so that nothing is repeated.
        """

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
        """The sent-back block written again to answer the comment: a lesson of exactly one block of the same type."""


class _AuthorError(PlatformError):
    def __init__(self, message: str, *, retry_after: float | None = None, **params: object) -> None:
        super().__init__(message, **params)
        self.retry_after = retry_after


class AuthorUnavailable(_AuthorError):
    status_code = 503
    code = 'author_unavailable'


class AuthorAnsweredNonsense(_AuthorError):
    status_code = 502
    code = 'author_nonsense'


class AuthorTooSlow(_AuthorError):
    status_code = 504
    code = 'author_too_slow'
