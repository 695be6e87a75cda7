"""Questions of four kinds, each asked only where the sources say what is right and what is wrong."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from services.generation.authors.offline.questions.common import Asked, Room
from services.generation.authors.offline.questions.multiple import multiple
from services.generation.authors.offline.questions.short import short
from services.generation.authors.offline.questions.single import single
from services.generation.authors.offline.questions.true_false import true_false
from services.generation.drafts import QuestionDraft, QuestionKind

KINDS: dict[QuestionKind, Callable[[Room], Iterator[Asked]]] = {
    'single': single,
    'multiple': multiple,
    'true_false': true_false,
    'short': short,
}


@dataclass(kw_only=True)
class Taken:
    """What is asked already: prompts, and sentences a question was made from."""

    prompts: set[str] = field(default_factory=set)
    sentences: set[int] = field(default_factory=set)
    sorts: Counter[str] = field(default_factory=Counter)


def best(
    room: Room, taken: Taken, kind: QuestionKind, *, least: float = 0.0, promised: bool = False
) -> QuestionDraft | None:
    """The best new question of a kind, never from a sentence that was asked about already.

    `promised`: only about what an objective promises and nothing asks yet.
    """
    options = [
        one
        for one in KINDS[kind](room)
        if one.score >= least
        and one.draft.prompt.casefold() not in taken.prompts
        and not one.sentences & taken.sentences
        and (not promised or any(_asks(one, promise) for promise in room.promised))
    ]
    if not options:
        return None
    chosen = max(
        options,
        key=lambda one: (
            one.score
            - 0.12 * min(taken.sorts[one.sort], 5)
            + 2 * len(one.stems & room.about)
            + _PROMISED * any(_asks(one, promise) for promise in room.promised),
            -min(one.sentences),
        ),
    )
    room.promised = [promise for promise in room.promised if not _asks(chosen, promise)]
    taken.prompts.add(chosen.draft.prompt.casefold())
    taken.sentences |= chosen.sentences
    taken.sorts[chosen.sort] += 1
    return chosen.draft


def _asks(one: Asked, promise: frozenset[str]) -> bool:
    """Whether the question is about what an objective promises: half of its words, at least."""
    return len(one.stems & promise) * 2 >= len(promise) > 0


_PROMISED = 1.5
