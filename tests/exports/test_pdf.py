import socket
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from services.exports import pdf
from services.exports.publication import Publication, chapters
from tests.exports.conftest import (
    GONE,
    IMAGE,
    SINGLE,
    SLIDE,
    block,
    identity,
    lesson,
    module,
    source,
    text,
    with_blocks,
)


def book(publication: Publication, folder: Path) -> PdfReader:
    pdf.write(publication, folder / 'course.pdf')
    return PdfReader(folder / 'course.pdf')


def words(reader: PdfReader) -> str:
    return ' '.join(' '.join(page.extract_text() for page in reader.pages).split())


def titles(outline: Any) -> list[Any]:
    return [titles(entry) if isinstance(entry, list) else entry['/Title'] for entry in outline]


def tags(reader: PdfReader) -> Counter[str]:
    found: Counter[str] = Counter()

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict) and '/S' in node:
            found[node['/S']] += 1
            walk(node['/K'])

    walk(reader.trailer['/Root']['/StructTreeRoot']['/K'])
    return found


def test_it_says_its_title_author_and_language(publication: Publication, tmp_path: Path) -> None:
    reader = book(replace(publication, language='de'), tmp_path)
    assert reader.metadata is not None
    assert reader.metadata.title == 'Safe Handling of Laboratory Chemicals'
    assert reader.metadata.author == 'Miriam Vogel, Jonas Abt'
    assert reader.trailer['/Root']['/Lang'] == 'de'
    assert reader.trailer['/Root']['/ViewerPreferences']['/DisplayDocTitle'] is not False
    assert 'Lösungen' in words(reader)


def test_bookmarks_are_modules_and_their_lessons(publication: Publication, tmp_path: Path) -> None:
    reader = book(publication, tmp_path)
    assert [entry for entry in titles(reader.outline) if entry] == [
        'Contents',
        'Before you open a bottle',
        ['1.1  Reading a label'],
        'At the bench',
        ['2.1  Working at the fume hood', '2.2  Moving, pouring, heating'],
        'Answer key',
    ]


def test_the_contents_name_the_page_where_each_lesson_begins(publication: Publication, tmp_path: Path) -> None:
    reader = book(publication, tmp_path)
    contents = reader.pages[1].extract_text()
    for chapter in chapters(publication):
        found = [
            number for number, page in enumerate(reader.pages, 1) if f'Lesson {chapter.number} ·' in page.extract_text()
        ]
        assert len(found) == 1
        assert f'{chapter.lesson.title}\n{found[0]}\n' in f'{contents}\n'


def test_every_page_after_the_cover_is_numbered_and_titled(publication: Publication, tmp_path: Path) -> None:
    reader = book(publication, tmp_path)
    for number, page in list(enumerate(reader.pages, 1))[1:]:
        said = page.extract_text()
        assert str(number) in said.split()
        assert 'Safe Handling of Laboratory Chemicals' in said


def test_a_source_stands_at_the_foot_of_the_page_that_cites_it(publication: Publication, tmp_path: Path) -> None:
    reader = book(publication, tmp_path)
    quoting = [
        page.extract_text()
        for page in reader.pages
        if 'Set the sash at or below the working height marked on its frame before' in page.extract_text()
    ]
    assert len(quoting) == 1
    said = ' '.join(quoting[0].split())
    assert 'Chemical Hygiene Handbook v3, p. 31: “Keep the sash at or below the working height' in said
    assert 'Ventilation Manual, p. 8: “A crowded hood breathes badly' in said


def test_every_quote_and_every_origin_and_approver_is_printed(publication: Publication, tmp_path: Path) -> None:
    said = words(book(publication, tmp_path))
    for chapter in chapters(publication):
        for one in chapter.sources:
            assert one.source.quote in said
    assert 'AI + human approved by Hanne Vogt' in said
    assert 'Human approved by Hanne Vogt' in said


