"""The AI ledger: every act of a model and what people did with it; filtered, taken along, and proven unbroken."""

from dataclasses import dataclass, replace
from functools import partial

from nicegui import ui

from components.action import action
from components.button import button, link_button_html
from components.data_table import Column, Page, Request, data_table
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, ngettext, number, when_html
from components.layout import line, page
from components.markup import escape, markup
from components.notice import notice_html
from components.page_header import page_header
from components.search_field import filter_chip
from pages.areas import area_links
from pages.chosen import Chosen, filled
from pages.settings.ai_words import act_names, money, nobody_html, purpose_words, result_html, result_names
from pages.time_spans import hour_began, span_names
from services.ai.ledger import LedgerChoices, LedgerLine
from services.platform import Services
from services.viewer import Viewer
from storage.ai_ledger import LedgerFilter

_PATH = '/settings/ai/ledger'
_SHOWN_OF_A_HASH = 12


@dataclass(frozen=True, kw_only=True)
class Filters(Chosen):
    """As it stands in the address of the page."""

    act: str = ''
    person: str = ''
    purpose: str = ''
    result: str = ''
    within: str = ''

    def sought(self, choices: LedgerChoices) -> LedgerFilter:
        return LedgerFilter(
            act=self.act,
            purpose=self.purpose,
            result=self.result,
            actor_id=next((key for key in choices.actors if str(key) == self.person), None),
            since=hour_began(self.within),
        )


async def index(
    viewer: Viewer,
    services: Services,
    act: str = '',
    person: str = '',
    purpose: str = '',
    result: str = '',
    within: str = '',
) -> None:
    here((_('Settings'), '/settings'), (_('AI'), '/settings/ai'), _('AI ledger'), nav='/settings')
    choices = await services.ai_desk.ledger.choices(viewer)
    with page(dense=True):
        header = page_header(
            _('AI ledger'), subtitle=_('What models wrote, and what people did with it. Rows are only ever added.')
        )
        area_links(viewer, 'settings', _PATH)
        verdict = markup().props('role=status')
        _lines(
            viewer, services, Filters(act=act, person=person, purpose=purpose, result=result, within=within), choices
        )

    @action
    async def verify() -> None:
        found = await services.ai_desk.ledger.verify(viewer)
        if found.holds:
            proven = ngettext('{n} row is as it was written.', '{n} rows are as they were written.', found.rows)
            seal = _(
                'The last seal is {seal}: keep it elsewhere to prove that nothing was cut off.', seal=found.head[:16]
            )
            verdict.show(notice_html(f'{proven} {seal}', tone='ok', title=_('The ledger holds.')))
        else:
            where = _('Row {n}: {fault}', n=number(found.seq or 0), fault=found.fault)
            verdict.show(notice_html(where, tone='bad', title=_('The ledger is broken.')))

    with header.actions:
        button(_('Verify'), icon='verified', kind='primary', on_click=verify)


def _lines(viewer: Viewer, services: Services, chosen: Filters, choices: LedgerChoices) -> None:
    state = {'chosen': chosen}

    async def choose(name: str, value: str | None) -> None:
        state['chosen'] = replace(state['chosen'], **{name: value or ''})
        ui.navigate.history.replace(state['chosen'].at(_PATH))
        await table.refresh(first_page=True)

    async def fetch(request: Request) -> Page:
        sought = state['chosen'].sought(choices)
        found, total = await services.ai_desk.ledger.lines(viewer, sought, limit=request.size, offset=request.offset)
        count.show(escape(ngettext('{n} act', '{n} acts', total)))
        files.show(_export_html(sought))
        return Page(rows=[_row(one) for one in found], total=total)

    with line('close'):
        for name, label, options in (
            ('act', _('What'), act_names()),
            ('person', _('Who'), {str(key): name for key, name in choices.actors.items()}),
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
        label=_('AI ledger'),
        columns=[
            Column(name='what', title=_('What'), kind='html', lead=True),
            Column(name='who', title=_('Who'), kind='html', keep=True),
            Column(name='model', title=_('Model'), kind='html'),
            Column(name='took', title=_('Tokens and cost'), kind='html'),
            Column(name='result', title=_('Result'), kind='html'),
            Column(name='seals', title=_('Seals'), kind='html'),
            Column(name='when', title=_('When'), kind='html', keep=True),
        ],
        request=Request(size=25),
        fetch=fetch,
        empty=lambda: empty_state(
            _('No AI act stands here'), _('What a model writes stands here at once, with who asked for it.'), art=False
        ),
    )


def _row(one: LedgerLine) -> dict[str, str]:
    called = one.act == 'called'
    words = escape(purpose_words(one.purpose))
    subject = f'<a href="/studio/{one.workflow_id}">{words}</a>' if one.workflow_id else words
    tokens = ngettext('{n} token', '{n} tokens', one.input_tokens + one.output_tokens)
    cost = escape(money(one.cost_micros, one.currency))
    act = escape(act_names().get(one.act, one.act))
    return {
        'id': str(one.id),
        'what': f'<span class="cw-two"><b>{act}</b><small>{subject}</small></span>',
        'who': nobody_html(one.actor),
        'model': _two(one.model, one.prompt_version) if called else '',
        'took': _two(tokens, cost, safe=True) if called else '',
        'result': result_html(one.result) if called else '',
        'seals': _seals(one),
        'when': when_html(one.at),
    }


def _two(first: str, second: str, *, safe: bool = False) -> str:
    """`safe`: the second is HTML already."""
    below = second if safe else escape(second)
    return f'<span class="cw-two"><span>{escape(first)}</span><small>{below}</small></span>'


def _seals(one: LedgerLine) -> str:
    """Of what was sent and of what came back; the whole stands in the export."""
    told = [(_('prompt'), one.prompt_hash), (_('answer') if one.act == 'called' else _('words'), one.output_hash)]
    lines = [
        f'<small>{escape(name)} <code>{escape(seal[:_SHOWN_OF_A_HASH])}</code></small>' for name, seal in told if seal
    ]
    return f'<span class="cw-two">{"".join(lines)}</span>'


def _export_html(sought: LedgerFilter) -> str:
    wanted = {
        'act': sought.act,
        'purpose': sought.purpose,
        'result': sought.result,
        'actor_id': str(sought.actor_id or ''),
        'since': sought.since.isoformat() if sought.since else '',
    }
    query = filled(wanted)
    return link_button_html(_('Export CSV'), f'/api/v1/ai/ledger/export?{query}', icon='download', download=True)
