from uuid import UUID, uuid4

from pages.learn.sources import Notes
from services.courses import BlockView, SourceView

HANDBOOK, MANUAL = uuid4(), uuid4()


def block(*sources: SourceView) -> BlockView:
    return BlockView(
        id=uuid4(), type='text', content={}, origin='ai', sources=sources, content_hash='', revision=0, review_state='',
        comment='', commented_by='', approved=True, approver='', approved_at=None,
    )  # fmt: skip


def source(quote: str, *, page: int = 1, document: UUID = HANDBOOK) -> SourceView:
    return SourceView(
        id=uuid4(), document_id=document, document_name='Handbook', page=page, start=0, end=len(quote), quote=quote
    )


def test_pages_are_numbered_in_the_order_in_which_they_are_quoted() -> None:
    first = block(source('b', page=8), source('a', page=3))
    notes = Notes([first, block(source('c', page=8)), block(source('d', document=MANUAL))])
    html = notes.margin_html()
    assert [html.index(f'id="source-{number}"') for number in (1, 2, 3)] == sorted(
        html.index(f'id="source-{number}"') for number in (1, 2, 3)
    )
    assert [quote.quote for quote in notes.of('1')] == ['b', 'c']
    assert [quote.quote for quote in notes.of('1-0')] == ['b']
    assert notes.of('9-9') == ()


def test_a_number_stands_once_after_the_last_words_taken_from_its_page() -> None:
    one = block(source('Keep the sash low.'), source('Wear gloves.'))
    html = Notes([one]).numbered_html('<p>Keep the sash low. Wear gloves. Smile.</p>', one, 0)
    assert html.count('<sup>') == 1
    assert html.startswith('<p>Keep the sash low. Wear gloves.<sup>')
    assert '<mark>' not in html


def test_a_quote_in_other_words_is_numbered_at_the_end_of_its_block() -> None:
    one = block(source('Gloves are worn.'))
    html = Notes([one]).numbered_html('<p>Wear gloves.</p>', one, 0)
    assert html.startswith('<p>Wear gloves.<sup>')
    assert html.endswith('</sup></p>')


def test_a_list_keeps_its_form_when_a_number_is_added() -> None:
    one = block(source('Elsewhere.'))
    html = Notes([one]).numbered_html('<ul><li>One</li><li>Two</li></ul>', one, 0)
    assert html.endswith('</sup></li></ul>')