def test_rich_text_is_set_in_full(publication: Publication, tmp_path: Path) -> None:
    reader = book(publication, tmp_path)
    said = words(reader).replace('\xa0', ' ')
    for piece in ('too slow', 'alarm(hood, because=', 'two decimals', 'Never put your head', 'Air through a hood'):
        assert piece in said
    assert sum(len(page.images) for page in reader.pages) == 1
    fonts = {str(font['/BaseFont']) for page in reader.pages for font in _fonts(page)}
    assert any('Semibold' in font for font in fonts)
    assert any('Italic' in font or '-It' in font for font in fonts)
    assert any('SourceCodePro' in font for font in fonts)


def test_headings_lists_tables_pictures_formulas_and_notes_are_tagged(publication: Publication, tmp_path: Path) -> None:
    reader = book(publication, tmp_path)
    assert reader.trailer['/Root']['/MarkInfo']['/Marked']
    found = tags(reader)
    assert found['/H1'] == 1
    assert found['/H2'] >= 3
    assert found['/H3'] >= 3
    assert found['/TH'] == 3
    assert found['/TD'] == 6
    assert found['/Figure'] == 1
    assert found['/Formula'] == 1
    assert found['/Note'] == 4
    assert found['/L'] >= 4
    assert found['/TOCI'] == 6


def test_every_drawing_is_tagged_or_marked_as_decoration(publication: Publication, tmp_path: Path) -> None:
    reader = book(publication, tmp_path)
    for page in reader.pages:
        depth = 0
        contents = page.get_contents()
        assert contents is not None
        for _, operator in ContentStream(contents, reader).operations:
            depth += {b'BDC': 1, b'BMC': 1, b'EMC': -1}.get(operator, 0)
            assert depth in (0, 1)
            assert depth or operator not in {b'Tj', b'TJ', b'Do', b'f', b'S', b'B', b'f*'}


def test_the_same_publication_gives_the_same_bytes(publication: Publication, tmp_path: Path) -> None:
    pdf.write(publication, tmp_path / 'one.pdf')
    pdf.write(publication, tmp_path / 'two.pdf')
    assert (tmp_path / 'one.pdf').read_bytes() == (tmp_path / 'two.pdf').read_bytes()


