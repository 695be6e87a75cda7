"""A course in another language: all of it or nothing, with its sources, every block waiting for review."""

import asyncio

import pytest

from services.errors import Forbidden, InvalidInput, NotFound
from services.generation.authors.base import AuthorCannot
from services.generation.translation import TranslationView
from services.generation.translation_segments import texts_of, with_texts
from tests.generation.conftest import Studio
from tests.generation.test_regeneration import blocks_of, quotes


async def done(studio: Studio, asked: TranslationView) -> TranslationView:
    for _ in range(400):
        found = await studio.services.translations.get(studio.demo.instructor, asked.id)
        if not found.is_running:
            return found
        await asyncio.sleep(0.03)
    raise AssertionError(f'still {found.status}')


def test_code_formulas_pictures_and_structure_are_no_business_of_a_translator() -> None:
    html = (
        '<h3>Run it</h3><p>Type <code>ls -l</code> and <strong>wait</strong>.</p><pre><code>print("hello")</code></pre>'
        '<p><span class="formula" data-tex="x^2">x^2</span></p><ul><li>One</li><li><em>Two</em> things</li></ul>'
    )
    texts = texts_of('text', {'html': html})
    assert texts == ['Run it', 'Type ⟦1⟧ and <strong>wait</strong>.', 'One', '<em>Two</em> things']
    assert with_texts('text', {'html': html}, texts) == {'html': html}
    german = ['Starten', 'Mit <strong>Geduld</strong> ⟦1⟧ tippen.', 'Eins', '<em>Zwei</em> Dinge']
    new = with_texts('text', {'html': html}, german)['html']
    assert '<p>Mit <strong>Geduld</strong> <code>ls -l</code> tippen.</p><pre><code>print("hello")</code></pre>' in new
    assert '<span class="formula" data-tex="x^2">x^2</span>' in new
    question = {
        'kind': 'single',
        'prompt': 'Why?',
        'options': [{'id': 'a', 'text': 'So', 'correct': True}, {'id': 'b', 'text': '15', 'correct': False}],
        'accepted': [],
        'explanation': '',
    }
    assert with_texts('question', question, ['Warum?', 'Darum'])['options'] == [
        {'id': 'a', 'text': 'Darum', 'correct': True},
        {'id': 'b', 'text': '15', 'correct': False},
    ]


async def test_a_translation_is_a_course_of_its_own_with_the_sources_of_the_original(studio: Studio) -> None:
    workflow = await studio.drafted()
    translations, demo = studio.services.translations, studio.demo
    before = await blocks_of(studio, workflow)
    for language, refusal in (('en', 'in this language already'), ('tlh', 'No model writes'), ('', 'No model writes')):
        with pytest.raises(InvalidInput, match=refusal):
            await translations.begin(demo.instructor, workflow.course_id, language)
    with pytest.raises(Forbidden):
        await translations.begin(demo.student, workflow.course_id, 'de')
    with pytest.raises(NotFound):
        await translations.begin(studio.world.other.instructor, workflow.course_id, 'de')
    ready = await done(studio, await translations.begin(demo.instructor, workflow.course_id, 'de'))
    assert (ready.status, ready.error) == ('ready', None)
    assert ready.workflow_id is not None
    made = await studio.services.workflows.get(demo.instructor, ready.workflow_id)
    assert (made.stage, made.status, made.language) == ('content', 'awaiting_review', 'de')
    assert made.title == 'Deutsch (de): Working at the fume hood'
    after = await blocks_of(studio, made)
    assert [block.type for block in after] == [block.type for block in before]
    assert all(block.state == 'waiting' for block in after)
    assert [quotes(block) for block in after] == [quotes(block) for block in before]
    assert after[0].content['html'].startswith('<p>Deutsch (de): Set the sash')
    originals = await translations.originals(demo.instructor, ready.workflow_id)
    assert set(originals) == {block.id for block in after}
    assert not any(one.changed for one in originals.values())
    await studio.services.blocks.edit(demo.editor, before[0].id, before[0].hash, {'html': '<p>Other words.</p>'})
    originals = await translations.originals(demo.instructor, ready.workflow_id)
    assert [block.id for block in after if originals[block.id].changed] == [after[0].id]


async def test_without_a_model_nothing_is_begun_and_a_failure_leaves_nothing_half_made(studio: Studio) -> None:
    workflow = await studio.drafted()
    translations, demo = studio.services.translations, studio.demo
    _, courses_before = await studio.services.courses.list(demo.instructor)

    def fail(call: str) -> None:
        if call == 'translate':
            raise AuthorCannot('The model is gone.')

    studio.author.before = fail
    failed = await done(studio, await translations.begin(demo.instructor, workflow.course_id, 'fr'))
    assert (failed.status, failed.error, failed.target_course_id) == ('failed', 'The model is gone.', None)
    assert (await studio.services.courses.list(demo.instructor))[1] == courses_before
    studio.author.before = lambda call: None
    assert (await done(studio, await translations.again(demo.instructor, failed.id))).status == 'ready'
    studio.author.provider = 'offline'
    with pytest.raises(AuthorCannot, match='Only a model can translate'):
        await translations.begin(demo.instructor, workflow.course_id, 'it')
