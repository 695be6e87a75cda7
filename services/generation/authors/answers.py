"""From the words of a model to a draft: as far as it has come, whole, and fitted to the brief."""

import time
from collections.abc import Callable

import pydantic_core
from pydantic import ValidationError

from services.generation.authors.base import Brief, Draft, OnPartial
from services.generation.authors.offline import minutes
from services.generation.drafts import OutlineDraft

_PARTIAL_EVERY = 0.1  # seconds


class Partials:
    """Turns the text so far into the draft so far, a few times a second."""

    def __init__(self, on_partial: OnPartial) -> None:
        self._on_partial = on_partial
        self._text = ''
        self._last = 0.0

    def __call__(self, more: str) -> None:
        self._text += more
        now = time.monotonic()
        if now - self._last < _PARTIAL_EVERY:
            return
        self._last = now
        try:
            partial = pydantic_core.from_json(self._text, allow_partial='trailing-strings')
        except ValueError:
            return
        if isinstance(partial, dict) and partial:
            self._on_partial(partial)


def validated(text: str, kind: type[Draft], problem_of: Callable[[Draft], str]) -> tuple[Draft | None, str]:
    try:
        draft = kind.model_validate_json(_bare(text))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[:3]
        return None, '; '.join(
            f'{".".join(str(part) for part in one["loc"]) or "answer"}: {one["msg"]}' for one in first
        )
    problem = problem_of(draft)
    return (None, problem) if problem else (draft, '')


def _bare(text: str) -> str:
    """Some models wrap JSON in a code fence although they were told not to."""
    text = text.strip()
    if text.startswith('```'):
        text = text.split('\n', 1)[-1].rsplit('```', 1)[0]
    return text


def outline_problem(draft: OutlineDraft) -> str:
    if not draft.modules:
        return 'the outline has no modules'
    empty = [module.title for module in draft.modules if not module.lessons]
    return f'the module “{empty[0]}” has no lessons' if empty else ''


def fitted(draft: OutlineDraft, brief: Brief, count: int) -> OutlineDraft:
    """Models add up badly: minutes are scaled to the hours asked for, and passages that do not exist are dropped."""
    lessons = [lesson for module in draft.modules for lesson in module.lessons]
    total = minutes.asked(brief.hours)
    lengths = [lesson.minutes for lesson in lessons]
    if sum(lengths) != total or min(lengths) < 1:
        lengths = minutes.shared([max(1, length) for length in lengths], total)
    given = iter(lengths)
    modules = [
        module.model_copy(
            update={
                'lessons': [
                    lesson.model_copy(
                        update={'minutes': next(given), 'passages': [n for n in lesson.passages if 1 <= n <= count]}
                    )
                    for lesson in module.lessons
                ]
            }
        )
        for module in draft.modules
    ]
    return draft.model_copy(update={'modules': modules})