def test_nothing_in_the_text_is_ever_opened(
    publication: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / 'secret.txt'
    secret.write_text('root:x:0:0')
    asked: list[Any] = []
    monkeypatch.setattr(socket.socket, 'connect', lambda *address: asked.append(address))
    hostile = ''.join(
        f'<p>before<img src="{address}" alt="a">after</p><a href="{address}">link</a>'
        for address in (f'file://{secret}', '/etc/passwd', str(secret), 'http://127.0.0.1:9/x.png', '//127.0.0.1:9/x')
    )
    markup = f'<img src="{secret}"/> <para><font name="x">&undefined; <onDraw name="x"/> <![CDATA[</para>'
    question = SINGLE | {'prompt': markup, 'explanation': markup, 'options': [{'text': markup, 'correct': True}]}
    reader = book(
        replace(
            with_blocks(
                publication,
                text('t', hostile, replace(source(markup), document_name=markup)),
                block('s', 'slide', {'title': markup, 'bullets': [markup], 'notes': markup}, approved_by=markup),
                block('q', 'question', question),
                title=markup,
            ),
            title=markup,
            authors=(markup,),
            objectives=(markup,),
        ),
        tmp_path,
    )
    assert asked == []
    assert 'root:x:0:0' not in words(reader)
    assert sum(len(page.images) for page in reader.pages) == 0
    assert '<onDraw name="x"/>' in words(reader)


def test_a_picture_that_is_gone_broken_or_too_large_is_named(publication: Publication, tmp_path: Path) -> None:
    broken = publication.images[0].path.with_name('broken.png')
    broken.write_bytes(b'\x89PNG\r\n\x1a\nnot really')
    images = (replace(publication.images[0], path=broken),)
    rich = f'<p><img src="/files/{IMAGE}" alt="Broken"></p><p><img src="/files/{GONE}" alt="Gone"></p>'
    said = words(book(replace(with_blocks(publication, text('x', rich)), images=images), tmp_path))
    assert 'Image not in this export: Broken' in said
    assert 'Image not in this export: Gone' in said


def test_an_unknown_kind_of_block_is_named_and_skipped(publication: Publication, tmp_path: Path) -> None:
    assert 'no form for a block of the kind “simulation”' in words(book(publication, tmp_path))


@pytest.mark.parametrize(
    'rich',
    [
        '<table>' + '<tr><td>row</td><td>' + 'word ' * 30 + '</td></tr>' * 1 + '</table>',
        '<table>' + ('<tr><td>row</td><td>' + 'word ' * 30 + '</td></tr>') * 120 + '</table>',
        '<table><tr><td>' + 'endless ' * 4000 + '</td><td>b</td></tr></table>',
        '<table><tr>' + '<td>x</td>' * 60 + '</tr></table>',
        '<table><tr><td rowspan="3">tall</td><td colspan="2">wide</td></tr><tr><td>a</td></tr></table>',
        '<aside class="callout"><p>' + 'endless ' * 4000 + '</p></aside>',
        '<blockquote><table><tr><td><ul><li>' + 'deep ' * 2000 + '</li></ul></td></tr></table></blockquote>',
        '<pre><code>' + 'x' * 9000 + '\n' + 'y = 1\n' * 400 + '</code></pre>',
        '<p>' + 'Donaudampfschifffahrt' * 400 + '</p>',
        '<ul>' + '<li>' * 1 + '<ul><li>' * 12 + 'deep' + '</li></ul>' * 12 + '</li></ul>',
        '<p><span class="formula" data-tex="\\frac{"></span> <span class="formula" data-tex="'
        + 'x+' * 300
        + '"></span>',
        '<p>≤ ≥ → ✓ ☠ 漢字 かな 한국 \u202f\u2009 א ع 𝒳 \x07</p>',
        '<h2></h2><p></p><ul></ul><table></table><pre></pre><aside></aside><blockquote></blockquote><figure></figure>',
        '',
    ],
)
@pytest.mark.parametrize('notes', [1, 40])
def test_whatever_the_text_the_book_is_set(publication: Publication, tmp_path: Path, rich: str, notes: int) -> None:
    sources = [source(f'Quote {number}: ' + 'so it is written. ' * 12, page=number) for number in range(1, notes + 1)]
    reader = book(with_blocks(publication, text('a', rich, *sources), text('b', '<p>The end.</p>')), tmp_path)
    said = words(reader)
    assert 'The end.' in said
    assert len(reader.pages) < 60
    if rich and not rich.startswith('<h2></h2>'):
        assert all(f'“Quote {number}:' in said for number in range(1, notes + 1))


def test_long_speaker_notes_and_many_bullets_break_over_pages(publication: Publication, tmp_path: Path) -> None:
    slide = SLIDE | {'bullets': ['A bullet of some length. ' * 8] * 60, 'notes': 'One sentence of the notes. ' * 900}
    said = words(book(with_blocks(publication, block('s', 'slide', slide, source('Quoted.'))), tmp_path))
    assert said.count('One sentence of the notes.') == 900


def test_a_course_without_lessons_is_still_a_book(publication: Publication, tmp_path: Path) -> None:
    reader = book(replace(publication, modules=(), images=(), objectives=()), tmp_path)
    assert len(reader.pages) == 2


def test_a_long_course_keeps_all_its_lessons(publication: Publication, tmp_path: Path) -> None:
    blocks = publication.modules[1].lessons[0].blocks
    many = tuple(
        module(
            f'Module {number}',
            *(
                lesson(
                    f'Lesson {number}-{index}',
                    30,
                    *(replace(one, id=identity(f'{number}-{index}-{one.id}')) for one in blocks),
                )
                for index in range(5)
            ),
        )
        for number in range(8)
    )
    reader = book(replace(publication, modules=many), tmp_path)
    lessons = [entry for entry in titles(reader.outline) if isinstance(entry, list)]
    assert sum(map(len, lessons)) == 40


def _fonts(page: Any) -> list[Any]:
    return [font.get_object() for font in page['/Resources']['/Font'].values()]
