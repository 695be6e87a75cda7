"""The forms around an organisation: make one with its administrator, change it, and the name before it is deleted."""

from components.action import action
from components.button import button
from components.dialog import dialog
from components.field import field, required, text_area, text_field
from components.i18n import _
from components.layout import columns
from components.markup import escape, markup
from components.notice import toast
from services.organizations import Created, OrganizationView
from services.organizations.typed import slug_of
from services.platform import Services
from services.viewer import Viewer


async def create_dialog(viewer: Viewer, services: Services) -> None:
    asked = dialog(
        _('New organisation'), _('The organisation and its administrator are made together, or not at all.'), wide=True
    )
    with asked.body:
        fields = _profile_fields(None)
        _follow(fields['name'], fields['slug'])
        markup(escape(_('Its administrator')), tag='h3', classes='cw-form-part')
        with columns('even'):
            fields['admin_email'] = text_field(
                _('E-mail'), kind='email', help=_('Somebody with an account, or somebody new.'), limit=254
            )
            fields['admin_name'] = text_field(_('Name'), optional=True, limit=120, help=_('For somebody new.'))

    @action(fields=fields)
    async def create() -> None:
        typed = {name: str(field.value or '') for name, field in fields.items()}
        asked.submit(await services.organizations.create(viewer, **typed))

    for one in ('name', 'slug', 'admin_email', 'admin_name'):
        fields[one].on_enter(create)
    with asked.foot:
        button(_('Cancel'), on_click=asked.close)
        button(_('Create'), kind='primary', on_click=create)
    made = await asked.answer()
    if isinstance(made, Created):
        await _tell(made)


async def change_dialog(viewer: Viewer, services: Services, organization: OrganizationView) -> None:
    asked = dialog(_('Change {name}', name=organization.name), wide=True)
    with asked.body:
        fields = _profile_fields(organization)

    @action(fields=fields)
    async def save() -> None:
        typed = {name: str(field.value or '') for name, field in fields.items()}
        asked.submit(await services.organizations.update(viewer, organization.id, **typed))

    for one in ('name', 'slug', 'contact_email', 'phone'):
        fields[one].on_enter(save)
    with asked.foot:
        button(_('Cancel'), on_click=asked.close)
        button(_('Save'), kind='primary', on_click=save)
    saved = await asked.answer()
    if isinstance(saved, OrganizationView):
        toast(_('{name} is saved.', name=saved.name))


async def delete_dialog(viewer: Viewer, services: Services, organization: OrganizationView) -> bool:
    asked = dialog(
        _('Delete {name}?', name=organization.name),
        _('Nobody gets in any more. You can restore it for 30 days, with everything that is in it.'),
    )
    with asked.body:
        name = text_field(_('Type the name to delete it'), placeholder=organization.name)
        name.control.props('autofocus')

    @action(fields={'name': name})
    async def delete() -> None:
        asked.submit(await services.organizations.delete(viewer, organization.id, name=str(name.value or '')))

    name.on_enter(delete)
    with asked.foot:
        button(_('Cancel'), on_click=asked.close)
        button(_('Delete'), kind='final', on_click=delete)
    return await asked.answer() is not None


async def _tell(made: Created) -> None:
    if not made.admin_link:
        toast(_('{name} is ready. {email} looks after it.', name=made.organization.name, email=made.admin_email))
        return
    told = dialog(
        _('{name} is ready', name=made.organization.name),
        _(
            '{email} gets a mail with the link to choose a password. Where no mail is sent, hand it over yourself: '
            'it works once, for 7 days, and is not shown again.',
            email=made.admin_email,
        ),
    )
    with told.body:
        markup(escape(made.admin_link), classes='cw-handed').props('tabindex=0 role=textbox aria-readonly=true').props[
            'aria-label'
        ] = _('Link to choose a password')
    with told.foot:
        button(_('Done'), kind='primary', on_click=told.close)
    await told.answer()


def _profile_fields(organization: OrganizationView | None) -> dict[str, field]:
    one = organization
    fields: dict[str, field] = {
        'name': text_field(
            _('Name'), value=one.name if one else '', limit=120, check=required(_('Give the organisation a name.'))
        ),
        'slug': text_field(
            _('Short name'),
            value=one.slug if one else '',
            limit=60,
            help=_('Part of links: small letters, digits and hyphens.'),
        ),
    }
    with columns('even'):
        fields['contact_email'] = text_field(
            _('Contact e-mail'), value=one.contact_email if one else '', kind='email', optional=True, limit=254
        )
        fields['phone'] = text_field(_('Phone'), value=one.phone if one else '', kind='tel', optional=True, limit=60)
    fields['address'] = text_area(_('Address'), value=one.address if one else '', optional=True, rows=2, limit=500)
    return fields


def _follow(name: field, slug: field) -> None:
    """The short name follows the name until somebody writes one."""
    suggested = ''

    def suggest(typed: str) -> None:
        nonlocal suggested
        if str(slug.value or '') == suggested:
            suggested = slug_of(typed) if typed.strip() else ''
            slug.value = suggested

    name.control.on_value_change(lambda event: suggest(str(event.value or '')))
