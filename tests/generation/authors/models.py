"""Three passages, and authors that ask the model server of the tests about them."""

from uuid import uuid4

from services.generation.authors.anthropic import AnthropicAuthor
from services.generation.authors.base import Brief, Passage
from services.generation.authors.model import ModelAuthor, Patience
from services.generation.authors.openai import OpenAIAuthor
from services.generation.drafts import LessonPlan, OutlineDraft
from tests.doubles.model_server import ModelServer

TEXTS = [
    (
        'Fume hoods',
        (
            'A fume hood is a ventilated enclosure that captures '
            'vapours. Place all vessels at least 15 cm behind the '
            'sash.'
        ),
    ),
    ('Gloves', 'Gloves must be changed every two hours. Never wear gloves outside the laboratory.'),
    ('Waste', 'Collect chemical waste in the labelled containers. Never pour chemicals down the sink.'),
]
PASSAGES = [
    Passage(
        id=uuid4(),
        document_id=uuid4(),
        document_name='Handbook.pdf',
        page=i + 1,
        start=0,
        end=len(text),
        text=text,
        heading=heading,
    )
    for i, (heading, text) in enumerate(TEXTS)
]
BRIEF = Brief(
    title='Laboratory safety', purpose='Safe work', audience='new staff', level='beginner', hours=1, language='en'
)
LESSON = LessonPlan(title='Fume hoods', objectives=['Explain what a fume hood is'], minutes=20, passages=[1, 2])
DIALECTS = ['messages', 'responses', 'chat']


def make(
    dialect: str, server: ModelServer, waits: list[float], *, key: str = 'secret', **patience: float
) -> ModelAuthor:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    quick = Patience(**{'connect': 2.0, 'idle': 0.5, 'total': 20.0, **patience})
    if dialect == 'messages':
        return AnthropicAuthor(key, 'claude-test', server.anthropic_url, patience=quick, sleep=sleep)
    return OpenAIAuthor(key, 'gpt-test', server.openai_url, api=dialect, patience=quick, sleep=sleep)  # type: ignore[arg-type]


async def outline(author: ModelAuthor, partials: list[dict[str, object]] | None = None) -> OutlineDraft:
    got = partials if partials is not None else []
    written = await author.outline(BRIEF, PASSAGES, previous=None, comment='', on_partial=got.append)
    return written.draft
