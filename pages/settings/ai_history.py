"""Every call of an author: who asked, which model, what it took and cost, and how it ended."""

from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from nicegui import ui

from components.button import link_button_html
from components.data_table import Column, Page, Request, data_table
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, ngettext, number, seconds, when_html
from components.layout import line, page
from components.live import live
from components.markup import escape, markup
from components.page_header import page_header
from components.search_field import filter_chip
from pages.areas import area_links
from pages.chosen import Chosen, filled
from pages.settings.ai_words import money, purpose_words, result_html, result_names
from pages.time_spans import hour_began, span_names
from services.ai.history import CallView, HistoryChoices
from services.platform import Services
from services.viewer import Viewer
from storage.ai_history import CallFilter

_PATH = '/settings/ai/history'
_MOST_COURSES = 100


@dataclass(frozen=True, kw_only=True)
class Filters(Chosen):
    """As it stands in the address of the page."""

    person: str = ''
    course: str = ''
    purpose: str = ''
    result: str = ''
    within: str = ''

    def sought(self, choices: HistoryChoices, courses: dict[str, str]) -> CallFilter:
        return CallFilter(
            purpose=self.purpose,
            result=self.result,
            person_id=next((key for key in choices.people if str(key) == self.person), None),
            course_id=UUID(self.course) if self.course in courses else None,
            since=hour_began(self.within),
        )


async def index(
    viewer: Viewer,
    services: Services,
    person: str = '',
    course: str = '',
    purpose: str = '',
    result: str = '',
    within: str = '',
) -> None:
    here((_('Settings'), '/settings'), (_('AI'), '/settings/ai'), _('History'), nav='/settings')
    choices = await services.ai_desk.history.choices(viewer)
    found, _total = await services.courses.list(viewer, limit=_MOST_COURSES)
    courses = {str(one.id): one.title for one in found}
    with page(dense=True) as whole:
        page_header(_('History of calls'), subtitle=_('Who asked which model for what, what it took and what it cost'))
        area_links(viewer, 'settings', '/settings/ai')
        chosen = Filters(person=person, course=course, purpose=purpose, result=result, within=within)
        table = _table(viewer, services, chosen, choices, courses)
    live(whole, services.bus, f'ai:{viewer.organization_id}', table.refresh)


def _table(
    viewer: Viewer, services: Services, chosen: Filters, choices: HistoryChoices, courses: dict[str, str]
) -> data_table:
    state = {'chosen': chosen}

    async def choose(name: str, value: str | None) -> None:
        state['chosen'] = replace(state['chosen'], **{name: value or ''})
        ui.navigate.history.replace(state['chosen'].at(_PATH))
        await table.refresh(first_page=True)

    async def fetch(request: Request) -> Page:
        sought = state['chosen'].sought(choices, courses)
        found, total = await services.ai_desk.history.calls(viewer, sought, limit=request.size, offset=request.offset)
        count.show(escape(ngettext('{n} call', '{n} calls', total)))
        files.show(_export_html(sought))
        return Page(rows=[_row(call) for call in found], total=total)

    with line('close'):
        for name, label, options in (
            ('person', _('Who'), {str(key): name for key, name in choices.people.items()}),
            ('course', _('Course'), courses),
            ('purpose', _('For'), {one: purpose_words(one) for one in choices.purposes}),
            ('result', _('Result'), result_names()),
            ('within', _('Time'), span_names('day', 'week', 'month', 'year')),
        ):
            if options:
                filter_chip(label, options, value=getattr(chosen, name) or None, on_change=partial(choose, name))
    with line('close'):
        count = markup(tag='span', classes='cw-small-text').props('role=status')
        files = markup(tag='span', classes='cw-push cw-line cw-close')
    table = data_table(
        label=_('Calls'),
        columns=[
            Column(name='purpose', title=_('For'), kind='html', lead=True),
            Column(name='who', title=_('Who')),
            Column(name='model', title=_('Model'), kind='html'),
            Column(name='tokens', title=_('Tokens'), kind='number'),
            Column(name='cost', title=_('Cost'), kind='number', keep=True),
            Column(name='took', title=_('Took'), kind='number'),
            Column(name='result', title=_('Result'), kind='html', keep=True),
            Column(name='when', title=_('When'), kind='html'),
        ],
        request=Request(size=25),
        fetch=fetch,
        empty=lambda: empty_state(_('No call stands here'), _('Try a longer time, or fewer filters.'), art=False),
    )
    return table


def _row(call: CallView) -> dict[str, object]:
    words = escape(purpose_words(call.purpose))
    where = f'<a href="/studio/{call.workflow_id}">{words}</a>' if call.workflow_id else words
    tokens = call.input_tokens + call.output_tokens
    return {
        'id': str(call.id),
        'purpose': where,
        'who': call.person or _('the platform'),
        'model': f'<span class="cw-two"><span>{escape(call.model)}</span>'
        f'<small>{escape(call.prompt_version)}</small></span>',
        'tokens': number(tokens),
        'cost': money(call.cost_micros, call.currency),
        'took': seconds(call.seconds),
        'result': result_html(call.result),
        'when': when_html(call.at),
    }


def _export_html(sought: CallFilter) -> str:
    wanted = {
        'purpose': sought.purpose,
        'result': sought.result,
        'person_id': str(sought.person_id or ''),
        'course_id': str(sought.course_id or ''),
        'since': sought.since.isoformat() if sought.since else '',
    }
    query = filled(wanted)
    return link_button_html(_('Export CSV'), f'/api/v1/generate/history/export?{query}', icon='download', download=True)
