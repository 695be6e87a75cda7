"""The port behind which drafts are written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar
from uuid import UUID

from services.errors import PlatformError
from services.generation.authors.conversation import AnswerDraft
from services.generation.drafts import BlockDraft, LessonDraft, LessonPlan, OutlineDraft, QuestionKind, TranslationDraft

Draft = TypeVar('Draft', OutlineDraft, LessonDraft, TranslationDraft, AnswerDraft)
OnPartial = Callable[[dict[str, object]], None]


@dataclass(frozen=True, kw_only=True)
class Brief:
    """What the instructor asked for. `examples` are approved blocks: (type, lesson, content as JSON)."""

    title: str
    purpose: str
    audience: str
    level: str
    hours: float
    language: str
    examples: tuple[tuple[str, str, str], ...] = ()


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
    # What the author says about it: above all what it could not do.
    answer: str = ''
    # For the AI ledger: what was sent and what came back, as hashes, and whether it took a second question.
    prompt_hash: str = ''
    output_hash: str = ''
    repaired: bool = False
    call_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class PartWanted:
    """One part for itself. `kinds` of questions: all four if none is named; `count` is how many blocks, 0: as fits."""

    kind: Literal['text', 'slides', 'quiz', 'lab']
    kinds: tuple[QuestionKind, ...] = ()
    count: int = 0


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
        """The block as the instruction wants it, one of the same type; the very same block, and an answer that says
        why, where the author cannot do that."""

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
        """Blocks of one kind alone. Raises AuthorCannot where the passages hold nothing to make them from."""

    async def translate(
        self, language: str, texts: Sequence[str], *, on_partial: OnPartial
    ) -> Written[TranslationDraft]:
        """The same texts in another language (a code like 'de'), one for one; tags and ⟦1⟧ stay where they belong.

        Raises AuthorCannot where the author knows no other language."""


class AuthorError(PlatformError):
    """`passing`: it may go away by itself, so that what waits is tried again. `tokens` were paid all the same."""

    def __init__(self, message: str, *, retry_after: float | None = None, **params: object) -> None:
        super().__init__(message, **params)
        self.retry_after = retry_after
        self.passing = False
        self.tokens = (0, 0)
        self.prompt_version = self.prompt_hash = ''


class AuthorCannot(AuthorError):
    """It is no fault, and trying again does not help: another author, or other documents."""

    status_code = 422
    code = 'author_cannot'


class AuthorUnavailable(AuthorError):
    status_code = 503
    code = 'author_unavailable'


class AuthorAnsweredNonsense(AuthorError):
    status_code = 502
    code = 'author_nonsense'


class AuthorTooSlow(AuthorError):
    status_code = 504
    code = 'author_too_slow'
