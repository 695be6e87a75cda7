"""What an administrator fills in about people: whom to add, which roles, which groups."""

from collections.abc import Sequence
from uuid import UUID

from components.action import action
from components.button import button
from components.dialog import confirm, dialog
from components.field import field, select_field, text_area
from components.i18n import _, ngettext
from components.markup import escape, icon, markup
from components.notice import notice, toast
from pages.settings.member_words import outcome, review_roles, teaching_roles
from services.members.views import Added, GroupView, MemberView
from services.platform import Services
from services.viewer import Viewer


class role_fields:
    """Both kinds of roles, several of each."""

    def __init__(self, roles: Sequence[str] = ('student',)) -> None:
        self.teaching = _chosen(_('Teaching roles'), teaching_roles(), roles)
        self.review = _chosen(_('Review roles'), review_roles(), roles, optional=True)

    @property
    def value(self) -> list[str]:
        return [*(self.teaching.value or ()), *(self.review.value or ())]


def group_field(groups: Sequence[GroupView]) -> select_field:
    return select_field(_('Groups'), {str(one.id): one.name for one in groups}, value=[], multiple=True, optional=True)


def ids_of(chosen: field) -> list[UUID]:
    return [UUID(key) for key in chosen.value or ()]


async def invite_dialog(viewer: Viewer, services: Services) -> None:
    """Addresses, roles, groups; says what became of each address."""
    groups = await services.groups.list(viewer)
    asked = dialog(
        _('Add people'),
        _('Whoever has an account joins at once. Everybody else gets an invitation by mail.'),
    )
    with asked.body:
        refused = markup()
        emails = text_area(_('E-mail addresses'), help=_('One a line, or separated by commas.'), rows=3)
        roles = role_fields()
        chosen = group_field(groups) if groups else None

    @action(fields={'emails': emails, 'roles': roles.teaching})
    async def submit() -> None:
        typed = _addresses(str(emails.value or ''))
        added = await services.members.add(viewer, typed, roles.value, group_ids=ids_of(chosen) if chosen else ())
        bad = [one for one in added if one.outcome in ('refused', 'suspended')]
        if bad:
            refused.show(_refused_html(bad))
            emails.value = '\n'.join(one.email for one in bad)
        else:
            asked.submit(True)
        if len(bad) < len(added):
            toast(_summary(added))

    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(_('Add people'), kind='primary', icon='person_add', on_click=submit)
    await asked.answer()


async def roles_dialog(viewer: Viewer, services: Services, people: Sequence[MemberView]) -> bool:
    """New roles for one or several people; True once they are given."""
    one = people[0] if len(people) == 1 else None
    title = (
        _('Roles of {name}', name=one.name)
        if one
        else ngettext('Roles of {n} person', 'Roles of {n} people', len(people))
    )
    sentence = _('They hold at once, in open pages too.') if one else _('Everybody gets exactly these, at once.')
    asked = dialog(title, sentence)
    with asked.body:
        roles = role_fields(one.roles if one else ())

    @action(fields={'roles': roles.teaching})
    async def submit() -> None:
        if one:
            await services.members.set_roles(viewer, one.id, roles.value)
        else:
            await services.members.set_roles_of(viewer, [person.id for person in people], roles.value)
        asked.submit(True)

    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(_('Save roles'), kind='primary', on_click=submit)
    return await asked.answer() is True


async def groups_dialog(viewer: Viewer, services: Services, people: Sequence[MemberView]) -> bool:
    """Puts people into groups; for one person also takes them out of others."""
    groups = await services.groups.list(viewer)
    one = people[0] if len(people) == 1 else None
    title = _('Groups of {name}', name=one.name) if one else _('Add to group')
    asked = dialog(title)
    inside = {str(group.id) for group in groups if one and group.name in one.groups}
    with asked.body:
        if not groups:
            notice(_('There are no groups yet. Make one under Groups first.'))
        chosen = group_field(groups)
        chosen.value = sorted(inside)

    @action
    async def submit() -> None:
        wanted = set(chosen.value or ())
        for key in wanted - inside:
            await services.groups.put_in(viewer, UUID(key), [person.id for person in people])
        for key in inside - wanted:
            await services.groups.take_out(viewer, UUID(key), people[0].id)
        asked.submit(True)

    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(_('Save groups'), kind='primary', on_click=submit)
    return await asked.answer() is True


async def sure_to_delete(person: MemberView) -> bool:
    return await confirm(
        _('Delete the account of {name}?', name=person.name),
        _('They can sign in nowhere any more and vanish from lists. An administrator can restore the account.'),
        do=_('Delete account'),
        kind='final',
    )


def _chosen(label: str, options: dict[str, str], held: Sequence[str], *, optional: bool = False) -> select_field:
    value = [role for role in options if role in held]
    return select_field(label, {str(role): words for role, words in options.items()}, value=value, multiple=True,
                        optional=optional)  # fmt: skip


def _addresses(typed: str) -> list[str]:
    return [part.strip('<> ') for part in typed.replace(';', '\n').replace(',', '\n').splitlines() if part.strip('<> ')]


def _summary(added: Sequence[Added]) -> str:
    counts = {word: sum(1 for one in added if one.outcome == word) for word in ('joined', 'invited', 'already')}
    said = ', '.join(f'{count} {outcome(word)}' for word, count in counts.items() if count)
    return said[:1].upper() + said[1:] + '.'


def _refused_html(bad: Sequence[Added]) -> str:
    rows = ''.join(f'<li><b>{escape(one.email)}</b> {escape(one.reason)}</li>' for one in bad)
    head = escape(ngettext('{n} address was not added', '{n} addresses were not added', len(bad)))
    return (
        f'<div class="cw-notice cw-notice-warn" role="alert">{icon("warning", "cw-i-s")}'
        f'<div><b>{head}</b><ul>{rows}</ul></div></div>'
    )
