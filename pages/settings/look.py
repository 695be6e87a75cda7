"""How the organisation's pages look: a logo, and one colour that is shown in light and dark before it counts."""

import re

from nicegui import events, ui

from components.accent import shown_colours
from components.action import action
from components.button import button
from components.card import card
from components.field import text_field
from components.i18n import _
from components.live import live, refresh_later
from components.markup import attributes, escape, markup
from components.notice import toast
from components.uploads import uploads
from services.organizations import LookView
from services.organizations.logos import LIMIT
from services.platform import Services
from services.viewer import Viewer

_COLOUR = re.compile(r'#[0-9a-f]{6}')
_TAKEN = ('.png', '.jpg', '.jpeg', '.webp')


class look_card(ui.element):
    def __init__(self, viewer: Viewer, services: Services, look: LookView) -> None:
        super().__init__('div')
        self.classes('cw-stack')
        self._viewer, self._services, self._look = viewer, services, look
        with self:
            self._build_logo()
            self._build_accent()
        self._show(look)
        live(self, services.bus, f'organization:{look.organization_id}', self._refresh)

    def _build_logo(self) -> None:
        with card(_('Logo')):
            with ui.element('div').classes('cw-line'):
                self._place = markup(classes='cw-logo-place')
                with ui.element('div').classes('cw-stack cw-close'):
                    markup(
                        escape(_('PNG, JPEG or WebP, at most 2 MB. Drop it on this page, or choose it.')),
                        classes='cw-small-text',
                    )
                    with ui.element('div').classes('cw-line cw-close'):
                        choose = button(_('Choose a picture'), icon='upload_file')
                        self._remove = button(_('Remove'), kind='danger', on_click=self._remove_logo)
            sent = uploads(
                f'/api/v1/organizations/{self._look.organization_id}/logo',
                accept=_TAKEN,
                most=LIMIT,
                on_sent=lambda _id: refresh_later(self, self._refresh),
            )
            sent.opens(choose)

    def _build_accent(self) -> None:
        with card(_('Colour')):
            with ui.element('div').classes('cw-colour'):
                self._accent = text_field(
                    _('Accent'),
                    placeholder=shown_colours('', dark=False)['accent'],
                    limit=7,
                    optional=True,
                    on_change=lambda _typed: self._preview(),
                )
                self._picker = ui.element('input').props('type=color')
                self._picker.props['aria-label'] = _('Choose the accent')
                self._picker.on('input', self._picked, js_handler='(event) => emit(event.target.value)')
            markup(
                escape(_('We keep its hue and move its lightness until everything can be read, in light and in dark.')),
                classes='cw-small-text',
            )
            self._previews = markup(classes='cw-previews')
            with ui.element('div').classes('cw-line cw-close'):
                button(_('Save colour'), on_click=self._save)
                self._reset = button(_('Back to the product’s own'), kind='quiet', on_click=self._forget)
        self._accent.on_enter(self._save)

    async def _refresh(self) -> None:
        self._show(await self._services.looks.get(self._viewer, self._look.organization_id))

    def _show(self, look: LookView) -> None:
        changed = look.accent != self._look.accent
        self._look = look
        self._place.show(
            f'<img{attributes(src=look.logo, alt=_("Logo of {name}", name=look.name))}>'
            if look.logo
            else escape(_('No logo yet'))
        )
        self._remove.set_visibility(bool(look.logo))
        self._reset.set_visibility(bool(look.accent))
        if changed or not self._accent.value:
            self._accent.value = look.accent
        self._preview()

    def _typed(self) -> str:
        return str(self._accent.value or '').strip().lower()

    def _preview(self) -> None:
        colour = self._typed()
        if colour and not _COLOUR.fullmatch(colour):
            return
        self._picker.props['value'] = colour or shown_colours('', dark=False)['accent'].lower()
        self._picker.update()
        sides = ((False, _('Light')), (True, _('Dark')))
        self._previews.show(''.join(_preview_html(colour, dark=dark, words=words) for dark, words in sides))

    def _picked(self, event: events.GenericEventArguments) -> None:
        if isinstance(event.args, str) and _COLOUR.fullmatch(event.args.lower()):
            self._accent.value = event.args.lower()

    async def _save(self) -> None:
        @action(fields={'accent': self._accent})
        async def save() -> None:
            look = self._look
            self._show(await self._services.looks.set_accent(self._viewer, look.organization_id, self._typed()))
            toast(_('The colour is saved.'))

        await save()

    @action
    async def _forget(self) -> None:
        before, key = self._look.accent, self._look.organization_id
        self._show(await self._services.looks.set_accent(self._viewer, key, ''))
        self._accent.value = ''

        @action
        async def take_back() -> None:
            await self._services.looks.set_accent(self._viewer, key, before)

        toast(_('The pages have the product’s own colour again.'), undo=take_back)

    @action
    async def _remove_logo(self) -> None:
        self._show(await self._services.looks.remove_logo(self._viewer, self._look.organization_id))
        toast(_('The logo is removed.'))


def _preview_html(colour: str, *, dark: bool, words: str) -> str:
    """Tokens are set on the box alone, so both sides can be seen in whatever the page is in."""
    values = ''.join(f'--{name}:{value};' for name, value in shown_colours(colour, dark=dark).items())
    given = attributes(class_=f'cw-preview {"body--dark" if dark else "cw-light"}', style=values)
    return (
        f'<div{given}><b>{escape(words)}</b><div class="cw-preview-sheet">'
        f'<span class="cw-btn cw-primary cw-small">{escape(_("Approve lesson"))}</span>'
        f'<span class="cw-preview-link">{escape(_("Handbook p. 31"))}</span>'
        f'<span class="cw-preview-here">{escape(_("You are here"))}</span></div></div>'
    )
