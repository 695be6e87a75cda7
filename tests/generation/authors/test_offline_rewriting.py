"""Blocks that were sent back and come again."""

import pytest

from services.generation.authors.offline import OfflineAuthor
from services.generation.drafts import BlockDraft, LessonPlan, QuestionDraft, TextDraft
from services.generation.quotes import find_quote
from tests.generation.authors.drafted import Course, course, every, questions
from tests.generation.authors.samples import LAB, brief, passages

LESSON = LessonPlan(title='Gloves', objectives=['Choose gloves'], minutes=15, passages=[7])


async def rewritten(block: BlockDraft, comment: str, lesson: LessonPlan = LESSON) -> BlockDraft:
    sources = passages(LAB)
    written = await OfflineAuthor().block(
        brief(), lesson, block, comment, sources, already_written=[], on_partial=lambda partial: None
    )
    assert len(written.draft.blocks) == 1
    new = written.draft.blocks[0]
    assert new.type == block.type
    assert new != block
    assert all(find_quote(sources[citation.passage - 1].text, citation.quote) for citation in new.citations)
    return new


@pytest.mark.parametrize(
    'comment',
    [
        'Shorter please',
        'Please simplify',
        'Mention butyl rubber',
        'I do not like this',
        'xyzzy',
        'Add the breakthrough time',
    ],
)
async def test_every_sent_back_block_comes_back_different(lab: Course, comment: str) -> None:
    _, plan, written = lab
    for lesson, blocks in zip((lesson for module in plan.modules for lesson in module.lessons), written, strict=True):
        for block in blocks:
            await rewritten(block, comment, lesson)


async def test_a_text_becomes_shorter() -> None:
    text = next(
        block for block in every((await course(LAB))[2]) if isinstance(block, TextDraft) and len(block.html) > 400
    )

    new = await rewritten(text, 'This is too long.')

    assert isinstance(new, TextDraft)
    assert len(new.html) < 0.8 * len(text.html)


async def test_a_text_gains_what_the_comment_names() -> None:
    text = TextDraft.model_validate(
        {
            'type': 'text',
            'html': '<p>Nitrile gloves are the standard gloves for work with solvents.</p>',
            'citations': [{'passage': 7, 'quote': 'Nitrile gloves are the standard gloves for work with solvents.'}],
        }
    )

    new = await rewritten(text, 'Name the glove material for acids.')

    assert isinstance(new, TextDraft)
    assert 'Butyl rubber gloves are required for work with concentrated acids.' in new.html
    assert 'Nitrile gloves' in new.html


async def test_a_question_with_a_wrong_key_is_replaced_and_may_change_its_kind(lab: Course) -> None:
    single = next(question for question in questions(lab[2]) if question.kind == 'single')

    other = await rewritten(single, 'The key is wrong. Ask another question.')
    short = await rewritten(single, 'Make this a short answer question.')

    assert isinstance(other, QuestionDraft)
    assert other.prompt != single.prompt
    assert isinstance(short, QuestionDraft)
    assert short.kind == 'short'
