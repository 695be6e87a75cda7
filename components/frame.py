"""The bench: header, navigation and the sheet on which each page lies. Built once per browser tab, before the pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakKeyDictionary

from nicegui import Client, context, ui

from components.avatar import avatar_html
from components.dovetail import LOGO
from components.i18n import _
from components.markup import attributes, escape, icon, markup
from components.place_menu import Places, place_menu
from components.posting import post

Crumb = str | tuple[str, str]
Mode = Literal['bench', 'work', 'player']
Theme = Literal['auto', 'light', 'dark']

_DARK: dict[Theme, bool | None] = {'auto': None, 'light': False, 'dark': True}
_frames: WeakKeyDictionary[Client, 'bench_frame'] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class NavItem:
    path: str
    title: str
    icon: str
    count: int = 0


class bench_frame:
    """Header with crumbs, search, bell and account; drawer with the navigation.

    `on_theme('dark')` should keep the choice; `csrf` goes into the sign-out form; `account` are links of the menu.
    `places` are (id, name) of the person's other organisations, `on_go(id)` goes there.
    """

    def __init__(
        self, *, person: str, organization: str, role: str, items: Sequence[NavItem], theme: Theme = 'auto',
        on_theme: Callable[[Theme], Any] | None = None, csrf: str = '', on_search: Callable[[], Any] | None = None,
        unread: bool = False, on_bell: Callable[[], Any] | None = None, account: Sequence[tuple[str, str]] = (),
        sign_out: str = '/auth/logout', places: Places = (), on_go: Callable[[str], Any] | None = None,
    ) -> None:  # fmt: skip
        self._items, self._counts, self._on_theme = tuple(items), {i.path: i.count for i in items}, on_theme
        self._active, self._csrf, self._sign_out = '', csrf, sign_out
        self.accent = ''  # the organisation's own colour, where it has one
        self._layout = context.client.layout
        self._layout.classes('cw-bench')
        self._theme = ui.dark_mode(_DARK[theme])
        ui.skip_link(_('Skip to the page'), target=context.client.page_container)
        self._build_header(person, on_search, on_bell, account)
        self._build_drawer(person, organization, role, places, on_go)
        self.unread(unread)
        _frames[context.client] = self

    def count(self, path: str, number: int) -> None:
        """How much waits behind an entry of the navigation."""
        self._counts[path] = number
        self._nav.show(self._nav_html())

    def unread(self, any_unread: bool) -> None:
        self._bell.show(_bell_html(any_unread))

    def dress(self, organization: str, logo: str = '') -> None:
        """Whose pages these are; `logo` is the path of a picture."""
        self._place.show(organization, logo)

    def move(self, crumbs: Sequence[Crumb], nav: str, mode: Mode, aside_html: str) -> None:
        beside = f'<span class="cw-line cw-close">{aside_html}</span>' if aside_html else ''
        self._crumbs.show(_crumbs_html(crumbs) + beside)
        if nav != self._active:
            self._active = nav
            self._nav.show(self._nav_html())
        self._layout.classes(remove='cw-mode-bench cw-mode-work cw-mode-player', add=f'cw-mode-{mode}')
        mini = mode != 'bench'
        if bool(self._drawer.props.get('mini')) != mini:
            self._drawer.props(add='mini' if mini else '', remove='' if mini else 'mini')
            self._brand.classes(add='cw-brand-mini' if mini else '', remove='' if mini else 'cw-brand-mini')
        words = [crumb if isinstance(crumb, str) else crumb[0] for crumb in crumbs]
        ui.page_title(' · '.join([*reversed(words[-2:]), 'Coursewright']))

    def _build_header(
        self, person: str, on_search: Callable[[], Any] | None, on_bell: Callable[[], Any] | None,
        account: Sequence[tuple[str, str]],
    ) -> None:  # fmt: skip
        with ui.header(elevated=False, wrap=False):
            opener = attributes(type='button', class_='cw-btn cw-icon-btn', data_act='menu', aria_label=_('Menu'))
            markup(
                f'<button{opener}>{icon("menu")}</button>',
                tag='span', classes='cw-hamburger', on_act=lambda act, of: self._drawer.toggle(),
            )  # fmt: skip
            self._brand = markup(_brand_html(), tag='span')
            self._crumbs = markup(tag='nav', classes='cw-crumbs')
            self._crumbs.props['aria-label'] = _('Where you are')
            if on_search is not None:
                search = markup(_search_html(), tag='span', on_act=lambda act, of: on_search())
                search.on(
                    'vnodeMounted',
                    js_handler='() => { if (!window.cwCtrlK) { window.cwCtrlK = true; '
                    'document.addEventListener("keydown",'
                    ' e => { if ((e.ctrlKey || e.metaKey) && e.key === "k") { e.preventDefault();'
                    ' document.querySelector(".cw-search")?.click(); } }); } }',
                )
            self._bell = markup(tag='span', on_act=lambda act, of: on_bell() if on_bell else None)
            self._bell.set_visibility(on_bell is not None)
            with (
                ui.button(color=None)
                .props('unelevated no-caps :ripple=false')
                .classes('cw-btn cw-icon-btn') as account_button
            ):
                account_button.props['aria-label'] = _('Account of {person}', person=person)
                markup(avatar_html(person, ground='accent'), tag='span')
                self._build_account(person, account)

    def _build_account(self, person: str, account: Sequence[tuple[str, str]]) -> None:
        # links and switches, not the commands of a menu, and so a small dialog to screen readers
        with ui.menu().props('anchor="bottom right" self="top right" transition-duration=150 role=dialog') as box:
            box.props['aria-label'] = _('Account')
            markup(f'<b>{escape(person)}</b>', classes='cw-menu-head')
            links = ''.join(
                f'<a{attributes(class_="cw-menu-link", href=href)}>{escape(words)}</a>' for words, href in account
            )
            markup(links + f'<div class="cw-label">{escape(_("Appearance"))}</div>', classes='cw-menu-links')
            themes: tuple[tuple[Theme, str, str], ...] = (
                ('auto', _('As the system'), 'brightness_auto'), ('light', _('Light'), 'light_mode'),
                ('dark', _('Dark'), 'dark_mode'),
            )  # fmt: skip
            for theme, words, symbol in themes:
                item = ui.item(on_click=lambda theme=theme: self._choose(theme))
                with item.props('clickable v-close-popup role=button'):
                    markup(icon(symbol) + escape(words), tag='span', classes='cw-line cw-close')
            ui.separator()
            leave = attributes(type='button', class_='cw-menu-link', data_act='out')
            markup(
                f'<button{leave}>{icon("logout")}{escape(_("Sign out"))}</button>',
                on_act=lambda act, of: self._leave(),
                classes='cw-menu-links',
            )

    def _build_drawer(
        self, person: str, organization: str, role: str, places: Places, on_go: Callable[[str], Any] | None
    ) -> None:
        props = 'width=236 mini-width=64 breakpoint=1023 no-swipe-open'
        with ui.left_drawer(bordered=False).props(props) as self._drawer:
            markup(_brand_html('cw-drawer-brand'))
            self._nav = markup(tag='nav', classes='cw-nav')
            self._nav.props['aria-label'] = _('Main')
            self._nav.show(self._nav_html())
            self._nav.on(
                'click',
                js_handler=(
                    "(e) => { if (innerWidth < 1024 && e.target.closest('a')) "
                    "document.querySelector('.q-drawer__backdrop')?.click(); }"
                ),
            )
            self._place = place_menu(f'{person}, {role}', places=places, on_go=on_go)
            self.dress(organization)

    def _nav_html(self) -> str:
        def entry(item: NavItem) -> str:
            count = self._counts.get(item.path, 0)
            badge = f'<span class="cw-count">{count}</span>' if count else ''
            here = attributes(
                href=item.path, aria_current='page' if item.path == self._active else None, title=item.title
            )
            return f'<a{here}>{icon(item.icon)}<span>{escape(item.title)}</span>{badge}</a>'

        return ''.join(entry(item) for item in self._items)

    def _choose(self, theme: Theme) -> Any:
        self._theme.value = _DARK[theme]
        return self._on_theme(theme) if self._on_theme else None

    def _leave(self) -> None:
        post(self._sign_out, {'csrf': self._csrf})


def here(*crumbs: Crumb, nav: str = '', mode: Mode = 'bench', aside_html: str = '') -> None:
    """Say where this page is: the first line of every page. The last crumb is the page itself.

    `mode='work'` folds the navigation to icons and lets the page reach the edges; 'player' takes the bench away.
    """
    frame = _frames.get(context.client)
    if frame is not None:
        frame.move(crumbs, nav, mode, aside_html)


def keys_html(keys: Sequence[tuple[str, str]]) -> str:
    """The shortcuts as a dock shows them: `keys_html([('J K', 'move'), ('A', 'approve')])`."""
    shown = ''.join(
        '<span>' + ''.join(f'<kbd>{escape(key)}</kbd>' for key in pressed.split()) + f' {escape(does)}</span>'
        for pressed, does in keys
    )
    return f'<span class="cw-keys">{shown}</span>'


def _brand_html(classes: str = '') -> str:
    return (
        f'<a class="cw-brand {classes}" href="/" aria-label="{escape(_("Coursewright, home"))}">{LOGO}'
        f'<span>Coursewright</span></a>'
    )


def _crumbs_html(crumbs: Sequence[Crumb]) -> str:
    parts = ''
    for place, crumb in enumerate(crumbs):
        if isinstance(crumb, str) or place == len(crumbs) - 1:
            current = ' aria-current="page"' if place == len(crumbs) - 1 else ''
            parts += f'<li><span{current}>{escape(crumb if isinstance(crumb, str) else crumb[0])}</span></li>'
        else:
            parts += f'<li><a{attributes(href=crumb[1])}>{escape(crumb[0])}</a></li>'
    return f'<ol>{parts}</ol>'


def _search_html() -> str:
    words = _('Search or jump to')
    given = attributes(
        type='button', class_='cw-search', data_act='search', aria_label=words, aria_keyshortcuts='Control+K'
    )
    return f'<button{given}>{icon("search", "cw-i-s")}<span>{escape(words)}</span><kbd>Ctrl K</kbd></button>'


def _bell_html(unread: bool) -> str:
    label = _('Notifications, some unread') if unread else _('Notifications')
    given = attributes(
        type='button',
        class_='cw-btn cw-icon-btn cw-bell',
        data_act='bell',
        aria_label=label,
        title=label,
        data_unread=unread,
    )
    return f'<button{given}>{icon("notifications")}</button>'
