"""What every page without a socket is made of. Such pages work without scripts."""

from nicegui import __version__ as nicegui_version

from components.dovetail import LOGO
from components.i18n import _, locale, text_direction
from components.markup import attributes, escape, icon
from components.origin import origin_html
from components.status import status_html
from components.theme import head, script


def document(title: str, body: str, *, icons_css: str = '') -> str:
    """A whole page without a socket. `icons_css` is NiceGUI's fonts.css, which holds the symbols."""
    icons = f'<link rel="stylesheet" href="{escape(icons_css or _icons_css())}">'
    return (
        f'<!doctype html><html lang="{escape(locale().replace("_", "-"))}" '
        f'dir="{text_direction()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<title>{escape(title)} · Coursewright</title>{icons}{head()}<script src="{script()}" defer></script></head>'
        f'<body class="cw-auto cw-own">{body}</body></html>'
    )


def beside_the_idea(title: str, body: str, *, icons_css: str = '') -> str:
    """The form left, what the product is for right."""
    return document(
        title,
        f'<div class="cw-signin"><main class="cw-signin-form">{brand_html()}<div class="cw-signin-box">'
        f'<h1>{escape(title)}</h1>{body}</div></main>{idea_html()}</div>',
        icons_css=icons_css,
    )


def hidden_html(**values: str) -> str:
    return ''.join(f'<input{attributes(type="hidden", name=name, value=value)}>' for name, value in values.items())


def _icons_css() -> str:
    return f'/_nicegui/{nicegui_version}/static/fonts.css'


def brand_html() -> str:
    return (
        f'<a class="cw-brand" href="/" aria-label="{escape(_("Coursewright, home"))}">{LOGO}'
        f'<span>Coursewright</span></a>'
    )


def banner_html(text: str, tone: str) -> str:
    if not text:
        return ''
    role, symbol = ('alert', 'error') if tone == 'bad' else ('status', 'info')
    return (
        f'<div id="said" class="cw-notice cw-notice-{tone}" role="{role}">{icon(symbol, "cw-i-s")}'
        f'<div>{escape(text)}</div></div>'
    )


def idea_html() -> str:
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
