"""The pages around signing in: register, a second step, a forgotten password, links from mails. Plain forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.i18n import _
from components.markup import attributes, escape, icon
from components.plain_page import banner_html, beside_the_idea, hidden_html

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class PlainField:
    """`kind` is an input's type; `choices` (value, words) make it a select."""

    name: str
    label: str
    kind: str = 'text'
    value: str = ''
    help: str = ''
    autocomplete: str = ''
    choices: Choices = ()
    inputmode: str = ''
    readonly: bool = False


def form_page(
    title: str, lead: str, *, action: str, fields: Sequence[PlainField] = (), submit: str,
    hidden: Mapping[str, str] | None = None, error: str = '', errors: Mapping[str, str] | None = None,
    notice: str = '', links: Sequence[tuple[str, str, str]] = (),
) -> str:  # fmt: skip
    """One form. `errors` stand beside their fields, `error` above; `links` are (words before, words, address)."""
    errors = errors or {}
    said = banner_html(error, 'bad') or banner_html(notice, 'info')
    wrong = next((field.name for field in fields if field.name in errors), '')
    first = wrong or next((field.name for field in fields if not field.value and not field.readonly), '')
    inputs = ''.join(_field(field, errors.get(field.name, ''), focus=field.name == first) for field in fields)
    ways = ''.join(
        f'<span>{escape(before)} <a{attributes(href=address)}>{escape(words)}</a></span>'
        for before, words, address in links
    )
    below = f'<p class="cw-signin-ways">{ways}</p>' if ways else ''
    return beside_the_idea(
        title,
        f'<p>{escape(lead)}</p>{said}<form{attributes(method="post", action=action)}>{hidden_html(**hidden or {})}'
        f'{inputs}<button class="cw-btn cw-primary" type="submit">{escape(submit)}</button></form>{below}',
    )


def suspended_page(organization: str, others: Choices, *, signed_in: bool) -> str:
    """Says that it rests, and leads to the person's other organisations."""
    ways = ''.join(
        f'<form method="post" action="/auth/switch">{hidden_html(organization_id=value)}'
        f'<button class="cw-btn cw-plain" type="submit">{icon("swap_horiz")}'
        f'<span>{escape(_("Go to {name}", name=name))}</span></button></form>'
        for value, name in others
    )
    if signed_in:
        ways += (
            f'<form method="post" action="/auth/logout"><button class="cw-btn cw-plain" type="submit">{icon("logout")}'
            f'<span>{escape(_("Sign out"))}</span></button></form>'
        )
    else:
        ways += f'<p><a href="/sign-in">{escape(_("Back to signing in"))}</a></p>'
    sentence = _('Nothing is lost: courses, results and accounts are kept. Ask its administrator when it opens again.')
    return beside_the_idea(_('{name} is suspended', name=organization), f'<p>{escape(sentence)}</p>{ways}')


def _field(field: PlainField, error: str, *, focus: bool) -> str:
    described = ' '.join(
        part for part in (f'{field.name}-help' if field.help else '', f'{field.name}-error' if error else '') if part
    )
    given: dict[str, str | bool | None] = {
        'class_': 'cw-input',
        'id': field.name,
        'name': field.name,
        'required': True,
        'autofocus': focus,
        'aria_invalid': 'true' if error else None,
        'aria_describedby': described or None,
    }
    if field.choices:
        options = ''.join(
            f'<option{attributes(value=value, selected=value == field.value)}>{escape(words)}</option>'
            for value, words in field.choices
        )
        control = f'<select{attributes(**given)}>{options}</select>'
    else:
        given |= {
            'type': field.kind,
            'value': '' if field.kind == 'password' else field.value,
            'autocomplete': field.autocomplete or None,
            'inputmode': field.inputmode or None,
            'readonly': field.readonly,
        }
        control = f'<input{attributes(**given)}>'
    help = f'<div class="cw-help" id="{escape(field.name)}-help">{escape(field.help)}</div>' if field.help else ''
    fault = (
        f'<div class="cw-field-error" id="{escape(field.name)}-error">{icon("error", "cw-i-xs")}'
        f'<span>{escape(error)}</span></div>'
        if error
        else ''
    )
    label = f'<label for="{escape(field.name)}">{escape(field.label)}</label>'
    return f'<div class="cw-field">{label}{control}{help}{fault}</div>'
