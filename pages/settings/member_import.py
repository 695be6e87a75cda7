"""A table of people: chosen, looked through, taken in; the rows that were not come back with their reasons."""

from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button, link_button
from components.card import card
from components.frame import here
from components.i18n import _, ngettext, number, percent, translated
from components.layout import line, page, stack
from components.live import live, refresh_later
from components.markup import escape, markup
from components.notice import notice
from components.page_header import page_header
from components.ruler import meter_html
from components.uploads import uploads
from pages.areas import area_links
from pages.guarded import guarded, id_in
from services.members.importing import LARGEST_FILE, BadRow, ImportView
from services.platform import Services
from services.viewer import Viewer

PATH = '/settings/members/import'
_ACCEPTED = ('.csv', '.tsv', '.txt')


@guarded
async def index(viewer: Viewer, services: Services, of: str = '') -> None:
    here((_('Settings'), '/settings'), (_('Members'), '/settings/members'), _('Import'), nav='/settings')
    chosen = await services.member_imports.get(viewer, id_in(of)) if of else None
    with page():
        header = page_header(_('Import people'), subtitle=_('From a CSV file, as a spreadsheet saves it'))
        area_links(viewer, 'settings', '/settings/members')
        sending = uploads(
            f'/api/v1/organizations/{viewer.organization_id}/members/import',
            accept=_ACCEPTED,
            most=LARGEST_FILE,
            on_sent=lambda key: ui.navigate.to(f'{PATH}?of={key}'),
        )
        with header.actions:
            choose = button(_('Choose a file'), kind='plain' if chosen else 'primary', icon='upload_file')
            sending.opens(choose)
        if chosen is None:
            _explain()
        else:
            _Import(viewer, services, chosen.id)


def _explain() -> None:
    with card(_('What the file holds')):
        markup(
            f'<p>{escape(_("The first line names the columns. Only e-mail is needed."))}</p>'
            '<div class="cw-table-scroll" tabindex="0"><pre>e-mail;name;roles;groups\n'
            'ana@example.org;Ana Lima;student;Night shift\n'
            'ben@example.org;Ben Ode;instructor, editor;</pre></div>'
            f'<p>{escape(_("Whoever names no role becomes a student. Groups that are missing are made."))}</p>'
            f'<p>{escape(_("You see what would happen before anybody is added."))}</p>',
            classes='cw-stack cw-tight',
        )


class _Import(ui.element):
    """One import, from the preview to the report; follows the bus while it runs."""

    def __init__(self, viewer: Viewer, services: Services, import_id: UUID) -> None:
        super().__init__('div')
        self._viewer, self._services, self._id = viewer, services, import_id
        live(self, services.bus, f'member_import:{import_id}', self._refresh)
        refresh_later(self, self._refresh)

    async def _refresh(self) -> None:
        found = await self._services.member_imports.get(self._viewer, self._id)
        self.clear()
        with self, stack('tight'):
            with card(found.file_name):
                self._state(found)
            if found.first_bad:
                self._bad_rows(found)

    def _state(self, found: ImportView) -> None:
        if found.status == 'preview':
            good = ngettext('{n} person can be added.', '{n} people can be added.', found.good)
            bad = ngettext('{n} row cannot.', '{n} rows cannot.', found.bad) if found.bad else ''
            markup(f'<p><b>{escape(good)}</b> {escape(bad)}</p>{_groups_html(found)}')
            with line('close'):
                if found.good:
                    words = ngettext('Add {n} person', 'Add {n} people', found.good)
                    button(words, kind='primary', icon='group_add', on_click=self._start)
                else:
                    markup(escape(_('Mend the rows in your file and choose it again.')), tag='p')
        elif found.status in ('queued', 'running'):
            share = found.done / found.rows if found.rows else 0
            told = _('{done} of {all} rows', done=number(found.done), all=number(found.rows))
            markup(
                f'<p role="status"><b>{escape(_("People are being added"))}</b> {escape(told)}</p>'
                f'{meter_html(share, label=_("{share} done", share=percent(share)))}'
                f'<p class="cw-small-text">{escape(_("You can leave this page. It goes on without you."))}</p>'
            )
        elif found.status == 'failed':
            notice(translated(found.error or ''), tone='bad', title=_('The import has ended early.'))
            markup(f'<p>{escape(_counts(found))}</p>')
            button(_('Go on with the rest'), kind='primary', icon='play_arrow', on_click=self._start)
        else:
            notice(_counts(found), tone='ok', title=_('Done.'))
            link_button(_('Show the members'), '/settings/members', icon='group')

    def _bad_rows(self, found: ImportView) -> None:
        report = f'/api/v1/organizations/{self._viewer.organization_id}/members/import/{found.id}/report'
        title = ngettext('{n} row is left out', '{n} rows are left out', found.bad)
        with card(title, padded=False) as box:
            with box.aside:
                link_button(_('All of them as CSV'), report, icon='download', small=True, download=True)
            head = ''.join(f'<th scope="col">{escape(word)}</th>' for word in (_('Line'), _('What is wrong'), _('Row')))
            rows = ''.join(map(_bad_html, found.first_bad))
            markup(
                f'<div class="cw-table"><div class="cw-table-scroll" tabindex="0"><table aria-label="{escape(title)}">'
                f'<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></div>'
            )

    @action
    async def _start(self) -> None:
        await self._services.member_imports.start(self._viewer, self._id)


def _groups_html(found: ImportView) -> str:
    if not found.new_groups:
        return ''
    said = ngettext('{n} new group: {names}', '{n} new groups: {names}', len(found.new_groups),
                    names=', '.join(found.new_groups[:12]))  # fmt: skip
    return f'<p class="cw-small-text">{escape(said)}</p>'


def _counts(found: ImportView) -> str:
    return _(
        '{invited} invited, {joined} joined at once, {already} were members already, {bad} rows left out.',
        invited=number(found.invited),
        joined=number(found.joined),
        already=number(found.already),
        bad=number(found.bad),
    )


def _bad_html(row: BadRow) -> str:
    cells = ' · '.join(cell for cell in row.cells if cell)
    return (
        f'<tr><td class="cw-keep">{number(row.line)}</td><td class="cw-lead">{escape(translated(row.fault))}</td>'
        f'<td>{escape(cells[:160])}</td></tr>'
    )
