import pytest

from services.generation.authors.base import AuthorUnavailable
from services.generation.authors.retrying import Transient, retry_after, with_retries


class Step:
    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return 'done'


@pytest.fixture
def waits() -> list[float]:
    return []


def busy(seconds: float | None = None) -> Transient:
    return Transient(AuthorUnavailable('busy', retry_after=seconds))


async def run(step: Step, waits: list[float]) -> str:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    return await with_retries(step, sleep=sleep)


async def test_a_step_that_works_is_made_once(waits: list[float]) -> None:
    step = Step()

    assert await run(step, waits) == 'done'
    assert (step.calls, waits) == (1, [])


async def test_waits_grow_and_are_never_the_same_for_all(waits: list[float]) -> None:
    assert await run(Step(busy(), busy(), busy()), waits) == 'done'

    for wait, usual in zip(waits, [1, 2, 4], strict=True):
        assert 0.75 * usual <= wait <= 1.25 * usual


async def test_the_last_error_is_the_one_for_people(waits: list[float]) -> None:
    step = Step(*[busy(3) for _ in range(4)])

    with pytest.raises(AuthorUnavailable) as caught:
        await run(step, waits)

    assert (step.calls, waits, caught.value.retry_after) == (4, [3, 3, 3], 3)


async def test_an_error_that_cannot_pass_is_not_tried_again(waits: list[float]) -> None:
    step = Step(AuthorUnavailable('The model provider refused the key.'))

    with pytest.raises(AuthorUnavailable):
        await run(step, waits)

    assert step.calls == 1


@pytest.mark.parametrize(
    ('header', 'seconds'),
    [('12', 12.0), ('0.5', 0.5), (None, None), ('soon', None), ('-3', 0.0), ('Wed, 21 Oct 2015 07:28:00 GMT', 0.0)],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header) == seconds
