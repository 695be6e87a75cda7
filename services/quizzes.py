"""Quizzes: hand in, be told what was right and why. The best attempt counts."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services import marking
from services.clock import now
from services.courses.views import SourceView, learner_block_view, source_view
from services.enrollments.access import Seat, kept_enrollment, seat_in_version
from services.errors import Conflict, InvalidInput
from services.viewer import Viewer
from services.work import Gate, Work
from storage import courses as course_rows
from storage import enrollments as rows
from storage.courses import Block, BlockSource, Quiz
from storage.enrollments import QuizAttempt

_LONGEST_ANSWER, _MOST_CHOICES, _LONGEST_KEY = 1000, 50, 100


@dataclass(frozen=True, kw_only=True)
class QuestionView:
    """`kind` is single, multiple, true_false or short; options are (id, text)."""

    id: UUID
    kind: str
    prompt: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class AttemptView:
    id: UUID
    score: float
    max_score: float
    passed: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class QuizPage:
    """A quiz before it is handed in; `attempts` are the viewer's own, oldest first."""

    id: UUID
    course_id: UUID
    lesson_id: UUID
    title: str
    pass_mark: float
    questions: tuple[QuestionView, ...]
    attempts: tuple[AttemptView, ...]
    preview: bool


@dataclass(frozen=True, kw_only=True)
class QuestionResult:
    """`right_options` are option ids, `right_answers` the same in words (or what a short answer could be)."""

    id: UUID
    correct: bool
    explanation: str
    right_options: tuple[str, ...]
    right_answers: tuple[str, ...]
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, kw_only=True)
class QuizResult:
    """`score` counts right answers of `max_score`; `id` is None where nothing is kept; `best_score` is of all tries."""

    id: UUID | None
    quiz_id: UUID
    score: float
    max_score: float
    passed: bool
    best_score: float
    attempts: int
    questions: tuple[QuestionResult, ...]


class QuizService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def get(self, viewer: Viewer, quiz_id: UUID) -> QuizPage:
        async with self._gate.reading(viewer) as work:
            quiz, seat, questions = await _opened(work, quiz_id)
            return QuizPage(
                id=quiz.id,
                course_id=seat.course.id,
                lesson_id=quiz.lesson_id,
                title=quiz.title,
                pass_mark=quiz.pass_mark,
                questions=tuple(_question_view(block) for block in questions),
                attempts=tuple(_attempt_view(attempt) for attempt in await _tries(work, seat, quiz)),
                preview=seat.preview,
            )

    async def submit(
        self, viewer: Viewer, quiz_id: UUID, answers: Mapping[str, Any], *, submission_key: str | None = None
    ) -> QuizResult:
        """Marks {question id: answer}; what is not answered is wrong. A repeated `submission_key` counts once.

        An answer is an option id or its text, a list of those, true or false, or the words of a short answer.
        Authors who are not enrolled may try: nothing is kept.
        """
        key = _checked_key(submission_key)
        async with self._gate.writing(viewer) as work:
            quiz, seat, questions = await _opened(work, quiz_id)
            given = _checked(answers, questions)
            marks = {str(block.id): marking.is_right(block.content, given.get(str(block.id))) for block in questions}
            if seat.preview:
                return await _result(work, quiz, questions, marks, attempt=None, tries=[])
            enrollment = await kept_enrollment(work, seat)
            attempt = await rows.attempt_by_key(work.scope, enrollment.id, key)
            if attempt is not None and attempt.quiz_id != quiz.id:
                raise Conflict('This submission key was used for another quiz. Make a new one for each hand-in.')
            if attempt is None:
                attempt = _attempt(quiz, enrollment.id, key, given, marks)
                enrollment.last_seen_at = now()
                work.tx.add(enrollment)
                work.add(attempt)
                await work.tx.flush()
                work.record('quiz.handed_in', attempt, after={'score': attempt.score, 'max_score': attempt.max_score})
                work.changed(f'progress:{seat.course.id}', f'user:{enrollment.user_id}')
            return await _result(work, quiz, questions, attempt.results, attempt, await _tries(work, seat, quiz))

    async def attempts(self, viewer: Viewer, quiz_id: UUID) -> Sequence[AttemptView]:
        """The viewer's own, oldest first."""
        return (await self.get(viewer, quiz_id)).attempts


