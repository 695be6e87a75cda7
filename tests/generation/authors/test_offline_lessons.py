"""Lessons drafted from the sources alone: whole, grounded, in order."""

import asyncio
import re

from services.generation.authors.offline import OfflineAuthor
from services.generation.drafts import LessonPlan, SlideDraft, TextDraft
from services.generation.quotes import find_quote
from tests.generation.authors.drafted import Course, every, newly_drafted, questions
from tests.generation.authors.samples import LAB, brief, passages


async def test_every_block_is_cited_word_for_word(drafted: Course) -> None:
    sources, _, written = drafted

    for block in every(written):
        assert block.citations
        for citation in block.citations:
            assert find_quote(sources[citation.passage - 1].text, citation.quote)


async def test_every_sentence_of_a_text_stands_in_the_sources(drafted: Course) -> None:
    sources, _, written = drafted
    whole = ' '.join(re.sub(r'\s?\[\d\]', '', ' '.join(passage.text.split())) for passage in sources)

    for block in every(written):
        if isinstance(block, TextDraft):
            for element in re.findall(r'<(?:p|li)>(.*?)</(?:p|li)>', block.html):
                for sentence in re.split(r'(?<=[.!?])\s+(?=[A-Z])', element.replace('&amp;', '&').replace('&lt;', '<')):
                    assert sentence in whole


async def test_nothing_is_said_twice_in_a_course(drafted: Course) -> None:
    _, _, written = drafted
    slides = [block for block in every(written) if isinstance(block, SlideDraft)]
    bullets = [bullet for slide in slides for bullet in slide.bullets]
    prompts = [question.prompt for question in questions(written)]
    paragraphs = [
        part
        for block in every(written)
        if isinstance(block, TextDraft)
        for part in re.findall(r'<p>.*?</p>', block.html)
    ]

    for texts in ([slide.title for slide in slides], bullets, prompts, paragraphs):
        assert len(set(texts)) == len(texts)


async def test_slides_are_short_and_have_notes_in_full_sentences(drafted: Course) -> None:
    for block in every(drafted[2]):
        if isinstance(block, SlideDraft):
            assert 2 <= len(block.bullets) <= 7
            assert all(len(bullet.split()) <= 20 and not bullet.endswith('.') for bullet in block.bullets)
            assert len(block.notes.split()) >= 12
            assert block.notes not in ('. '.join(block.bullets), '; '.join(block.bullets))


async def test_no_debris_of_the_sources_is_shown(drafted: Course) -> None:
    for block in every(drafted[2]):
        shown = block.model_dump_json(exclude={'citations'})
        assert not re.search(r'\[\d\]|Figure \d|\.{4}|\t', shown)


async def test_no_paragraph_begins_with_what_leans_on_another_sentence(lab: Course) -> None:
    for block in every(lab[2]):
        if isinstance(block, TextDraft):
            assert not re.search(r'<p>(?:However|This|It|They|Such|Therefore)\b', block.html)
        if isinstance(block, SlideDraft):
            assert not any(re.match(r'(?:However|This|It|They|Such|Therefore)\b', bullet) for bullet in block.bullets)


async def test_the_same_sources_give_the_same_course(lab: Course) -> None:
    assert (await newly_drafted(LAB, OfflineAuthor()))[2] == lab[2]


async def test_blocks_are_shown_one_after_the_other() -> None:
    author, sources = OfflineAuthor(), passages(LAB)
    plan = (await author.outline(brief(), sources, previous=None, comment='', on_partial=lambda partial: None)).draft
    partials: list[dict[str, object]] = []

    lesson = plan.modules[0].lessons[1]
    written = await author.lesson(brief(), plan, lesson, sources, already_written=[], on_partial=partials.append)

    counts = [len(partial['blocks']) for partial in partials]  # type: ignore[arg-type]
    assert counts == list(range(1, len(written.draft.blocks) + 1))


async def test_the_loop_stays_free_while_a_course_is_drafted() -> None:
    beats = 0

    async def heart() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0)
            beats += 1

    beating = asyncio.create_task(heart())
    await newly_drafted(LAB, OfflineAuthor())
    beating.cancel()

    assert beats > 100


async def test_a_lesson_with_passages_that_do_not_exist_is_drafted_from_its_title() -> None:
    author, sources = OfflineAuthor(), passages(LAB)
    plan = (await author.outline(brief(), sources, previous=None, comment='', on_partial=lambda partial: None)).draft
    lesson = LessonPlan(title='Peroxide formers', objectives=[], minutes=10, passages=[999])

    written = await author.lesson(brief(), plan, lesson, sources, already_written=[], on_partial=lambda partial: None)

    assert 'peroxide' in str(written.draft.blocks[0]).lower()
