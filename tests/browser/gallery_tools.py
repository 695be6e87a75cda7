"""What is worked with: tables, the outline, charts, dialogs, and the content of a course."""

from datetime import date

from components.block_frame import block_frame, kind_words
from components.button import button
from components.card import card
from components.chart import Series, histogram, line_chart
from components.data_table import BulkAct, Column, Page, Request, data_table
from components.dialog import ask_comment, confirm
from components.diff_view import diff_html
from components.frame import here
from components.layout import columns, line, page, stack
from components.markup import markup
from components.notice import toast
from components.outline_edits import LessonRow, ModuleRow, ObjectiveRow
from components.outline_summary import outline_ruler_html, outline_summary_html
from components.outline_tree import outline_tree
from components.page_header import page_header
from components.prose import mark_quotes, prose_html
from components.question_view import question_html
from components.rich_editor import rich_editor
from components.slide_view import slide_html
from components.source_page import source_head_html, source_page_html
from components.status import status_html
from components.tabs import tabs

DAYS = [date(2026, 11, day) for day in range(2, 31, 5)]
PEOPLE = ('Adaeze Bello', 'Hanne Brekke', 'Emil Carlsson', 'Leila Dogan', 'João Ferreira')
AIM = ObjectiveRow(id='aim', text='set the sash to the marked working height', source='Handbook p. 31')
MODULES = (
    ModuleRow(id='m1', title='Before you open a bottle', lessons=(LessonRow(id='a', title='Labels', minutes=20),)),
    ModuleRow(
        id='m2', title='At the bench', lessons=(LessonRow(id='b', title='Hoods', minutes=35, objectives=(AIM,)),)
    ),
)
PAGE = '5.2 Correct use of the hood\n\nThe sash shall be set at or below the working height marked on its frame.'
QUESTION = {
    'kind': 'single',
    'prompt': 'Where should a beaker of acetone stand in the hood?',
    'explanation': 'Vapour rolls back.',
    'options': [
        {'id': 'a', 'text': 'On the airfoil', 'correct': False},
        {'id': 'b', 'text': '15 cm or more behind the sash', 'correct': True},
    ],
}


def tools() -> None:
    here('Tools', nav='/tools')
    with page(dense=True):
        page_header('Tools')
        with line():
            button('Ask for a comment', on_click=lambda: ask_comment('Send back?', do='Send back'))
            button('Ask', on_click=lambda: confirm('Delete this course?', 'For good.', do='Delete', kind='final'))
        _table()
        _outline()
        with columns('even'):
            with card('Completion'):
                line_chart(
                    [
                        Series(name='autumn', x=DAYS[:5], y=[2, 6, 13, 21, 30], end='30 % now'),
                        Series(name='spring', x=DAYS, y=[1, 4, 9, 14, 22, 29], end='spring 29 %'),
                    ],
                    label='Completion: autumn 30 %, spring 29 %', unit=' %',
                )  # fmt: skip
            with card('Scores'):
                histogram([0, 1, 0, 2, 3, 4, 6, 9, 8, 5], label='38 learners', limit=60, limit_words='pass mark 60')


def _table() -> None:
    async def fetch(request: Request) -> Page:
        rows = [
            {'id': str(n), 'name': PEOPLE[n % 5], 'seen': 'today 17:58', 'status': status_html('active')}
            for n in range(request.offset, min(412, request.offset + request.size))
        ]
        return Page(rows=rows, total=412)

    data_table(
        label='Members', fetch=fetch, on_open=toast, on_bulk=lambda act, ids: toast(f'{act} {ids}'),
        request=Request(sort='name', size=5), bulk=[BulkAct(act='suspend', words='Suspend', icon='block', danger=True)],
        columns=[
            Column(name='name', title='Name', sortable=True, lead=True),
            Column(name='seen', title='Last seen'),
            Column(name='status', title='Status', kind='html', keep=True),
        ],
    )  # fmt: skip


def _outline() -> None:
    with columns():
        box = card('2 modules, 2 lessons', padded=False)
        with box.aside:
            head = markup(outline_summary_html(MODULES, asked_minutes=60), classes='cw-line cw-small-text')
        with box:
            bar = markup(outline_ruler_html(MODULES))

            def changed(now: tuple[ModuleRow, ...]) -> None:
                head.show(outline_summary_html(now, asked_minutes=60))
                bar.show(outline_ruler_html(now))

            outline_tree(MODULES, on_change=changed, chosen='b', on_source=toast)
        with card(padded=False, label='Comments'):
            sides = tabs({'comments': 'Comments 3', 'sources': 'Sources'}, value='comments')
            for side in ('comments', 'sources'):
                with sides.panel(side):
                    markup('Nothing')


def content() -> None:
    here('Content', nav='/content')
    with page():
        page_header('Content')
        with columns():
            _content()


def _content() -> None:
    with stack():
        with block_frame(kind=kind_words('text'), origin='ai', sources=1, state='waiting', current=True):
            text = mark_quotes('<p>Set the sash at or below the working height.</p>', ['the working height'])
            markup(prose_html(text))
        with block_frame(kind=kind_words('question', 'single'), origin='human', sources=2, state='approved'):
            markup(question_html(QUESTION))
        with block_frame(kind=kind_words('slide'), origin='ai_human', sources=1, state='rewritten'):
            markup(slide_html({'title': 'Hoods', 'bullets': ['Sash low', 'Alarm silent'], 'notes': 'Ask why.'}))
        markup(diff_html('Set the sash low.', 'Set the sash at the mark.'))
        with card('Editor'):
            rich_editor('<p>Set the <b>sash</b> low.</p>', sanitise=lambda html: html)
    with card(padded=False, label='Source'):
        start = PAGE.index('The sash')
        markup(source_head_html('Chemical Hygiene Handbook', 'Page 31'))
        markup(source_page_html(PAGE, document='Chemical Hygiene Handbook', page=31, spans=[(start, len(PAGE))]))
