"""The documents of an organisation, sorted: folders, collections, the line of quality, thumbs, figures."""

import pytest

from services.errors import Conflict, Forbidden, InvalidInput, NotFound
from services.knowledge.figures import Wishes
from tests.knowledge.conftest import Shelf

RICE = '# Rice\n\nCooked rice stands for two hours at most. After that it goes into the fridge or into the bin.'
KNIVES = '# Knives\n\nKnives lie in the rack with the blade down. A knife that falls is not caught.'
RUIN = ' '.join('rn|1l{0O qzx~~bn W3£k<k ﬀ�� \ue001\ue002 l|I1l' for _ in range(60))


async def test_folders_are_made_moved_deleted_and_brought_back_with_what_lay_in_them(shelf: Shelf) -> None:
    folders, demo = shelf.services.folders, shelf.demo
    kitchen = await folders.create(demo.instructor, '  Kitchen ')
    cold = await folders.create(demo.instructor, 'Cold', parent_id=kitchen.id)
    rice = await shelf.add(RICE, 'rice.md', folder_id=cold.id)
    knives = await shelf.add(KNIVES, 'knives.md')
    await folders.put(demo.instructor, [knives.id], kitchen.id)

    async def names(**where: object) -> list[str]:
        found, _total = await shelf.documents.list(demo.instructor, **where)  # type: ignore[arg-type]
        return sorted(document.name for document in found)

    assert await names(folder_id=kitchen.id) == ['knives.md']
    assert await names(folder_id=kitchen.id, search='r') == ['rice.md']
    assert await names(outside=True) == []
    assert await names() == ['knives.md', 'rice.md']
    listed = await folders.list(demo.instructor)
    assert [([name for _, name in one.path], one.documents) for one in listed] == [
        (['Kitchen'], 1),
        (['Kitchen', 'Cold'], 1),
    ]
    assert [hit.split(':')[0] for hit in await shelf.found('rice and knives', folder_id=cold.id)] == ['rice.md']

    for name, parent in (('', None), ('kitchen', None), ('x' * 101, None)):
        with pytest.raises(InvalidInput):
            await folders.create(demo.instructor, name, parent_id=parent)
    with pytest.raises(InvalidInput, match='into itself'):
        await folders.move(demo.instructor, kitchen.id, parent_id=cold.id)
    for stranger, refusal in ((shelf.world.other.instructor, NotFound), (demo.student, Forbidden)):
        with pytest.raises(refusal):
            await folders.rename(stranger, kitchen.id, 'Mine')
        with pytest.raises(refusal):
            await folders.put(stranger, [rice.id], None)

    await folders.delete(demo.instructor, kitchen.id)
    assert await names(outside=True) == ['knives.md']
    assert [[name for _, name in one.path] for one in await folders.list(demo.instructor)] == [['Cold']]
    await folders.restore(demo.instructor, kitchen.id)
    assert await names(folder_id=kitchen.id) == ['knives.md']
    assert [len(one.path) for one in await folders.list(demo.instructor)] == [1, 2]
    newer = await shelf.replace(rice.id, RICE + ' Label it.', 'rice.md')
    assert newer.folder_id == cold.id


async def test_each_collection_serves_its_purpose_and_a_lab_hint_cites_lab_assistance_only(shelf: Shelf) -> None:
    demo = shelf.demo
    rice = await shelf.add(RICE, 'rice.md')
    await shelf.add(RICE.replace('two', 'four'), 'lab.md', collection='lab_assistance')
    hints = await shelf.documents.for_lab_hint(demo.organization_id, 'How long may rice stand?')
    assert {hint.document_name for hint in hints} == {'lab.md'}
    drafted, _ = await shelf.documents.list(demo.instructor, for_drafts=True)
    assert [document.name for document in drafted] == ['rice.md']

    await shelf.documents.set_collection(demo.instructor, rice.id, 'lab_assistance')
    assert {hit.split(':')[0] for hit in await shelf.found('rice', collection='lab_assistance')} == {
        'rice.md',
        'lab.md',
    }
    assert await shelf.found('rice', collection='content_generation') == []
    with pytest.raises(InvalidInput, match='Choose one of the collections'):
        await shelf.found('rice', collection='set_aside')


