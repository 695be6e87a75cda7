"""What authors that ask a model have in common: prompt, stream, validate, repair once, retry the whole step."""

import asyncio
import hashlib
import logging
import time
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.generation.authors import prompting
from services.generation.authors.answers import Partials, fitted, outline_problem, validated
from services.generation.authors.base import (
    AuthorAnsweredNonsense,
    AuthorError,
    AuthorTooSlow,
    AuthorUnavailable,
    Brief,
    Draft,
    OnPartial,
    Passage,
    Written,
)
from services.generation.authors.conversation import AnswerDraft
from services.generation.authors.model_parts import PartAuthor
from services.generation.authors.prompting import Prompt
from services.generation.authors.retrying import RETRIED_STATUSES, Sleep, Transient, retry_after, with_retries
from services.generation.drafts import BlockDraft, LessonDraft, LessonPlan, OutlineDraft, json_schema
from services.tracing import origin

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Seconds: to connect; for the first byte and between two; for one whole answer."""

    connect: float = 5.0
    idle: float = 60.0
    total: float = 600.0


PATIENCE = Patience()
_UNUSABLE = {
    'refused': 'The model “{model}” declined to write this. Check that the documents and the brief are what you meant, '
    'or choose another model.',
    'cut': 'The draft grew longer than the model “{model}” may answer. Choose fewer documents, fewer hours, or a model '
    'with longer answers.',
}


@dataclass(frozen=True, kw_only=True)
class Turn:
    role: Literal['user', 'assistant']
    text: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`ended`: 'whole', 'cut' at the limit of length, 'refused', or 'torn' when the end never came."""

    text: str
    ended: Literal['whole', 'cut', 'refused', 'torn']
    input_tokens: int
    output_tokens: int


