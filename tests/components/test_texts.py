from components.diff_view import changed_words
from components.prose import mark_quotes
from components.ruler import Segment, ruler_html
from components.source_page import marked_text, source_page_html
from components.stages import stages_html


def test_a_difference_shows_whole_phrases_as_gone_and_new() -> None:
    html = changed_words(
        'Set the sash to a suitable height before you start.',
        'Set the sash at or below the working height marked on its frame before you start.',
    )
    assert html == (
        'Set the sash <del>to a suitable height</del> <ins>at or below the working height marked on its frame</ins>'
        ' before you start.'
    )


def test_equal_texts_have_no_difference() -> None:
    assert changed_words('Lower the sash.', 'Lower the sash.') == 'Lower the sash.'


def test_a_changed_number_is_marked_alone() -> None:
    assert changed_words('for 10 minutes, lids open', 'for 15 minutes, lids open') == (
        'for <del>10</del> <ins>15</ins> minutes, lids open'
    )


def test_a_quote_is_found_across_tags_and_marked_inside_each() -> None:
    html = mark_quotes('<p>Keep every <b>vessel at</b> least 15&nbsp;cm behind</p>', ['vessel at least'], numbered=True)
    assert html == (
        '<p>Keep every <b><mark>vessel at</mark></b><mark> least</mark>'
        '<sup><a href="#source-1">1</a></sup> 15\xa0cm behind</p>'
    )


def test_a_quote_can_carry_its_number_without_the_highlighter() -> None:
    html = mark_quotes('<p>Lower the sash.</p>', ['the sash'], numbered=True, highlight=False)
    assert html == '<p>Lower the sash<sup><a href="#source-1">1</a></sup>.</p>'


def test_a_quote_that_is_not_there_changes_nothing() -> None:
    assert mark_quotes('<p>a &lt;b&gt; &amp; c</p>', ['elsewhere', '']) == '<p>a &lt;b&gt; &amp; c</p>'


def test_spans_that_overlap_or_reach_beyond_the_page_are_marked_once() -> None:
    assert marked_text('abcdef', [(1, 3), (2, 4), (5, 99), (-2, 0)]) == 'a<mark>bc</mark><mark>d</mark>e<mark>f</mark>'


def test_a_quote_over_two_paragraphs_is_marked_in_both() -> None:
    html = source_page_html('One end.\n\nTwo start.', page=31, spans=[(4, 13)])
    assert '<p>One <mark>end.</mark></p>' in html
    assert '<p><mark>Two</mark> start.</p>' in html


def test_the_ruler_says_its_sentence_and_its_share_by_minutes() -> None:
    html = ruler_html([Segment(minutes=30, state='done'), Segment(minutes=90)], label='1 of 2 lessons done')
    assert 'role="progressbar"' in html
    assert 'aria-valuenow="25"' in html
    assert 'aria-label="1 of 2 lessons done"' in html


def test_the_stages_tell_what_is_done_and_where_one_is() -> None:
    html = stages_html(3)
    assert html.count('class="cw-past"') == 2
    assert html.count('aria-current="step"') == 1
