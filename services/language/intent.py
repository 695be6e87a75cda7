"""What somebody wants who asks something, by the nearest of a few examples; 'unsure' where two are as near."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.knowledge.embedding import Embedder, cosine

UNSURE = 'unsure'
_LEAST, _MARGIN = 0.30, 0.035

EXAMPLES: dict[str, tuple[str, ...]] = {
    'lab_help': (
        'My code does not compile in the lab.', 'Why do the tests of this exercise fail?',
        'The lab environment shows an error when I run my program.', 'My lab does not start.',
        'I get an exception in my script, what is wrong?', 'How do I fix this bug in my exercise?',
        'The terminal of the lab hangs.', 'Give me a hint for the programming task.',
        'My function returns the wrong result.',
    ),
    'content_question': (
        'What does this term mean?', 'Can you explain this concept again?', 'Why is that so?',
        'What is the difference between these two?', 'How does this work in practice?',
        'Which temperature is safe?', 'I do not understand this part of the lesson.',
        'Can you give an example of this?', 'When do I have to use this rule?',
    ),
    'organisational': (
        'When is the deadline?', 'How many points do I need to pass?', 'Can I get an extension for the assignment?',
        'When does the next session take place?', 'Where do I find my certificate?',
        'Who is the teacher of the course?', 'How long does the course take?',
        'Can I retake the quiz?', 'How do I sign up for the course?',
    ),
    'technical_problem': (
        'I cannot sign in.', 'The page does not load.', 'The video does not play.', 'The website is very slow.',
        'I forgot my password.', 'The download is broken.', 'My progress was not saved.',
        'The button does nothing when I click on it.', 'I get an error message when I open the page.',
    ),
    'feedback': (
        'I really liked this lesson.', 'This course is too fast for me.', 'The explanations are great.',
        'The lesson was boring.', 'Thank you, that helped a lot.', 'There is too much text in this module.',
        'The quiz was unfair.', 'Best course I have taken.',
    ),
    'change_request': (
        'Make this lesson shorter.', 'Add a question about valves.', 'Rewrite this paragraph in simpler words.',
        'Swap modules one and two.', 'Remove the second lesson.', 'Rename the module.',
        'Put more examples into lesson two.', 'Translate this slide.', 'Make the tone friendlier.',
    ),
    'greeting': ('Hello!', 'Hi there, how are you?', 'Good morning.', 'Thanks, bye.', 'Who are you?'),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Intent:
    """`nearest` is the best guess even where `name` is 'unsure'; `margin` is how much nearer it is than the next."""

    name: str
    nearest: str
    score: float
    margin: float


class Intents:
    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: list[tuple[str, list[float]]] = []
        self._turn = asyncio.Lock()

    async def of(self, text: str) -> Intent:
        known = await self._examples()
        [vector] = await self._embedder.embed([text[:1000]])
        return nearest(vector, known)

    async def _examples(self) -> Sequence[tuple[str, list[float]]]:
        async with self._turn:
            if not self._known:
                names = [(name, text) for name, texts in EXAMPLES.items() for text in texts]
                vectors = await self._embedder.embed([text for _name, text in names])
                self._known = [(name, vector) for (name, _text), vector in zip(names, vectors, strict=True)]
            return self._known


def nearest(vector: Sequence[float], known: Sequence[tuple[str, Sequence[float]]]) -> Intent:
    """An intent is as near as its two nearest examples, the second counting half."""
    scores: dict[str, list[float]] = {}
    for name, example in known:
        scores.setdefault(name, []).append(cosine(vector, example))
    ranked = sorted(((_together(found), name) for name, found in scores.items()), reverse=True)
    (best, name), (second, _other) = ranked[0], ranked[1]
    sure = best >= _LEAST and best - second >= _MARGIN
    return Intent(name=name if sure else UNSURE, nearest=name, score=round(best, 3), margin=round(best - second, 3))


def _together(found: list[float]) -> float:
    first, second, *_ = [*sorted(found, reverse=True), 0.0]
    return (2 * first + second) / 3
