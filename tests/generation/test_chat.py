"""People and the AI talk about a draft; a change is a card that does nothing until a person accepts it."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from services.chat.cards import CardDecided
from services.chat.views import CardView, MessageView
from services.errors import Forbidden, InvalidInput, NotFound
from services.generation.authors.base import AuthorUnavailable, OnPartial, Written
from services.generation.authors.conversation import AnswerDraft
from services.generation.authors.prompting import Prompt
from services.generation.outlines import Outline
from services.generation.views import WorkflowView
from services.generation.workflows import OutlineChanged
from services.knowledge.index import Index
from storage.database import Scope
from storage.documents import Document, chunks
from tests.generation.conftest import Studio

on_sqlite = pytest.mark.parametrize('backend', ['sqlite'], indirect=True)


class Talker:
    """Says what it is given; `prompts` are what it was asked. With `waits` it says its first words and hangs."""

    def __init__(self) -> None:
        self.prompts: list[str] = []
        self.says: list[dict[str, Any] | Exception] = []
        self.waits = False

    async def converse(
        self, prompt: Prompt, problem_of: Callable[[AnswerDraft], str], on_partial: OnPartial
    ) -> Written[AnswerDraft]:
        self.prompts.append(prompt.user)
        on_partial({'say': 'The sash goes'})
        if self.waits:
            await asyncio.sleep(600)
        answer = self.says.pop(0)
        if isinstance(answer, Exception):
            raise answer
        draft = AnswerDraft.model_validate({'cites': [], 'changes': [], **answer})
        assert problem_of(draft) == ''
        return Written(
            draft=draft, provider='scripted', model='scripted-1', prompt_version='chat.v1', input_tokens=7,
            output_tokens=3,
        )  # fmt: skip


async def indexed(studio: Studio) -> None:
    """The handbook as ingestion leaves it in the index."""
    async with studio.platform.database.reading() as tx:
        scope = Scope(tx, studio.demo.organization_id)
        document = await scope.find(Document, studio.document_id)
        found = await chunks(scope, [studio.document_id])
    assert document is not None
    await Index(studio.platform.vectors, studio.platform.embedder).add_passages(document, found)


async def answered(studio: Studio, workflow_id: UUID, status: str = 'done') -> MessageView:
    for _ in range(400):
        messages = await studio.services.chat.messages(studio.demo.reviewer, workflow_id)
        if messages and messages[-1].status == status:
            return messages[-1]
        await asyncio.sleep(0.03)
    raise AssertionError(f'still {messages[-1].status}: {messages[-1].error}')


async def ask(studio: Studio, workflow: WorkflowView, text: str, **more: Any) -> MessageView:
    await studio.services.chat.say(studio.demo.instructor, workflow.id, text, **more)
    return await answered(studio, workflow.id)


def talker(studio: Studio) -> Talker:
    """A model stands behind the author from now on."""
    talking = Talker()
    studio.author.converse = talking.converse  # type: ignore[attr-defined]
    return talking


async def outline_of(studio: Studio, workflow: WorkflowView) -> Outline:
    return (await studio.services.workflows.outlines(studio.demo.instructor, workflow.id))[-1].outline


def the_card(message: MessageView) -> CardView:
    [card] = message.cards
    return card


async def test_without_a_model_questions_are_answered_word_for_word_and_changes_are_cards(studio: Studio) -> None:
    await indexed(studio)
    workflow = await studio.drafted()
    chat, demo = studio.services.chat, studio.demo
    answer = await ask(studio, workflow, 'What do I do when the low-flow alarm sounds?')
    assert 'lower the sash fully' in answer.text
    assert (answer.by_model, answer.cites[0].page, answer.cites[0].document_name) == (False, 2, 'handbook.pdf')
    before = await studio.services.reading.draft(demo.reviewer, workflow.id)
    answer = await ask(studio, workflow, 'Please make lesson 1 shorter')
    card = the_card(answer)
    assert (card.kind, card.type, card.status, card.where) == ('block', 'text', 'open', '1.1 Lesson 1')
    assert await studio.services.reading.draft(demo.reviewer, workflow.id) == before
    await studio.services.proposals.accept(demo.editor, card.id, card.hash)
    [*_, last] = await chat.messages(demo.reviewer, workflow.id)
    assert (the_card(last).status, the_card(last).decider) == ('accepted', demo.editor.full_name)
    card = the_card(await ask(studio, workflow, 'Add a question on alarms to lesson 1.2'))
    assert (card.kind, card.type) == ('new_block', 'question')
    first, second = await asyncio.gather(
        chat.accept(demo.editor, card.id, card.hash),
        chat.accept(demo.instructor, card.id, card.hash),
        return_exceptions=True,
    )
    assert {type(first), type(second)} == {CardView, CardDecided}
    lesson = (await studio.services.reading.draft(demo.reviewer, workflow.id)).modules[0].lessons[1]
    assert (lesson.blocks[-1].type, lesson.blocks[-1].state, lesson.blocks[-1].origin) == ('question', 'waiting', 'ai')
    assert (await chat.undo(demo.editor, card.id)).status == 'undone'
    again = (await studio.services.reading.draft(demo.reviewer, workflow.id)).modules[0].lessons[1]
    assert len(again.blocks) == len(lesson.blocks) - 1


@on_sqlite
async def test_an_outline_card_is_applied_by_its_hash_once_and_can_be_taken_back(studio: Studio) -> None:
    author = talker(studio)
    workflow = await studio.begin()
    await studio.until(workflow.id, 'outline')
    chat, demo = studio.services.chat, studio.demo
    before = await outline_of(studio, workflow)
    edit = {'what': 'edit_outline', 'part': '', 'to': '', 'title': '', 'minutes': 0, 'objectives': [], 'passages': []}
    author.says = [
        {
            'say': 'I would begin with the alarm.',
            'changes': [
                {**edit, 'act': 'move', 'part': '1.2', 'to': '1.1'},
                {**edit, 'act': 'rename', 'part': '1.2', 'title': 'When the alarm sounds'},
            ],
        }
    ]
    card = the_card(await ask(studio, workflow, 'Begin with the alarm'))
    assert (await outline_of(studio, workflow)) == before
    with pytest.raises(Forbidden):
        await chat.accept(demo.reviewer, card.id, card.hash)
    with pytest.raises(NotFound):
        await chat.accept(studio.world.other.instructor, card.id, card.hash)
    with pytest.raises(OutlineChanged):
        await chat.accept(demo.editor, card.id, 'another')
    await chat.accept(demo.editor, card.id, card.hash)
    titles = [lesson.title for _module, lesson in (await outline_of(studio, workflow)).lessons()]
    assert titles == ['When the alarm sounds', 'Lesson 1', 'Lesson 3']
    with pytest.raises(CardDecided):
        await chat.decline(demo.editor, card.id)
    await chat.undo(demo.editor, card.id)
    assert (await outline_of(studio, workflow)) == before
    # without a model, by rules
    del studio.author.converse  # type: ignore[attr-defined]
    card = the_card(await ask(studio, workflow, 'Could you please swap lessons 1 and 3?'))
    assert card.kind == 'outline'
    await chat.decline(demo.editor, card.id)
    answer = await ask(studio, workflow, 'Make lesson 2 friendlier')
    assert not answer.cards
    assert 'No AI model is set up' in answer.text


@on_sqlite
async def test_what_may_not_be_said_or_done_is_refused_and_a_failed_answer_can_be_asked_for_again(
    studio: Studio,
) -> None:
    author = talker(studio)
    workflow = await studio.begin()
    await studio.until(workflow.id, 'outline')
    chat, demo = studio.services.chat, studio.demo
    for text in ('', '   ', 'x' * 100_000):
        with pytest.raises(InvalidInput):
            await chat.say(demo.instructor, workflow.id, text)
    with pytest.raises(Forbidden):
        await chat.say(demo.student, workflow.id, 'Hello')
    with pytest.raises(NotFound):
        await chat.say(studio.world.other.instructor, workflow.id, 'Hello')
    [only] = await chat.say(demo.reviewer, workflow.id, 'I like module 1', to_ai=False)
    assert (only.kind, only.author, author.prompts) == ('person', demo.reviewer.full_name, [])
    author.says = [AuthorUnavailable('The model provider has a problem of its own.'), {'say': 'It does.'}]
    await chat.say(demo.instructor, workflow.id, 'Wie tief hängt die Scheibe?')
    failed = await answered(studio, workflow.id, 'failed')
    assert 'problem of its own' in failed.error
    await chat.try_again(demo.instructor, failed.id)
    assert (await answered(studio, workflow.id)).text == 'It does.'
    assert f'{demo.reviewer.full_name}: I like module 1' in author.prompts[-1]
    author.waits = True
    await chat.say(demo.instructor, workflow.id, 'And then?')
    await answered(studio, workflow.id, 'writing')
    while not author.prompts[-1].endswith('And then?\n</asked>\n'):
        await asyncio.sleep(0.02)
    [*_, writing] = await chat.messages(demo.reviewer, workflow.id)
    await chat.stop(demo.instructor, writing.id)
    stopped = await answered(studio, workflow.id, 'stopped')
    for _ in range(100):
        if stopped.text:
            break
        await asyncio.sleep(0.02)
        stopped = await answered(studio, workflow.id, 'stopped')
    assert stopped.text == 'The sash goes'
