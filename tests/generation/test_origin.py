"""Who wrote a block is measured from its words: what a model kept or a person undid stays whose it was."""

import pytest

from services.generation.origin import Said, measured, words_of

MODEL = '<p>Set the sash at or below the working height marked on its frame.</p>'


def said(*texts: tuple[str, str]) -> list[Said]:
    return [Said(words=words_of({'html': text}), by_model=who == 'model') for who, text in texts]


@pytest.mark.parametrize(
    ('texts', 'origin', 'share'),
    [
        ([('model', MODEL)], 'ai', 0.0),
        ([('model', MODEL), ('person', MODEL.replace(' the ', '  the\n') + '<p> </p>')], 'ai', 0.0),
        ([('model', '<p>One two three four.</p>'), ('person', '<p>One two three five.</p>')], 'ai_human', 0.25),
        ([('model', '<p>One two three four.</p>'), ('person', '<p>One two three.</p>')], 'ai_human', 0.0),
        ([('model', '<p>One two.</p>'), ('person', '<p>' + 'mine ' * 19 + 'two.</p>')], 'human', 0.95),
        ([('person', '<p>My own words.</p>')], 'human', 1.0),
        ([('person', '<p>My own words.</p>'), ('model', '<p>My own words again.</p>')], 'ai_human', 0.75),
        ([('person', '<p>Mine.</p>'), ('model', '<p>All new words.</p>')], 'ai', 0.0),
    ],
)
def test_the_origin_follows_the_words(texts: list[tuple[str, str]], origin: str, share: float) -> None:
    found = measured(said(*texts))
    assert (found.origin, found.human_share) == (origin, pytest.approx(share))


def test_words_of_the_model_that_come_back_are_the_models() -> None:
    undone = measured(said(('model', MODEL), ('person', '<p>Away with it.</p>'), ('person', MODEL)))
    assert (undone.origin, undone.human_share) == ('ai', 0.0)


def test_what_people_wrote_survives_a_model_that_keeps_it() -> None:
    kept = measured(
        said(
            ('model', '<p>One two three four.</p>'),
            ('person', '<p>One two three mine.</p>'),
            ('model', '<p>One two three mine five.</p>'),
            ('person', '<p>One two three mine five six.</p>'),
        )
    )
    assert (kept.origin, kept.human_share) == ('ai_human', pytest.approx(2 / 6))


def test_a_question_is_measured_by_what_learners_read() -> None:
    before = {'prompt': 'Where?', 'options': [{'id': 'a', 'text': 'Here', 'correct': True}], 'kind': 'single'}
    after = {'prompt': 'Where?', 'options': [{'id': 'b', 'text': 'Here', 'correct': True}], 'kind': 'multiple'}
    assert words_of(before) == words_of(after)
