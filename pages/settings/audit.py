"""The audit trail: who changed what, from what to what; filtered, taken along, and proven unbroken."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

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
from components.search_field import filter_chip, search_field
from pages.areas import area_links
from pages.chosen import Chosen, filled
from pages.time_spans import hour_began, span_names
from services.audit_trail import AuditLine
from services.platform import Services
from services.viewer import Viewer
from storage.audit import AuditFilter

_PATH = '/settings/audit'
_LONGEST_VALUE = 160


@dataclass(frozen=True, kw_only=True)
class Filters(Chosen):
    """As it stands in the address of the page."""

    words: str = ''
    actor: str = ''
    act: str = ''
    within: str = ''

    def sought(self, actors: Mapping[UUID, str]) -> AuditFilter:
        return AuditFilter(
            words=self.words,
            action=self.act,
            actor_id=next((key for key in actors if str(key) == self.actor), None),
            since=hour_began(self.within),
        )


async def index(
    viewer: Viewer, services: Services, words: str = '', actor: str = '', act: str = '', within: str = ''
) -> None:
    here((_('Settings'), '/settings'), _('Audit trail'), nav='/settings')
    choices = await services.audit.choices(viewer)
    with page(dense=True):
        header = page_header(_('Audit trail'), subtitle=_('Who changed what. Rows are only ever added.'))
        area_links(viewer, 'settings', _PATH)
        verdict = markup().props('role=status')
        chosen = Filters(words=words, actor=actor, act=act, within=within)
        _trail(viewer, services, chosen, choices.actors, choices.actions)

    @action
    async def verify() -> None:
        found = await services.audit.verify(viewer)
        if found.holds:
            proven = ngettext('{n} row is as it was written.', '{n} rows are as they were written.', found.rows)
            seal = _(
                'The last seal is {seal}: keep it elsewhere to prove that nothing was cut off.', seal=found.head[:16]
            )
            verdict.show(notice_html(f'{proven} {seal}', tone='ok', title=_('The chain holds.')))
        else:
            where = _('Row {n}: {fault}', n=number(found.seq or 0), fault=found.fault)
            verdict.show(notice_html(where, tone='bad', title=_('The chain is broken.')))

    with header.actions:
        button(_('Verify'), icon='verified', on_click=verify)


def _trail(
    viewer: Viewer, services: Services, chosen: Filters, actors: Mapping[UUID, str], actions: tuple[str, ...]
) -> None:
    state = {'chosen': chosen}

    async def choose(**changed: str) -> None:
        state['chosen'] = replace(state['chosen'], **changed)
        ui.navigate.history.replace(state['chosen'].at(_PATH))
        await table.refresh(first_page=True)

    async def choose_one(name: str, value: str | None) -> None:
        await choose(**{name: value or ''})

    async def fetch(request: Request) -> Page:
        sought = state['chosen'].sought(actors)
        found, total = await services.audit.trail(viewer, sought, limit=request.size, offset=request.offset)
        count.show(escape(ngettext('{n} act', '{n} acts', total)))
        files.show(_exports_html(sought))
        return Page(rows=[_row(one) for one in found], total=total)

    with line('close'):
        search_field(_('Search'), value=chosen.words, on_change=lambda typed: choose(words=typed.strip()))
        for name, label, options in (
            ('actor', _('Who'), {str(key): name for key, name in actors.items()}),
            ('act', _('What'), {one: action_words(one) for one in actions}),
            ('within', _('Time'), span_names('day', 'week', 'month', 'year')),
        ):
            if options:
                filter_chip(label, options, value=getattr(chosen, name) or None, on_change=partial(choose_one, name))
    with line('close'):
        count = markup(tag='span', classes='cw-small-text').props('role=status')
        files = markup(tag='span', classes='cw-push cw-line cw-close')
    table = data_table(
        label=_('Audit trail'),
        columns=[
            Column(name='what', title=_('What'), kind='html', lead=True),
            Column(name='change', title=_('From and to'), kind='html'),
            Column(name='who', title=_('Who'), kind='html', keep=True),
            Column(name='when', title=_('When'), kind='html', keep=True),
        ],
        request=Request(size=25),
        fetch=fetch,
        empty=lambda: empty_state(_('No act stands here'), _('Try a longer time, or fewer filters.'), art=False),
    )


def action_words(name: str) -> str:
    """'member.role_changed' as people say it: Member role changed."""
    return name.replace('.', ' ').replace('_', ' ').capitalize()


def change_html(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """What differs, name by name; a long value is cut, its whole stands in the export."""
    old, new = before or {}, after or {}
    names = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
    return ''.join(f'<div class="cw-change">{_change(name, old, new)}</div>' for name in names)


def _change(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    gone = f'<del>{escape(_value(old[name]))}</del> ' if name in old else ''
    come = f'<ins>{escape(_value(new[name]))}</ins>' if name in new else ''
    return f'<small>{escape(name.replace("_", " "))}</small> {gone}{come}'


def _value(value: Any) -> str:
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return said if len(said) <= _LONGEST_VALUE else f'{said[:_LONGEST_VALUE]}…'


def _row(one: AuditLine) -> dict[str, str]:
    because = f'<small>{escape(one.because)}</small>' if one.because else ''
    where = f'<small>{escape(one.address)}</small>' if one.address else ''
    return {
        'id': str(one.id),
        'what': f'<span class="cw-two"><b>{escape(action_words(one.action))}</b>{because}</span>',
        'change': change_html(one.before, one.after),
        'who': f'<span class="cw-two"><span>{escape(one.actor)}</span>{where}</span>',
        'when': when_html(one.at),
    }


def _exports_html(sought: AuditFilter) -> str:
    wanted = {
        'words': sought.words,
        'action': sought.action,
        'actor_id': str(sought.actor_id or ''),
        'since': sought.since.isoformat() if sought.since else '',
    }
    query = filled(wanted)
    return ''.join(
        link_button_html(words, f'/api/v1/audit/export?format={kind}&{query}', icon='download', download=True)
        for kind, words in (('csv', _('Export CSV')), ('jsonl', _('Export JSON lines')))
    )
