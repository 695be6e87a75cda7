"""Whole documents without a socket: signing in, and the pages that say no. Their forms work without scripts."""

from nicegui import __version__ as nicegui_version

from components.dovetail import ART, LOGO
from components.i18n import _, locale, text_direction
from components.markup import attributes, escape, icon
from components.origin import origin_html
from components.status import status_html
from components.theme import head

_EYE = (
    "const e=document.getElementById('eye');e.hidden=false;e.addEventListener('click',()=>{"
    "const p=document.getElementById('password'),s=p.type==='password';p.type=s?'text':'password';"
    "e.setAttribute('aria-pressed',s);e.firstChild.textContent=s?'visibility_off':'visibility'})"
)


def sign_in_html(
    *, csrf: str = '', next: str = '/', email: str = '', error: str = '', organization: str = '', notice: str = '',
    remember: bool = True, icons_css: str = '',
) -> str:  # fmt: skip
    """The sign-in page. Posts email, password, next, remember and csrf to /auth/login.

    `error` must not tell whether the address exists. `icons_css` is NiceGUI's fonts.css, which holds the symbols.
    """
    to = _('to {organization}', organization=organization) if organization else _('to your organisation’s courses')
    said = _banner(error, 'bad') or _banner(notice, 'info')
    email_field = attributes(
        class_='cw-input', id='email', name='email', type='email', value=email, autocomplete='username',
        required=True, autofocus=not email, aria_invalid='true' if error else None,
        aria_describedby='said' if said else None,
    )  # fmt: skip
    password_field = attributes(
        class_='cw-input', id='password', name='password', type='password', autocomplete='current-password',
        required=True, autofocus=bool(email), aria_invalid='true' if error else None,
        aria_describedby='said' if said else None,
    )  # fmt: skip
    return _document(
        _('Sign in'),
        f'<div class="cw-signin"><main class="cw-signin-form">{_brand()}<div class="cw-signin-box">'
        f'<h1>{escape(_("Sign in"))}</h1><p>{escape(to)}</p>{said}'
        f'<form method="post" action="/auth/login">'
        f'<input{attributes(type="hidden", name="csrf", value=csrf)}>'
f'<input{attributes(type="hidden", name="next", value=next)}>'
        f'<div class="cw-field"><label for="email">{escape(_("E-mail"))}</label><input{email_field}></div>'
        f'<div class="cw-field"><label for="password">{escape(_("Password"))}</label><span class="cw-secret">'
        f'<input{password_field}><button type="button" id="eye" class="cw-btn cw-icon-btn" hidden aria-pressed="false" '
        f'aria-label="{escape(_("Show the password"))}">{icon("visibility")}</button></span></div>'
        f'<label class="cw-check"><input type="checkbox" name="remember" value="1"{" checked" if remember else ""}>'
        f'<span>{escape(_("Keep me signed in on this device"))}</span></label>'
        f'<button class="cw-btn cw-primary" type="submit">{escape(_("Sign in"))}</button></form>'
f'</div></main>{_idea()}</div>'
        f'<script>{_EYE}</script>',
        icons_css=icons_css,
    )  # fmt: skip


def message_html(title: str, sentence: str, *, link: tuple[str, str] | None = None, icons_css: str = '') -> str:
    """A page that says one thing: not found, not yours, signed out. `link` is (words, address)."""
    action = f'<a{attributes(class_="cw-btn cw-primary", href=link[1])}>{escape(link[0])}</a>' if link else ''
    return _document(
        title,
        f'<div class="cw-message"><main><div class="cw-empty"><div class="cw-empty-words">{ART}<h1 '
f'class="cw-message-title">'
        f'{escape(title)}</h1><p>{escape(sentence)}</p></div><div class="cw-actions">{action}</div></div></main></div>',
        icons_css=icons_css,
    )  # fmt: skip


def _document(title: str, body: str, *, icons_css: str) -> str:
    icons = f'<link rel="stylesheet" href="{escape(icons_css or _icons_css())}">'
    return (
        f'<!doctype html><html lang="{escape(locale().replace("_", "-"))}" '
        f'dir="{text_direction()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<title>{escape(title)} · Coursewright</title>{icons}{head()}</head><body class="cw-auto '
        f'cw-own">{body}</body></html>'
    )


def _icons_css() -> str:

    return f'/_nicegui/{nicegui_version}/static/fonts.css'


def _brand() -> str:
    return (
        f'<a class="cw-brand" href="/" aria-label="{escape(_("Coursewright, home"))}">{LOGO}'
        f'<span>Coursewright</span></a>'
    )


def _banner(text: str, tone: str) -> str:
    if not text:
        return ''
    role, symbol = ('alert', 'error') if tone == 'bad' else ('status', 'info')
    return (
        f'<div id="said" class="cw-notice cw-notice-{tone}" role="{role}">{icon(symbol, "cw-i-s")}'
        f'<div>{escape(text)}</div></div>'
    )


def _idea() -> str:
    """The product's idea beside the form: a block with its marks, as a reviewer sees it."""
    approved = status_html('approved', word=False)
    idea = _('Courses made from your own documents, every sentence with its source, every block approved by a person.')
    kept, mark = escape(_('Keep every vessel')), escape(_('at least 15 cm behind the sash'))
    gone, new = (
        escape(_('air can be disturbed there')),
        escape(_('turbulence at the opening carries vapour back into the room.')),
    )
    people = escape(_('Approved by {one} and {other}')).format(one='<b>Hanne Brekke</b>', other='<b>Tomás Okafor</b>')
    return (
        f'<aside class="cw-idea" aria-label="{escape(_("What Coursewright does"))}"><div '
        f'class="cw-idea-sheet"><div class="cw-marks" aria-hidden="true">{approved}{approved}</div>'
        f'<div class="cw-idea-meta">{origin_html("ai_human")}<span class="cw-origin">{icon("link", "cw-i-s")}'
        f'<span>{escape(_("Handbook p. 31"))}</span></span></div>'
        f'<p class="cw-said">{kept} <mark>{mark}</mark>: <del>{gone}</del> <ins>{new}</ins></p>'
        f'<p class="cw-small-text">{people}</p></div>'
        f'<p>{escape(idea)}</p></aside>'
    )
