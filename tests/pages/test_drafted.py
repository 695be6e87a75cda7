"""Blocks as words: what a draft that is still being written looks like, and what a difference is made of."""

from pages.studio.drafted import as_text, blocks_html, content_html, opening


def test_a_draft_that_breaks_off_anywhere_is_shown_as_far_as_it_goes() -> None:
    partial = [
        {'type': 'text', 'html': '<p>Wash hands <b>bef'},
        {'type': 'slide', 'title': 'Hands'},
        {'type': 'question', 'kind': 'single', 'prompt': 'When?', 'options': [{'text': 'Before'}, {}, None]},
        {},
    ]
    html = blocks_html(partial, writing=True)
    for words in ('Wash hands', 'Hands', 'When?', 'Before', 'writing'):
        assert words in html


def test_what_an_author_writes_cannot_run_in_the_page() -> None:
    html = blocks_html([{'type': 'text', 'html': '<p onclick="x()">Hi</p><script>y()</script>'}], writing=True)
    assert 'onclick' not in html
    assert '<script' not in html
    slide = content_html('slide', {'title': '<img src=x onerror=y()>', 'bullets': ['<b>b</b>'], 'notes': ''})
    assert '<img' not in slide
    assert '&lt;b&gt;' in slide


def test_the_quoted_words_are_marked_with_their_number() -> None:
    html = content_html('text', {'html': '<p>Wash <b>both</b> hands. Dry them.</p>'}, ['', 'both hands.'])
    assert '<mark>' in html
    assert 'source-2' in html


def test_a_question_as_text_says_which_answers_are_right() -> None:
    question = {
        'prompt': 'When?',
        'options': [{'text': 'Before', 'correct': True}, {'text': 'Never', 'correct': False}],
        'accepted': [],
        'explanation': 'Page 3.',
    }
    assert as_text('question', question).splitlines() == ['When?', '✓ Before', '○ Never', 'Page 3.']


def test_a_block_is_named_by_its_first_words() -> None:
    assert opening('text', {'html': '<p>Short.</p>'}) == 'Short.'
    assert opening('text', {'html': f'<p>{"word " * 40}</p>'}).endswith('…')
