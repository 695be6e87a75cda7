"""The words of a query in what a search found."""

from uuid import uuid4

import pytest

from pages.knowledge.found import found_html, marked_html
from services.knowledge.views import Found


@pytest.mark.parametrize(
    ('text', 'query', 'marked'),
    [
        ('Cooked rice stands.', 'cooking rice', '<mark>Cooked</mark> <mark>rice</mark> stands.'),
        ('The fridge is at 5 °C.', 'is it at', 'The fridge is at 5 °C.'),
        ('a <b> tag', 'tag', 'a &lt;b&gt; <mark>tag</mark>'),
        ('(see p. 3)', '( [ *', '(see p. 3)'),
    ],
)
def test_words_are_marked_whatever_their_ending_and_nothing_else(text: str, query: str, marked: str) -> None:
    assert marked_html(text, query) == marked


def test_a_long_passage_is_cut_around_the_first_word_that_matches() -> None:
    html = found_html([_found('filler ' * 200 + 'salmonella in eggs ' + 'filler ' * 200)], 'salmonella')
    assert '<mark>salmonella</mark>' in html
    assert html.count('filler') < 100


def test_an_answer_names_file_page_and_score_and_leads_there() -> None:
    found = _found('Chicken at 75 °C.')
    html = found_html([found], 'chicken')
    assert 'handbook.pdf, p. 7' in html
    assert '83 %' in html
    assert f'/knowledge/{found.document_id}?page=7' in html


def test_nothing_found_says_what_to_do() -> None:
    assert 'Try other words' in found_html([], '<script>')
    assert '<script>' not in found_html([], '<script>')


def _found(text: str) -> Found:
    return Found(
        document_id=uuid4(),
        document_name='handbook.pdf',
        page=7,
        start=0,
        end=len(text),
        heading='',
        text=text,
        score=0.83,
    )
