"""How long until the first words of an answer stand on a screen, and how often an intent is understood."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from app.platform import build_services
from app.settings import Settings
from services.chat.answering import streaming
from services.generation.authors.base import OnPartial, Written
from services.generation.authors.conversation import AnswerDraft
from services.generation.authors.prompting import Prompt
from services.knowledge.embedding import SentenceTransformerEmbedder
from services.language.intent import UNSURE, Intents
from tests.bench.figures import Figure, Group, p95
from tests.doubles.author import ScriptedAuthor
from tests.doubles.embedder import LetterEmbedder
from tests.generation.conftest import Studio, handbook
from tests.language.utterances import UTTERANCES
from tests.services.world import make_world

_QUESTIONS = 40


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    async for figure in _first_words(directory / 'chat'):
        yield figure
    async for figure in _intents():
        yield figure


async def _first_words(directory: Path) -> AsyncIterator[Figure]:
    """From the click to the first piece on the bus, behind a model that answers at once."""
    author = ScriptedAuthor()
    author.converse = _converse  # type: ignore[attr-defined]
    platform = build_services(Settings(data_dir=directory), embedder=LetterEmbedder(), author=author)
    await platform.start()
    try:
        world = await make_world(platform.database, platform.gate)
        document_id = await handbook(platform, world.demo)
        studio = Studio(platform=platform, author=author, world=world, document_id=document_id)
        workflow = await studio.begin()
        await studio.until(workflow.id, 'outline')
        heard: asyncio.Queue[float] = asyncio.Queue()

        def hear(_payload: Any) -> None:
            heard.put_nowait(time.perf_counter())

        platform.bus.listen(streaming(workflow.id), hear)
        passed = []
        for place in range(_QUESTIONS):
            began = time.perf_counter()
            await platform.services.chat.say(world.demo.instructor, workflow.id, f'Question number {place}?')
            passed.append(await asyncio.wait_for(heard.get(), 10) - began)
            await asyncio.sleep(0.3)
        yield Figure(name='chat_first_words_p95_ms', value=1000 * p95(passed), unit='ms', most=300)
    finally:
        await platform.close()


async def _converse(_prompt: Prompt, _problem_of: Callable[..., str], on_partial: OnPartial) -> Written[AnswerDraft]:
    on_partial({'say': 'The sash'})
    draft = AnswerDraft(say='The sash goes down.', cites=[], changes=[])
    return Written(
        draft=draft, provider='scripted', model='scripted-1', prompt_version='chat.v1', input_tokens=1, output_tokens=1
    )


async def _intents() -> AsyncIterator[Figure]:
    embedder = SentenceTransformerEmbedder()
    try:
        intents = Intents(embedder)
        said = [(name, text) for name, texts in UTTERANCES.items() for text in texts]
        found = [(name, await intents.of(text)) for name, text in said]
    finally:
        await embedder.close()
    sure = [(name, one) for name, one in found if one.name != UNSURE]
    right = sum(one.name == name for name, one in sure)
    note = f'{len(said)} utterances, {len(said) - len(sure)} unsure, {len(sure) - right} wrong'
    yield Figure(name='intent_accuracy', value=right / len(sure), unit='share', least=0.9, note=note)
    yield Figure(name='intent_unsure', value=1 - len(sure) / len(said), unit='share', most=0.2, note=note)


GROUP = Group(names=('chat_first_words_p95_ms', 'intent_accuracy', 'intent_unsure'), measure=_measure)
