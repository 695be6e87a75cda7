"""Whatever a document, a model or a person wrote: it reaches the page as text."""

from collections.abc import Callable

import pytest

from components.avatar import avatar_html
from components.block_frame import block_head_html
from components.button import button_html, link_button_html
from components.card import list_row_html
from components.diff_view import diff_html
from components.figure import Figure, figures_html
from components.notice import notice_html
from components.player_frame import OutlineItem, outline_html
from components.question_view import question_html
from components.ruler import Segment, ruler_html
from components.sign_in_page import message_html, sign_in_html
from components.slide_view import slide_html
from components.source_page import source_head_html, source_page_html
from components.status import status_html

EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>\''

DRAWN: dict[str, Callable[[], str]] = {
    'avatar': lambda: avatar_html(EVIL, decorative=False),
    'block head': lambda: block_head_html(kind=EVIL, origin=EVIL, sources=1, state=EVIL, note=EVIL),
    'button': lambda: button_html(EVIL, EVIL, EVIL, icon=EVIL, label=EVIL),
    'link button': lambda: link_button_html(EVIL, EVIL),
    'row': lambda: list_row_html(EVIL, second=EVIL, href=EVIL, action=EVIL, icon_name=EVIL),
    'difference': lambda: diff_html(EVIL, EVIL + ' and more'),
    'figures': lambda: figures_html([Figure(label=EVIL, value=EVIL, note=EVIL, help=EVIL, tone=EVIL)]),
    'notice': lambda: notice_html(EVIL, title=EVIL),
    'outline': lambda: outline_html([(EVIL, [OutlineItem(title=EVIL, href=EVIL, aside=EVIL, state=EVIL)])]),
    'question': lambda: question_html(
        {'kind': 'single', 'prompt': EVIL, 'explanation': EVIL, 'options': [{'id': EVIL, 'text': EVIL}]}
    ),
    'ruler': lambda: ruler_html([Segment(minutes=3, label=EVIL)], label=EVIL, captions=True),
    'slide': lambda: slide_html({'title': EVIL, 'bullets': [EVIL], 'notes': EVIL}),
    'source head': lambda: source_head_html(EVIL, EVIL),
    'source page': lambda: source_page_html(EVIL, document=EVIL, heading=EVIL, page=3, spans=[(1, 9)]),
    'status': lambda: status_html(EVIL, EVIL),
}


@pytest.mark.parametrize('part', DRAWN)
def test_a_part_escapes_what_it_is_given(part: str) -> None:
    html = DRAWN[part]()
    assert html
    assert '<img' not in html
    assert '<script' not in html
    assert 'onerror=alert(1)><' not in html


def test_the_sign_in_page_escapes_what_came_in_with_the_request() -> None:
    html = sign_in_html(csrf=EVIL, next=EVIL, email=EVIL, error=EVIL, organization=EVIL)
    assert html.count('<script') == 1
    assert '<img' not in html
    assert '<img' not in message_html(EVIL, EVIL, link=(EVIL, EVIL))


def test_the_sign_in_form_sends_what_the_route_reads() -> None:
    html = sign_in_html(csrf='token', next='/courses', email='a@b.example')
    assert 'method="post" action="/auth/login"' in html
    for field in (
        'name="csrf" value="token"',
        'name="next" value="/courses"',
        'name="email"',
        'name="password"',
        'name="remember"',
    ):
        assert field in html


def test_the_sign_in_page_says_an_error_aloud() -> None:
    html = sign_in_html(csrf='x', error='That did not work. Check both and try again.')
    assert 'role="alert"' in html
    assert 'aria-describedby="said"' in html
