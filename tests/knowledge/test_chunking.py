"""Chunks are spans of pages, of a size that can be searched, below the headings they belong to."""

from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.chunking import chunks, sentence_chunks
from services.knowledge.parsing import ParsedDocument, ParsedPage, Section


def document(*pages: str, headings: tuple[tuple[str, int, int], ...] = ()) -> ParsedDocument:
    """`headings` are title, level and page."""
    return ParsedDocument(
        title='Handbook',
        media_type='text/plain',
        pages=tuple(ParsedPage(number=number, text=text) for number, text in enumerate(pages, start=1)),
        sections=tuple(
            Section(title=title, level=level, page=page, start=pages[page - 1].index(title))
            for title, level, page in headings
        ),
        warnings=(),
    )


SENTENCE = 'The sash of the fume hood stays closed while nobody works at it.'


def test_a_chunk_has_about_160_words_and_whole_sentences() -> None:
    found = chunks(document(' '.join([SENTENCE] * 60)))
    assert all(120 <= len(chunk.text.split()) <= 200 for chunk in found)
    assert all(chunk.text.startswith('The') and chunk.text.endswith('it.') for chunk in found)
    assert [chunk.ordinal for chunk in found] == list(range(len(found)))


def test_every_sentence_is_in_exactly_one_chunk() -> None:
    text = '\n\n'.join(f'This is sentence number {n} of the handbook.' for n in range(200))
    found = chunks(document(text))
    assert [word for chunk in found for word in chunk.text.split()] == text.split()


def test_headings_are_a_path_that_goes_on_over_pages() -> None:
    found = chunks(
        document(
            f'Fume hoods\n\n{SENTENCE}\n\nCorrect use\n\n{SENTENCE}',
            SENTENCE,
            f'Acids\n\n{SENTENCE}',
            headings=(('Fume hoods', 1, 1), ('Correct use', 2, 1), ('Acids', 1, 3)),
        )
    )
    assert [(chunk.page, chunk.heading) for chunk in found] == [
        (1, 'Fume hoods'),
        (1, 'Fume hoods › Correct use'),
        (2, 'Fume hoods › Correct use'),
        (3, 'Acids'),
    ]
    assert found[0].text == f'Fume hoods\n\n{SENTENCE}'


def test_headings_without_text_between_them_stay_with_what_follows() -> None:
    [chunk] = chunks(
        document(f'Fume hoods\n\nCorrect use\n\n{SENTENCE}', headings=(('Fume hoods', 1, 1), ('Correct use', 2, 1)))
    )
    assert chunk.heading == 'Fume hoods › Correct use'
    assert chunk.text.startswith('Fume hoods')


def test_what_is_embedded_begins_with_the_headings_that_the_text_lacks() -> None:
    first, second = chunks(document(f'Fume hoods\n\n{SENTENCE}', SENTENCE, headings=(('Fume hoods', 1, 1),)))
    assert first.for_embedding == first.text
    assert second.for_embedding == f'Fume hoods\n{SENTENCE}'


def test_empty_pages_have_no_chunks() -> None:
    assert [chunk.page for chunk in chunks(document('', SENTENCE, '  '))] == [2]


def test_text_of_no_document_is_cut_in_the_same_way() -> None:
    pieces = sentence_chunks(' '.join([SENTENCE] * 40))
    assert len(pieces) > 2
    assert ' '.join(pieces) == ' '.join([SENTENCE] * 40)
    assert sentence_chunks('') == []


@given(st.lists(st.text(alphabet=st.sampled_from('aB .!?\n漢。'), max_size=3_000), max_size=4), st.data())
def test_chunks_are_exact_spans_in_order_and_lose_nothing(pages: list[str], data: st.DataObject) -> None:
    sections = []
    for number, text in enumerate(pages, start=1):
        for start in sorted(data.draw(st.sets(st.integers(0, max(0, len(text) - 1)), max_size=3))):
            sections.append(Section(title=text[start : start + 5], level=1, page=number, start=start))
    found = chunks(
        ParsedDocument(
            title='',
            media_type='text/plain',
            pages=tuple(ParsedPage(number=number, text=text) for number, text in enumerate(pages, start=1)),
            sections=tuple(sections),
            warnings=(),
        )
    )
    for number, text in enumerate(pages, start=1):
        position = 0
        for chunk in (chunk for chunk in found if chunk.page == number):
            assert position <= chunk.start < chunk.end <= len(text)
            assert chunk.text == text[chunk.start : chunk.end]
            assert not text[position : chunk.start].strip()
            position = chunk.end
        assert not text[position:].strip()
