"""The authors that ask a model, over real HTTP."""

import pytest

from services.generation.authors.model import ModelAuthor
from services.generation.quotes import find_quote
from services.tracing import Origin, coming_from
from tests.doubles.model_server import ModelServer
from tests.generation.authors.models import BRIEF, LESSON, PASSAGES, outline


async def test_an_outline_is_written_and_shown_while_it_grows(author: ModelAuthor, server: ModelServer) -> None:
    partials: list[dict[str, object]] = []

    written = await author.outline(BRIEF, PASSAGES, previous=None, comment='', on_partial=partials.append)

    assert written.draft.title == 'Laboratory safety'
    assert sum(lesson.minutes for module in written.draft.modules for lesson in module.lessons) == 60
    assert (written.provider, written.model) == (author.provider, author.model)
    assert written.prompt_version == 'outline.v1'
    assert written.input_tokens == 1000
    assert written.output_tokens > 10
    assert len(partials) >= 2
    assert partials[0] != partials[-1]
    assert partials[-1] == written.draft.model_dump()
    assert len(server.requests) == 1


async def test_a_lesson_cites_words_that_stand_in_the_passages(author: ModelAuthor) -> None:
    course = await outline(author)

    written = await author.lesson(BRIEF, course, LESSON, PASSAGES, already_written=[], on_partial=lambda partial: None)

    citations = [citation for block in written.draft.blocks for citation in block.citations]
    assert citations
    assert all(find_quote(PASSAGES[citation.passage - 1].text, citation.quote) for citation in citations)


async def test_a_block_comes_back_alone_and_of_its_own_type(author: ModelAuthor) -> None:
    lesson = (
        await author.lesson(
            BRIEF, await outline(author), LESSON, PASSAGES, already_written=[], on_partial=lambda partial: None
        )
    ).draft
    slide = next(block for block in lesson.blocks if block.type == 'slide')

    written = await author.block(
        BRIEF, LESSON, slide, 'shorter', PASSAGES, already_written=lesson.blocks, on_partial=lambda partial: None
    )

    assert [block.type for block in written.draft.blocks] == ['slide']
    assert written.draft.blocks[0] != slide


async def test_every_call_asks_for_a_stream_and_for_the_strict_schema(author: ModelAuthor, server: ModelServer) -> None:
    await outline(author)

    body = server.requests[0].body
    assert body['stream'] is True
    schema = (
        body.get('output_config', {}).get('format', {}).get('schema')
        or body.get('text', {}).get('format', {}).get('schema')
        or body['response_format']['json_schema']['schema']
    )
    assert schema['additionalProperties'] is False
    assert (
        set(schema['required']) == set(schema['properties']) == {'title', 'summary', 'objectives', 'modules', 'answer'}
    )


async def test_the_provider_is_told_the_id_of_the_act_and_so_is_the_log(
    author: ModelAuthor, server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level('INFO'), coming_from(Origin(request_id='one-act')):
        await outline(author)
    assert server.requests[0].headers['x-request-id'] == 'one-act'
    told = next(line for line in caplog.records if line.message == 'A model answered: whole')
    assert (told.__dict__['model'], told.__dict__['input_tokens']) == (author.model, 1000)