async def test_what_is_below_the_line_is_passed_over_until_somebody_includes_it(shelf: Shelf) -> None:
    demo = shelf.demo
    good = await shelf.add(RICE, 'rice.md')
    poor = await shelf.add(f'{RUIN} rice', 'scan.txt')
    assert (good.language, poor.quality) == ('en', 0)
    assert {key for key, _, _ in poor.reasons} >= {'odd_characters', 'broken_words'}
    assert {hit.split(':')[0] for hit in await shelf.found('rice')} == {'rice.md'}
    assert [one.name for one in (await shelf.documents.list(demo.instructor, for_drafts=True))[0]] == ['rice.md']

    await shelf.documents.include(demo.instructor, poor.id, anyway=True)
    assert {hit.split(':')[0] for hit in await shelf.found('rice')} == {'rice.md', 'scan.txt'}
    await shelf.documents.include(demo.instructor, poor.id, anyway=False)
    await shelf.services.knowledge.wish(demo.admin, Wishes(quality_line=0, learns=True))
    assert {hit.split(':')[0] for hit in await shelf.found('rice')} == {'rice.md', 'scan.txt'}
    with pytest.raises(InvalidInput):
        await shelf.services.knowledge.wish(demo.admin, Wishes(quality_line=101, learns=True))
    with pytest.raises(Forbidden):
        await shelf.services.knowledge.wish(demo.instructor, Wishes(quality_line=0, learns=True))
    copy = await shelf.add(RICE, 'copy.md')
    assert 'duplicate' in {key for key, _, _ in copy.reasons}


async def test_a_thumb_moves_a_passage_for_like_questions_until_it_is_taken_back(shelf: Shelf) -> None:
    demo, learning = shelf.demo, shelf.services.learning
    await shelf.add(RICE, 'rice.md')
    await shelf.add(KNIVES, 'knives.md')
    question = 'what about knives and rice'

    async def scores(words: str = question) -> dict[str, float]:
        found = await shelf.documents.search(demo.instructor, words, counted=True)
        return {hit.document_name: round(hit.score, 4) for hit in found}

    before = await scores()
    [rice] = [hit for hit in await shelf.documents.search(demo.instructor, question) if hit.document_name == 'rice.md']
    where = {'document_id': rice.document_id, 'page': rice.page, 'start': rice.start}
    down = await learning.learn(demo.instructor, question, helpful=False, **where)  # type: ignore[arg-type]
    assert (await scores())['rice.md'] < before['rice.md']
    up = await learning.learn(demo.instructor, question, helpful=True, **where)  # type: ignore[arg-type]
    assert up.id == down.id
    raised = await scores()
    assert raised['rice.md'] > before['rice.md']
    assert raised['knives.md'] == before['knives.md']
    assert (await scores('what about rice and knives please'))['rice.md'] > before['rice.md']  # a like question
    assert [(one.query, one.helpful) for one in await learning.list(demo.reviewer)] == [(question, True)]
    asked_before = await shelf.documents.search(demo.instructor, question, collection='user_interactions')
    assert [(hit.kind, hit.document_name) for hit in asked_before] == [('question', 'rice.md')]

    with pytest.raises(Forbidden):
        await learning.take_back(demo.reviewer, up.id)
    with pytest.raises(NotFound):
        await learning.take_back(shelf.world.other.instructor, up.id)
    await learning.take_back(demo.instructor, up.id)
    assert await scores() == before
    assert await shelf.found(question, collection='user_interactions') == []
    await learning.restore(demo.instructor, up.id)
    assert await scores() == raised
    await shelf.services.knowledge.wish(demo.admin, Wishes(quality_line=25, learns=False))
    assert await scores() == before
    with pytest.raises(Conflict, match='switched off'):
        await learning.learn(demo.instructor, question, helpful=True, **where)  # type: ignore[arg-type]

    await scores('quantum chromodynamics')
    figures = await shelf.services.knowledge.read(demo.reviewer)
    assert (figures.documents, figures.queries, figures.votes) == (2, 8, 1)
    assert figures.unanswered[0].query == 'quantum chromodynamics'
    assert figures.hits < figures.queries
    theirs = await shelf.services.knowledge.read(shelf.world.other.instructor)
    assert (theirs.documents, theirs.queries, theirs.votes) == (0, 0, 0)