class ModelAuthor(PartAuthor):
    """`own_address`: it is asked somewhere else than at the provider's own, so the provider's prices say nothing."""

    provider: str
    own_address = False

    def __init__(self, model: str, *, patience: Patience, sleep: Sleep) -> None:
        self.model = model
        self._patience = patience
        self._sleep = sleep

    async def outline(
        self,
        brief: Brief,
        passages: Sequence[Passage],
        *,
        previous: OutlineDraft | None,
        comment: str,
        on_partial: OnPartial,
    ) -> Written[OutlineDraft]:
        prompt = prompting.outline_prompt(brief, passages, previous, comment)
        written = await self._write(prompt, OutlineDraft, outline_problem, on_partial)
        return Written(**{**vars(written), 'draft': fitted(written.draft, brief, len(passages))})

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
        prompt = prompting.lesson_prompt(brief, outline, lesson, passages, already_written)
        return await self._write(prompt, LessonDraft, lambda draft: '', on_partial)

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
        def problem(draft: LessonDraft) -> str:
            fits = len(draft.blocks) == 1 and draft.blocks[0].type == block.type
            return '' if fits else f'exactly one block of the type {block.type} was asked for'

        prompt = prompting.block_prompt(brief, lesson, block, comment, passages, already_written)
        return await self._write(prompt, LessonDraft, problem, on_partial)

    async def converse(
        self, prompt: Prompt, problem_of: Callable[[AnswerDraft], str], on_partial: OnPartial
    ) -> Written[AnswerDraft]:
        return await self._write(prompt, AnswerDraft, problem_of, on_partial)

    @abstractmethod
    async def close(self) -> None: ...

    @abstractmethod
    async def _answer(
        self, system: str, turns: Sequence[Turn], schema_of: type[Draft], on_text: Callable[[str], None]
    ) -> Answer:
        """One call; failures that may pass are raised as Transient."""

    async def _write(
        self, prompt: Prompt, kind: type[Draft], problem_of: Callable[[Draft], str], on_partial: OnPartial
    ) -> Written[Draft]:
        turns = [Turn(role='user', text=prompt.user)]
        spent_input = spent_output = 0
        problem = ''
        sent = hash_of(prompt.system, prompt.user)
        for attempt in range(2):
            try:
                answer = await self._call(prompt.system, turns, kind, on_partial)
            except AuthorError as error:
                read, written = error.tokens
                error.tokens = read + spent_input, written + spent_output
                error.prompt_version, error.prompt_hash = prompt.version, sent
                raise
            spent_input += answer.input_tokens
            spent_output += answer.output_tokens
            draft, problem = validated(answer.text, kind, problem_of)
            if draft is not None:
                on_partial(draft.model_dump())
                return Written(
                    draft=draft,
                    provider=self.provider,
                    model=self.model,
                    prompt_version=prompt.version,
                    input_tokens=spent_input,
                    output_tokens=spent_output,
                    prompt_hash=sent,
                    output_hash=hash_of(answer.text),
                    repaired=attempt > 0,
                )
            turns = [
                turns[0],
                Turn(role='assistant', text=answer.text or '{}'),
                Turn(role='user', text=prompting.repair_message(problem)),
            ]
        nonsense = AuthorAnsweredNonsense(
            (
                'The model “{model}” answered twice with something that is no '
                'usable draft ({problem}). Try again, or choose another model.'
            ),
            model=self.model,
            problem=problem[:200],
        )
        nonsense.tokens = spent_input, spent_output
        nonsense.prompt_version, nonsense.prompt_hash = prompt.version, sent
        raise nonsense

    async def _call(self, system: str, turns: Sequence[Turn], kind: type[Draft], on_partial: OnPartial) -> Answer:
        async def step() -> Answer:
            began = time.monotonic()
            try:
                async with asyncio.timeout(self._patience.total):
                    answer = await self._answer(system, turns, kind, Partials(on_partial))
            except TimeoutError as error:
                raise AuthorTooSlow(
                    (
                        'The model “{model}” did not finish within {minutes} '
                        'minutes. Try again later, or choose a faster model.'
                    ),
                    model=self.model,
                    minutes=round(self._patience.total / 60, 1),
                ) from error
            self._tell(schema_name(kind), answer, time.monotonic() - began)
            if answer.ended == 'torn':
                raise self.torn()
            return answer

        answer = await with_retries(step, sleep=self._sleep)
        if answer.ended not in _UNUSABLE:
            return answer
        unusable = AuthorAnsweredNonsense(_UNUSABLE[answer.ended], model=self.model)
        unusable.tokens = answer.input_tokens, answer.output_tokens
        raise unusable

    def _tell(self, kind: str, answer: Answer, seconds: float) -> None:
        fields = {
            'provider': self.provider,
            'model': self.model,
            'kind': kind,
            'seconds': round(seconds, 3),
            'input_tokens': answer.input_tokens,
            'output_tokens': answer.output_tokens,
        }
        _log.info('A model answered: %s', answer.ended, extra=fields)

    def torn(self) -> Transient:
        return Transient(
            AuthorUnavailable(
                'The connection to the model provider broke off again and again. Check the network, then try again.'
            )
        )

    def unreachable(self) -> Transient:
        return Transient(
            AuthorUnavailable(
                'The model provider cannot be reached. Check the address and the network, then try again.'
            )
        )

    def silent(self) -> Transient:
        return Transient(
            AuthorTooSlow(
                'The model “{model}” sent nothing for {seconds} seconds. Try again later, or choose another model.',
                model=self.model,
                seconds=round(self._patience.idle),
            )
        )

    def refused(self, status: int, reason: str, headers_retry_after: str | None) -> Exception:
        """The provider's HTTP status as an error of ours: transient if the status says so."""
        if status in RETRIED_STATUSES or status >= 500:
            busy = status in (429, 529)
            return Transient(
                AuthorUnavailable(
                    'The model provider is busy. Wait a little, then try again.'
                    if busy
                    else 'The model provider has a problem of its own. Try again later.',
                    retry_after=retry_after(headers_retry_after),
                )
            )
        if status in (401, 403):
            return AuthorUnavailable('The model provider refused the key. Check the key and what it is allowed to use.')
        if status == 404:
            return AuthorUnavailable(
                'The model provider does not know “{model}”. Check the name of the model and the address.',
                model=self.model,
            )
        if status == 413:
            return AuthorUnavailable(
                'The sources are more than the model provider takes at once. Choose fewer documents.'
            )
        return AuthorUnavailable('The model provider refused the request: {reason}', reason=_one_line(reason))


def traced() -> dict[str, str]:
    """Headers by which the provider's log and ours can be laid side by side."""
    act = origin().request_id
    return {'X-Request-ID': act} if act else {}


def hash_of(*texts: str) -> str:
    return hashlib.sha256('\x00'.join(texts).encode()).hexdigest()


def _one_line(text: str) -> str:
    return ' '.join(text.split())[:300]


def schema_name(kind: type[Draft]) -> str:
    if kind is AnswerDraft:
        return 'answer'
    return {OutlineDraft: 'outline', LessonDraft: 'lesson'}.get(kind, 'translation')


__all__ = ['PATIENCE', 'Answer', 'ModelAuthor', 'Patience', 'Turn', 'json_schema', 'schema_name', 'traced']
