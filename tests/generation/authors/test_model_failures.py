"""A provider that is busy, silent, torn or talks nonsense."""

import asyncio
import json
from typing import Any

import pytest

from services.errors import PlatformError
from services.generation.authors.base import AuthorAnsweredNonsense, AuthorTooSlow, AuthorUnavailable
from services.generation.authors.model import ModelAuthor
from services.generation.authors.openai import OpenAIAuthor
from tests.doubles.model_server import Cut, Drip, ErrorInStream, Hang, ModelServer, Refusal, Says, Stall, Status, Torn
from tests.generation.authors.models import BRIEF, DIALECTS, LESSON, PASSAGES, make, outline


@pytest.mark.parametrize('status', [408, 409, 429, 500, 502, 529])
@pytest.mark.parametrize('dialect', DIALECTS)
async def test_a_passing_failure_is_tried_again(
    dialect: str, status: int, server: ModelServer, waits: list[float]
) -> None:
    server.faults.append(Status(status))
    author = make(dialect, server, waits)

    draft = await outline(author)

    assert draft.modules
    assert len(server.requests) == 2
    assert len(waits) == 1
    assert 0.7 <= waits[0] <= 1.3
    await author.close()


async def test_the_wait_is_as_long_as_the_provider_asks_but_a_minute_at_most(
    author: ModelAuthor, server: ModelServer, waits: list[float]
) -> None:
    server.faults.extend([Status(429, retry_after=7), Status(529, retry_after=600)])

    await outline(author)

    assert waits == [7, 60]


async def test_a_provider_that_stays_busy_is_given_up_after_four_tries(
    author: ModelAuthor, server: ModelServer, waits: list[float]
) -> None:
    server.faults.extend([Status(429, retry_after=9)] * 5)

    with pytest.raises(AuthorUnavailable, match='busy') as caught:
        await outline(author)

    assert len(server.requests) == 4
    assert len(waits) == 3
    assert caught.value.retry_after == 9


