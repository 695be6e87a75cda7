"""Whole documents without a socket: signing in, and the pages that say no. Their forms work without scripts."""

from components.company_sign_in import FORM
from components.dovetail import ART
from components.i18n import _
from components.markup import attributes, escape, icon
from components.plain_page import banner_html, beside_the_idea, document, hidden_html


def sign_in_html(
    *, csrf: str = '', next: str = '/', email: str = '', error: str = '', organization: str = '', notice: str = '',
    remember: bool = True, icons_css: str = '', company: str = '', register: bool = False,
) -> str:  # fmt: skip
    """The sign-in page. Posts email, password, next, remember and csrf to /auth/login.

    `error` must not tell whether the address exists. `icons_css` is NiceGUI's fonts.css, which holds the symbols.
    `company` is company_sign_in_html(…).
    """
    to = _('to {organization}', organization=organization) if organization else _('to your organisation’s courses')
    said = banner_html(error, 'bad') or banner_html(notice, 'info')
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
    ways = f'<a href="/forgot">{escape(_("Forgot your password?"))}</a>'
    if register:
        ways += f'<span>{escape(_("New here?"))} <a href="/register">{escape(_("Make an account"))}</a></span>'
    return beside_the_idea(
        _('Sign in'),
        f'<p>{escape(to)}</p>{said}'
        f'<form id="{FORM}" method="post" action="/auth/login">'
        f'{hidden_html(csrf=csrf, next=next)}'
        f'<div class="cw-field"><label for="email">{escape(_("E-mail"))}</label><input{email_field}></div>'
        f'<div class="cw-field"><label for="password">{escape(_("Password"))}</label><span class="cw-secret">'
        f'<input{password_field}><button type="button" id="eye" class="cw-btn cw-icon-btn" hidden aria-pressed="false" '
        f'aria-label="{escape(_("Show the password"))}">{icon("visibility")}</button></span></div>'
        f'<label class="cw-check"><input type="checkbox" name="remember" value="1"{" checked" if remember else ""}>'
        f'<span>{escape(_("Keep me signed in on this device"))}</span></label>'
        f'<button class="cw-btn cw-primary" type="submit">{escape(_("Sign in"))}</button></form>'
        f'{company}<p class="cw-signin-ways">{ways}</p>',
        icons_css=icons_css,
    )  # fmt: skip


def message_html(title: str, sentence: str, *, link: tuple[str, str] | None = None, icons_css: str = '') -> str:
    """A page that says one thing: not found, not yours, signed out. `link` is (words, address)."""
    action = f'<a{attributes(class_="cw-btn cw-primary", href=link[1])}>{escape(link[0])}</a>' if link else ''
    return document(
        title,
        f'<div class="cw-message"><main><div class="cw-empty"><div class="cw-empty-words">{ART}<h1 '
f'class="cw-message-title">'
        f'{escape(title)}</h1><p>{escape(sentence)}</p></div><div class="cw-actions">{action}</div></div></main></div>',
        icons_css=icons_css,
    )  # fmt: skip


def nothing_html() -> str:
    """For whoever is not signed in, at an address that leads nowhere."""
    return message_html(
        _('There is nothing here'),
        _('The address may be mistyped, or what was here is gone.'),
        link=(_('Go to your home page'), '/'),
    )


def later_html(sentence: str) -> str:
    """Somebody asked too often; the sentence says how long to wait."""
    return message_html(_('That was a lot at once'), sentence)
