"""A block again by instruction, without a model: what is not asked for stays as it is, what cannot be done is said."""

import re
from collections.abc import Sequence
from uuid import uuid4

import pytest

from services.generation.authors.base import AuthorCannot, PartWanted, Passage, Written
from services.generation.authors.offline import OfflineAuthor
from services.generation.drafts import (
    BlockDraft,
    LabDraft,
    LessonDraft,
    LessonPlan,
    QuestionDraft,
    SlideDraft,
    TextDraft,
)
from services.generation.labs import lab_fault
from services.generation.quotes import find_quote
from tests.generation.authors.drafted import Course, course, every
from tests.generation.authors.samples import CAFE, IT, LAB, brief

SUM = 'This prints the sum:\n\n>>> print(1 + 2)\n3'
CODE = f'Counting\n\n{SUM}\n\nRun the command below:\n\n$ wc -l notes.txt\n3 notes.txt'


async def again(made: Course, block: BlockDraft, instruction: str) -> Written[LessonDraft]:
    passages, plan, written = made
    lessons = [lesson for module in plan.modules for lesson in module.lessons]
    lesson = next(one for one, blocks in zip(lessons, written, strict=True) if block in blocks)
    others = [other for other in every(written) if other is not block]
    return await OfflineAuthor().regenerate(
        brief(), lesson, block, instruction, passages, already_written=others, on_partial=lambda partial: None
    )


def of_type(made: Course, kind: type[BlockDraft]) -> list[BlockDraft]:
    return [block for block in every(made[2]) if isinstance(block, kind)]  # type: ignore[arg-type]


def all_found(block: BlockDraft, passages: Sequence[Passage]) -> bool:
    return all(find_quote(passages[one.passage - 1].text, one.quote) for one in block.citations)


@pytest.mark.parametrize('name', [LAB, CAFE, IT])
async def test_shorter_drops_whole_sentences_and_keeps_lists_and_every_other_byte(name: str) -> None:
    made = await course(name)
    shortened = 0
    for block in of_type(made, TextDraft):
        assert isinstance(block, TextDraft)
        written = await again(made, block, 'Shorter')
        new = written.draft.blocks[0]
        assert isinstance(new, TextDraft)
        assert all_found(new, made[0])
        assert re.findall(r'<li>.*?</li>|<table>.*?</table>|<h3>.*?</h3>', new.html) == re.findall(
            r'<li>.*?</li>|<table>.*?</table>|<h3>.*?</h3>', block.html
        )
        if new == block:
            assert written.answer
            continue
        shortened += 1
        left_out = re.findall(r'“(.+?)”(?= “|$)', written.answer.partition('Left out: ')[2])
        assert len(new.html) < len(block.html)
        assert left_out
        assert all(one.replace('&', '&amp;') not in new.html for one in left_out)
    assert shortened


async def test_what_is_added_is_cited_and_what_stood_there_stays() -> None:
    made = await course(LAB)
    for block in [*of_type(made, TextDraft)[:4], *of_type(made, SlideDraft)[:4]]:
        written = await again(made, block, 'More points' if isinstance(block, SlideDraft) else 'Longer')
        new = written.draft.blocks[0]
        assert all_found(new, made[0])
        if isinstance(block, SlideDraft) and isinstance(new, SlideDraft):
            assert new.bullets[: len(block.bullets)] == block.bullets
        assert new.citations[: len(block.citations)] == block.citations
        assert (new == block) == bool(written.answer)


async def test_harder_distractors_change_nothing_but_wrong_answers_and_never_come_from_the_right_list() -> None:
    changed = 0
    for name in (LAB, CAFE, IT):
        made = await course(name)
        for block in of_type(made, QuestionDraft):
            assert isinstance(block, QuestionDraft)
            written = await again(made, block, 'Harder distractors')
            new = written.draft.blocks[0]
            assert isinstance(new, QuestionDraft)
            if new == block:
                assert written.answer
                continue
            changed += 1
            assert new.model_copy(update={'options': block.options}) == block
            right = [option for option in block.options if option.correct]
            assert [option for option in new.options if option.correct] == right
            listed = [one for one in made[0] if any(option.text in one.text for option in right)]
            wrong = {option.text for option in new.options} - {option.text for option in block.options}
            if block.kind == 'multiple' and 'belong to the list' in block.prompt:
                spans = [re.split(r'\n\s*\n', passage.text) for passage in listed]
                own = [part for some in spans for part in some if any(option.text in part for option in right)]
                assert not any(text in part for text in wrong for part in own)
    assert changed


async def test_what_takes_a_model_is_said_and_nothing_changes() -> None:
    made = await course(CAFE)
    block = of_type(made, TextDraft)[0]
    for instruction, said in (('For nurses', 'only by a model'), ('in rhyme, please', 'none of these')):
        written = await again(made, block, instruction)
        assert written.draft.blocks == [block]
        assert said in written.answer
    others = 0
    for question in of_type(made, QuestionDraft)[:8]:
        written = await again(made, question, 'Another question')
        assert (written.draft.blocks == [question]) == bool(written.answer)
        others += not written.answer
    assert others
    with pytest.raises(AuthorCannot, match='Only a model can translate'):
        await OfflineAuthor().translate('de', ['One'], on_partial=lambda partial: None)


async def test_exercises_come_from_code_of_the_sources_and_only_from_there() -> None:
    wanted, author, plan = PartWanted(kind='lab', count=5), OfflineAuthor(), _plan('Counting')
    passage = _passage(CODE)
    written = await author.part(brief(), plan, wanted, [passage], already_written=(), on_partial=lambda partial: None)
    labs = [block for block in written.draft.blocks if isinstance(block, LabDraft)]
    assert [lab.language for lab in labs] == ['python', 'bash']
    assert all(lab_fault(lab.model_dump()) == '' and all_found(lab, [passage]) for lab in labs)
    assert "== '3'" in labs[0].tests[0].text
    assert 'wc -l notes.txt' not in labs[1].task_html
    assert 'look at what the file says' in labs[1].task_html  # the file it reads is not there
    made = await course(CAFE)
    with pytest.raises(AuthorCannot, match='no commands and no code'):
        await author.part(brief(), plan, wanted, made[0], already_written=(), on_partial=lambda partial: None)


async def test_a_quiz_alone_holds_the_kinds_asked_for_or_says_which_are_missing() -> None:
    made = await course(LAB)
    wanted = PartWanted(kind='quiz', kinds=('true_false', 'short'), count=4)
    plan = _plan('Fume hoods')
    written = await OfflineAuthor().part(
        brief(), plan, wanted, made[0], already_written=(), on_partial=lambda partial: None
    )
    kinds = [block.kind for block in written.draft.blocks if isinstance(block, QuestionDraft)]
    assert len(kinds) == len(written.draft.blocks) <= 4
    assert set(kinds) <= {'true_false', 'short'}
    assert set(kinds) == {'true_false', 'short'} or written.answer
    assert all(block.explanation for block in written.draft.blocks if isinstance(block, QuestionDraft))


def _plan(title: str) -> LessonPlan:
    return LessonPlan(title=title, objectives=[], minutes=20, passages=[])


def _passage(text: str) -> Passage:
    return Passage(
        id=uuid4(), document_id=uuid4(), document_name='shell.md', page=1, start=0, end=len(text), text=text, heading=''
    )