@pytest.mark.parametrize('fault', [Torn(), Hang(), Stall(), ErrorInStream()], ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize('dialect', DIALECTS)
async def test_a_broken_stream_is_written_again_from_the_start(
    dialect: str, fault: Any, server: ModelServer, waits: list[float]
) -> None:
    server.faults.append(fault)
    author = make(dialect, server, waits)

    draft = await outline(author)

    assert draft.title == 'Laboratory safety'
    assert len(server.requests) == 2
    await author.close()


async def test_a_provider_that_never_answers_is_too_slow(author: ModelAuthor, server: ModelServer) -> None:
    server.faults.extend([Hang()] * 4)

    with pytest.raises(AuthorTooSlow, match='sent nothing'):
        await outline(author)

    assert len(server.requests) == 4


async def test_streams_that_always_tear_are_unavailable(author: ModelAuthor, server: ModelServer) -> None:
    server.faults.extend([Torn()] * 4)

    with pytest.raises(AuthorUnavailable, match='broke off'):
        await outline(author)


@pytest.mark.parametrize('dialect', DIALECTS)
async def test_an_answer_that_drips_past_the_total_time_is_cut_off_and_not_repeated(
    dialect: str, server: ModelServer, waits: list[float]
) -> None:
    server.faults.append(Drip(0.2))
    author = make(dialect, server, waits, total=1.0)

    with pytest.raises(AuthorTooSlow, match='did not finish'):
        await outline(author)

    assert len(server.requests) == 1
    await author.close()


@pytest.mark.parametrize(
    ('nonsense', 'told'),
    [
        ('{"title": "Half', 'Invalid JSON'),
        ('Here is your course!', 'Invalid JSON'),
        ('{"course": 1}', 'Field required'),
        ('{"title":"t","summary":"s","objectives":[],"modules":[],"answer":""}', 'no modules'),
    ],
)
async def test_nonsense_is_sent_back_once_with_what_was_wrong(
    author: ModelAuthor, server: ModelServer, nonsense: str, told: str
) -> None:
    server.faults.append(Says(nonsense))

    draft = await outline(author)

    assert draft.modules
    assert len(server.requests) == 2
    turns = server.requests[1].body.get('messages') or server.requests[1].body['input']
    assert turns[-2] == {'role': 'assistant', 'content': nonsense}
    assert told in turns[-1]['content']


async def test_nonsense_twice_is_an_error(author: ModelAuthor, server: ModelServer) -> None:
    server.faults.extend([Says('{"approved": true}')] * 2)

    with pytest.raises(AuthorAnsweredNonsense, match='answered twice'):
        await outline(author)

    assert len(server.requests) == 2


async def test_a_question_that_cannot_be_marked_is_nonsense(author: ModelAuthor, server: ModelServer) -> None:
    question = {
        'type': 'question',
        'kind': 'single',
        'prompt': 'p',
        'options': [{'text': 'a', 'correct': True}, {'text': 'b', 'correct': True}],
        'accepted': [],
        'explanation': 'e',
        'citations': [],
    }
    course = await outline(author)
    server.faults.extend([Says(json.dumps({'blocks': [question]}))] * 2)

    with pytest.raises(AuthorAnsweredNonsense, match='exactly one'):
        await author.lesson(BRIEF, course, LESSON, PASSAGES, already_written=[], on_partial=lambda partial: None)


@pytest.mark.parametrize(('fault', 'words'), [(Refusal(), 'declined'), (Cut(), 'longer than')])
@pytest.mark.parametrize('dialect', DIALECTS)
async def test_refusals_and_cut_answers_are_told_apart_and_not_repeated(
    dialect: str, fault: Any, words: str, server: ModelServer, waits: list[float]
) -> None:
    server.faults.append(fault)
    author = make(dialect, server, waits)

    with pytest.raises(AuthorAnsweredNonsense, match=words):
        await outline(author)

    assert len(server.requests) == 1
    await author.close()


@pytest.mark.parametrize(
    ('status', 'words'),
    [(400, 'refused the request'), (403, 'refused the key'), (404, 'does not know'), (413, 'fewer documents')],
)
@pytest.mark.parametrize('dialect', DIALECTS)
async def test_what_no_retry_can_mend_is_said_at_once(
    dialect: str, status: int, words: str, server: ModelServer, waits: list[float]
) -> None:
    server.faults.append(Status(status, code='model_not_found'))
    author = make(dialect, server, waits)

    with pytest.raises(AuthorUnavailable, match=words):
        await outline(author)

    assert len(server.requests) == 1
    assert waits == []
    await author.close()


@pytest.mark.parametrize('dialect', DIALECTS)
async def test_a_wrong_key_is_named(dialect: str, server: ModelServer, waits: list[float]) -> None:
    author = make(dialect, server, waits, key='wrong')

    with pytest.raises(AuthorUnavailable, match='refused the key') as caught:
        await outline(author)

    assert isinstance(caught.value, PlatformError)
    assert 'wrong' not in str(caught.value)
    await author.close()


@pytest.mark.parametrize('dialect', DIALECTS)
async def test_an_address_where_nobody_listens_is_unavailable(dialect: str, waits: list[float]) -> None:
    with ModelServer() as server:
        author = make(dialect, server, waits)

    with pytest.raises(AuthorUnavailable, match='cannot be reached'):
        await outline(author)

    assert len(waits) == 3
    await author.close()


async def test_an_address_without_responses_is_asked_for_chat(waits: list[float]) -> None:
    with ModelServer(responses_api=False) as server:
        author = make('responses', server, waits)

        await outline(author)
        await outline(author)

        assert [request.path for request in server.requests] == ['/v1/chat/completions'] * 2
        await author.close()


async def test_a_compatible_address_is_spoken_to_in_chat(server: ModelServer) -> None:
    author = OpenAIAuthor('secret', 'local', server.openai_url)

    await outline(author)

    assert server.requests[0].path == '/v1/chat/completions'
    await author.close()


async def test_cancelling_lets_go_at_once(author: ModelAuthor, server: ModelServer) -> None:
    server.faults.append(Drip(0.3))
    task = asyncio.create_task(outline(author))
    while not server.requests:
        await asyncio.sleep(0.01)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(server.requests) == 1
