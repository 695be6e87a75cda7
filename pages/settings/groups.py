"""Groups: people who belong together, to filter by and to invite into."""

from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button, icon_button_html
from components.card import card, list_row_html
from components.dialog import confirm, dialog
from components.empty_state import empty_state
from components.field import text_field
from components.frame import here
from components.i18n import _, ngettext
from components.layout import page
from components.live import live, refresh_later
from components.markup import markup
from components.notice import toast
from components.page_header import page_header
from components.skeleton import skeleton
from pages.areas import area_links
from pages.guarded import id_in
from services.members.groups import LONGEST_NAME
from services.members.views import GroupView
from services.platform import Services
from services.viewer import Viewer

PATH = '/settings/groups'


def index(viewer: Viewer, services: Services) -> None:
    here((_('Settings'), '/settings'), _('Groups'), nav='/settings')
    shown: dict[UUID, GroupView] = {}
    with page(dense=True):
        header = page_header(_('Groups'), subtitle=_('People who belong together: a class, a shift, a team'))
        area_links(viewer, 'settings', PATH)
        with ui.element('div') as body:
            skeleton(4)

    @action
    async def add() -> None:
        await _name_dialog(viewer, services)

    @action
    async def act(what: str, of: str) -> None:
        group = shown.get(id_in(of))
        if group is not None and what == 'rename':
            await _name_dialog(viewer, services, group)
        elif group is not None and what == 'delete':
            await _delete(viewer, services, group)

    async def refresh() -> None:
        found = await services.groups.list(viewer)
        shown.clear()
        shown.update({group.id: group for group in found})
        body.clear()
        with body:
            if found:
                with card(label=_('Groups'), padded=False):
                    markup(''.join(_row_html(group) for group in found), on_act=act)
            else:
                sentence = _('A group is quick to find, and people can be invited straight into it.')
                with empty_state(_('No groups yet'), sentence, dashed=True):
                    button(_('New group'), icon='group_add', on_click=add)

    with header.actions:
        button(_('New group'), kind='primary', icon='group_add', on_click=add)
    live(body, services.bus, f'groups:{viewer.organization_id}', refresh)
    refresh_later(body, refresh)


async def _name_dialog(viewer: Viewer, services: Services, group: GroupView | None = None) -> None:
    asked = dialog(_('Rename the group') if group else _('New group'))
    with asked.body:
        name = text_field(
            _('Name'), value=group.name if group else '', limit=LONGEST_NAME, placeholder=_('Night shift')
        )
        name.control.props('autofocus')

    @action(fields={'name': name})
    async def submit() -> None:
        typed = str(name.value or '')
        if group:
            await services.groups.rename(viewer, group.id, typed)
        else:
            await services.groups.create(viewer, typed)
        asked.submit(True)

    name.on_enter(submit)
    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(_('Save'), kind='primary', on_click=submit)
    await asked.answer()


async def _delete(viewer: Viewer, services: Services, group: GroupView) -> None:
    sure = await confirm(
        _('Delete the group “{name}”?', name=group.name),
        _('The people stay members. Only that they belong together is forgotten.'),
        do=_('Delete group'),
        kind='final',
    )
    if sure:
        await services.groups.delete(viewer, group.id)
        toast(_('The group “{name}” is deleted.', name=group.name))


def _row_html(group: GroupView) -> str:
    tools = icon_button_html('edit', _('Rename {name}', name=group.name), 'rename', str(group.id))
    tools += icon_button_html('delete', _('Delete {name}', name=group.name), 'delete', str(group.id))
    return list_row_html(
        group.name,
        second=ngettext('{n} person', '{n} people', group.members),
        href=f'/settings/members?group={group.id}',
        after_html=f'<span class="cw-line cw-close cw-row-tools">{tools}</span>',
    )
