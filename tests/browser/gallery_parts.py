"""What is read and what is filled in."""

from components.button import button, icon_button, link_button
from components.card import card, list_row_html
from components.empty_state import empty_state
from components.field import number_field, select_field, text_area, text_field
from components.figure import Figure, figures
from components.frame import here
from components.layout import columns, line, page, stack
from components.markup import markup
from components.menu import MenuEntry, menu_button
from components.notice import notice, toast
from components.origin import origin_html
from components.page_header import page_header
from components.ruler import Segment, ruler_html
from components.search_field import choice_chips, filter_chip, search_field
from components.skeleton import skeleton
from components.status import pill_html, status_html, words
from components.switch_field import switch_field

STATES = ('approved', 'waiting', 'sent_back', 'rewritten', 'blocks', 'look_again', 'working', 'queued', 'failed')
SEGMENTS = ((55, 'done'), (90, 'working'), (50, 'open'), (45, 'open'))


def parts() -> None:
    here('Parts', nav='/parts')
    with page():
        header = page_header('Five things need you', eyebrow='Saturday 21 November', stage=2, aside_html='Draft 2')
        with header.actions:
            button('Send back', icon='undo', on_click=lambda: toast('Sent back'))
            button('Approve', icon='check', kind='primary', on_click=lambda: toast('Approved', undo=lambda: None))
        _buttons()
        with columns():
            with stack():
                _rows()
                figures(
                    [
                        Figure(label='Enrolled', value='48', note='2 joined this week', help='People enrolled.'),
                        Figure(
                            label='Completed', value='61 %', note_html=status_html('sound', '15 points over spring')
                        ),
                        Figure(label='At risk', value='5', note_html=status_html('look_again', '2 new since Monday')),
                    ]
                )
                with card('States'):
                    bars = [Segment(minutes=m, state=s, label=f'{m} min') for m, s in SEGMENTS]
                    markup(ruler_html(bars, label='34 of 52 blocks approved', captions=True))
                    markup(''.join(map(status_html, STATES)), classes='cw-line')
                    pills = ''.join(map(pill_html, ('in_review', 'published', words('look_again')[0])))
                    markup(pills + ''.join(map(origin_html, ('ai', 'ai_human', 'human'))), classes='cw-line')
            with stack():
                skeleton()
                notice('This outline changed while you read it. Look at the difference, then decide.', tone='warn')
                notice('Dropped a sentence: the manual gives 200 bar, the draft said 300.', tone='plain')
                notice('This PDF is locked with a password.', tone='bad')
                notice('Done', tone='ok')
                notice('A draft is being written.', tone='info', title='Working.')
        with empty_state('Start with one document', 'A handbook, a policy, a set of slides.', dashed=True):
            button('Choose files', kind='primary', icon='upload_file')
            button('Use the sample handbook', kind='quiet')


def _buttons() -> None:
    with line():
        button('Plain', icon='add')
        button('Quiet', kind='quiet')
        button('Delete', kind='danger', icon='delete')
        button('Publish 1.0', kind='primary', locked='Two findings block publishing.')
        button('Approve', kind='primary', icon='check', small=True, kbd='A')
        button('Link', kind='link')
        icon_button('more_vert', 'More')
        link_button('Go there', '/parts', icon='arrow_forward')
        menu_button(
            [
                MenuEntry(text='Rename', icon='edit', on_click=lambda: toast('Rename')),
                MenuEntry(text='Delete', icon='delete', danger=True, separated=True, on_click=lambda: toast('Delete')),
            ]
        )


def _rows() -> None:
    with card('Waiting for you', note='oldest first', link=('All reviews', '/parts'), padded=False):
        markup(
            list_row_html(
                'Lesson 2.2: Working at the fume hood', second='Safe Handling of Laboratory Chemicals',
                icon_name='rate_review', meta=('Content', '9 blocks, 3 for you'),
                late=(status_html('late', '2 days over'), 'due Thursday'), href='/parts', action='Review',
                emphasized=True,
            )
            + list_row_html(
                '3 learners have gone quiet', second='Cryogenic Liquids, autumn group', icon_name='person_alert',
                meta=('Learners', 'no visit for 8 days or more'), late=('today', ''), action='See who',
            ),
            on_act=lambda act, of: toast(act),
        )  # fmt: skip


def fields() -> None:
    here('Fields', nav='/fields')
    with page(narrow=True):
        page_header('Fields')
        with card('A form'):
            text_field('Title', value='Safe Handling', help='What learners see.', keep=lambda value: None)
            text_field('E-mail', error='This address is not complete. Add what follows the @.')
            text_area('Purpose', placeholder='What people will be able to do', optional=True)
            number_field('Length', value=4, unit='h')
            select_field('Level', {'a': 'Introductory', 'b': 'Advanced'}, value='a')
            switch_field('Second factor', value=True, help='Asked for at every sign-in.')
        with line():
            search_field('Name, e-mail or group', on_change=lambda words: None)
            filter_chip('Role', {'s': 'Student', 'i': 'Instructor'}, value='s', on_change=lambda value: None)
            filter_chip('Group', {'s': 'Student', 'i': 'Instructor'}, on_change=lambda value: None)
            choice_chips({'a': 'All', 'b': 'Mine'}, value='a', on_change=lambda value: None)
