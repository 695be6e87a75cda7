"""Ways into an organisation that its own identity provider opens, below the password on the sign-in page."""

from collections.abc import Sequence

from components.i18n import _
from components.markup import attributes, escape, icon

FORM = 'sign-in'  # the id of the form with the address and the password


def company_sign_in_html(offers: Sequence[tuple[str, str]] = (), *, find: bool = False) -> str:
    """`offers` are (words, address). `find` adds a button that looks for one by the e-mail address in the form."""
    buttons = ''.join(
        f'<a{attributes(class_="cw-btn cw-plain", href=address)}>{icon("corporate_fare", "cw-i-s")}{escape(words)}</a>'
        for words, address in offers
    )
    if find and not offers:
        given = attributes(
            class_='cw-btn cw-plain', type='submit', form=FORM, formaction='/auth/oidc/find', formnovalidate=True
        )
        buttons = f'<button{given}>{escape(_("Use company sign-in"))}</button>'
    return f'<div class="cw-or"><span>{escape(_("or"))}</span></div>{buttons}' if buttons else ''
