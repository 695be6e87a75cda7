"""What changed in a block is told part by part, in words where it is not words that changed."""

from components.diff_view import changed_sides, rows_html, said
from components.side_by_side import side_by_side_html
from services.conversation.anchors import stands_in
from services.conversation.differences import Row, differences


def text(before: str, after: str) -> list[Row]:
    return differences('text', {'html': before}, {'html': after})


def changes(rows: list[Row]) -> list[tuple[str | None, str | None]]:
    return [(row.before, row.after) for row in rows if row.changed]


def notes(rows: list[Row]) -> list[str]:
    return [said(note) for row in rows for note in row.notes]


def test_paragraphs_are_told_apart_and_changed_ones_are_matched() -> None:
    rows = text(
        '<p>Set the sash low.</p><p>Keep every vessel behind it.</p><p>Gone soon.</p>',
        '<h2>The sash</h2><p>Set the sash low.</p><p>Keep each vessel 15 cm behind it.</p>',
    )
    assert changes(rows) == [
        (None, 'The sash'),
        ('Keep every vessel behind it.', 'Keep each vessel 15 cm behind it.'),
        ('Gone soon.', None),
    ]
    assert notes(text('<p>One.</p><p>Two.</p><p>Three.</p>', '<p>Three.</p><p>One.</p><p>Two.</p>')) == [
        'Moved, word for word', 'Moved, word for word',
    ]  # fmt: skip


def test_formatting_that_changed_is_named() -> None:
    rows = text(
        '<p>Set the <strong>sash</strong> low, see <a href="/a">the page</a>.</p><p>An end.</p>',
        '<p>Set the sash <em>low</em>, see <a href="/b">the page</a>.</p><ul><li><p>An end.</p></li></ul>',
    )
    assert notes(rows) == [
        '“low” is italic now', '“the page” leads to /b now', '“sash” is no longer bold', 'Is now: point of a list',
    ]  # fmt: skip


def test_a_tables_cells_and_a_picture_are_compared() -> None:
    table = '<table><tbody><tr><th>Gas</th><th>Limit</th></tr><tr><td>CO</td><td>{}</td></tr></tbody></table>'
    rows = text(table.format('20 ppm'), table.format('35 ppm'))
    assert [row.cells for row in rows if row.changed] == [(('CO', 'CO'), ('20 ppm', '35 ppm'))]
    assert '<td><del>20</del> <ins>35</ins> ppm</td>' in rows_html(rows)
    image = '<img src="/files/{}" alt="A hood">'
    assert notes(text(image.format('a' * 8), image.format('b' * 8))) == ['Another picture']


def test_points_of_a_slide_and_answers_of_a_question_are_compared_one_by_one() -> None:
    slide = differences(
        'slide',
        {'title': 'Hoods', 'bullets': ['Sash low', 'Fan on'], 'notes': ''},
        {'title': 'Hoods', 'bullets': ['Sash low', 'Fan always on', 'Door shut'], 'notes': ''},
    )
    assert changes(slide) == [('Fan on', 'Fan always on'), (None, 'Door shut')]
    options = [{'id': 'a', 'text': 'On the airfoil', 'correct': True}, {'id': 'b', 'text': '15 cm', 'correct': False}]
    question = {'kind': 'single', 'prompt': 'Where?', 'options': options, 'accepted': [], 'explanation': ''}
    turned = [{**options[0], 'correct': False}, {**options[1], 'correct': True}, {'text': 'At the back'}]
    rows = differences('question', question, {**question, 'options': turned})
    assert notes(rows) == ['No longer counts as right', 'Counts as right now']
    assert changes(rows)[-1] == (None, 'At the back')
    assert rows_html(rows).count('cw-key-change') == side_by_side_html(rows).count('cw-key-change') == 2


def test_what_is_shown_is_escaped_whatever_the_block_says() -> None:
    evil = '<script>alert(1)</script>'
    rows = differences('slide', {'title': 'A', 'bullets': [evil]}, {'title': evil, 'bullets': [f'{evil} more']})
    for html in (rows_html(rows), side_by_side_html(rows, before=evil, after=evil), *changed_sides(evil, 'b')):
        assert '<script' not in html


def test_words_are_found_in_a_block_however_the_browser_broke_its_lines() -> None:
    content = {'html': '<p>Set the <b>sash</b> low.</p><ul><li>Fan on</li><li>Door shut</li></ul>'}
    assert stands_in('the sash\n low.', 'text', content)
    assert stands_in('Fan on\nDoor shut', 'text', content)
    assert not stands_in('sash high', 'text', content)
    assert stands_in('Sash low', 'slide', {'title': 'Hoods', 'bullets': ['Sash low']})