def _attempt(quiz: Quiz, enrollment_id: UUID, key: str, answers: dict[str, Any], marks: dict[str, bool]) -> QuizAttempt:
    return QuizAttempt(
        quiz_id=quiz.id,
        enrollment_id=enrollment_id,
        submission_key=key,
        answers=answers,
        results=marks,
        score=float(sum(marks.values())),
        max_score=float(len(marks)),
        passed=_passed(quiz, marks),
    )


async def _opened(work: Work, quiz_id: UUID) -> tuple[Quiz, Seat, list[Block]]:
    quiz = await work.get(Quiz, quiz_id)
    seat = await seat_in_version(work, quiz.version_id)
    blocks = await course_rows.blocks(work.scope, quiz.version_id, lesson_id=quiz.lesson_id)
    return quiz, seat, [block for block in blocks if block.type == 'question']


async def _tries(work: Work, seat: Seat, quiz: Quiz) -> Sequence[QuizAttempt]:
    if seat.enrollment is None:
        return []
    return await rows.attempts(work.scope, quiz_ids=[quiz.id], enrollment_id=seat.enrollment.id)


async def _result(
    work: Work,
    quiz: Quiz,
    questions: list[Block],
    marks: Mapping[str, bool],
    attempt: QuizAttempt | None,
    tries: Sequence[QuizAttempt],
) -> QuizResult:
    sources = await course_rows.sources(work.scope, [block.id for block in questions])
    score = float(sum(marks.values()))
    return QuizResult(
        id=attempt.id if attempt else None,
        quiz_id=quiz.id,
        score=score,
        max_score=float(len(marks)),
        passed=_passed(quiz, marks),
        best_score=max((one.score for one in tries), default=score),
        attempts=len(tries),
        questions=tuple(
            _question_result(block, marks.get(str(block.id), False), sources[block.id]) for block in questions
        ),
    )


def _passed(quiz: Quiz, marks: Mapping[str, bool]) -> bool:
    return bool(marks) and sum(marks.values()) / len(marks) >= quiz.pass_mark


def _question_result(block: Block, correct: bool, sources: list[BlockSource]) -> QuestionResult:
    return QuestionResult(
        id=block.id,
        correct=correct,
        explanation=str(block.content.get('explanation', '')),
        right_options=marking.right_options(block.content),
        right_answers=marking.right_answers(block.content),
        sources=tuple(source_view(source) for source in sources),
    )


def _question_view(block: Block) -> QuestionView:
    shown = learner_block_view(block, []).content
    options = tuple((option['id'], option['text']) for option in shown['options'])
    return QuestionView(id=block.id, kind=shown['kind'], prompt=shown['prompt'], options=options)


def _attempt_view(attempt: QuizAttempt) -> AttemptView:
    return AttemptView(
        id=attempt.id,
        score=attempt.score,
        max_score=attempt.max_score,
        passed=attempt.passed,
        at=attempt.created_at,
    )


def _checked(answers: Mapping[str, Any], questions: list[Block]) -> dict[str, Any]:
    known = {str(block.id) for block in questions}
    given = {str(question_id).lower(): answer for question_id, answer in answers.items()}
    if unknown := set(given) - known:
        fault = 'This question is not in the quiz. Load the quiz again.'
        raise InvalidInput(fault, fields={f'answers.{question_id[:40]}': fault for question_id in sorted(unknown)[:20]})
    misshapen = [question_id for question_id, answer in given.items() if not _is_answer(answer)]
    if misshapen:
        fault = 'An answer is an option, a list of options, true or false, or up to 1000 characters of text.'
        raise InvalidInput(fault, fields={f'answers.{question_id}': fault for question_id in misshapen})
    return given


def _is_answer(answer: Any) -> bool:
    if isinstance(answer, list):
        return len(answer) <= _MOST_CHOICES and all(_is_word(choice) for choice in answer)
    return answer is None or _is_word(answer)


def _is_word(answer: Any) -> bool:
    if isinstance(answer, str):
        # A lone surrogate is valid JSON but no text: PostgreSQL refuses it.
        return len(answer) <= _LONGEST_ANSWER and '\x00' not in answer and _is_text(answer)
    return isinstance(answer, bool | int) or (isinstance(answer, float) and math.isfinite(answer))


def _is_text(answer: str) -> bool:
    return not any('\ud800' <= character <= '\udfff' for character in answer)


def _checked_key(submission_key: str | None) -> str:
    if submission_key is None:
        return str(uuid4())
    if not 0 < len(submission_key) <= _LONGEST_KEY or not submission_key.isprintable():
        fault = 'A submission key is 1 to 100 printable characters.'
        raise InvalidInput(fault, fields={'submission_key': fault})
    return submission_key
