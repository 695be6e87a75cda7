"""The forms themselves, in words."""

from collections.abc import Mapping, Sequence

from components.door_pages import PlainField, form_page
from components.i18n import _
from components.sign_in_page import message_html
from services.identity import password_rules
from services.registration import Opening

Errors = Mapping[str, str] | None


def code(*, next: str, remember: str, error: str = '', errors: Errors = None) -> str:
    return form_page(
        _('Your second factor'),
        _('Type the code of your authenticator app, or one of your recovery codes.'),
        action='/auth/code',
        fields=[PlainField(name='code', label=_('Code'), autocomplete='one-time-code')],
        submit=_('Sign in'),
        hidden={'next': next, 'remember': remember},
        error=error,
        errors=errors,
        links=[(_('Not you?'), _('Begin again'), '/sign-in')],
    )


def register(
    *, openings: Sequence[Opening], given: Mapping[str, str], invitation: str = '', error: str = '',
    errors: Errors = None,
) -> str:  # fmt: skip
    """`given` is what was typed, so that nothing is typed twice; of an invitation there is one opening."""
    only = openings[0] if len(openings) == 1 else None
    fields = [
        PlainField(
            name='full_name',
            label=_('Name'),
            value=given.get('full_name', '') or (only.full_name if only else ''),
            autocomplete='name',
        ),
        PlainField(
            name='email',
            label=_('E-mail'),
            kind='email',
            value=(only.email if only else '') or given.get('email', ''),
            autocomplete='username',
            readonly=bool(only and only.email),
        ),
        PlainField(
            name='password',
            label=_('Password'),
            kind='password',
            autocomplete='new-password',
            help=password_rules(max(opening.password_length for opening in openings)),
        ),
    ]
    if only is None:
        choices = [('', _('Choose')), *((opening.slug, opening.name) for opening in openings)]
        fields.insert(
            0,
            PlainField(
                name='organization', label=_('Organisation'), choices=choices, value=given.get('organization', '')
            ),
        )
    hidden = {'invitation': invitation} if invitation else {}
    lead = _('at {organization}', organization=only.name) if only else _('at the organisation that you belong to')
    sign_in = f'/sign-in?next=/invite/{invitation}' if invitation else '/sign-in'
    links = [(_('Have one already?'), _('Sign in'), sign_in)]
    if error:
        links.append(('', _('Ask for a new password'), '/forgot'))
    return form_page(
        _('Make an account'), lead, action='/auth/register', fields=fields, submit=_('Make the account'),
        hidden=hidden, error=error, errors=errors, links=links,
    )  # fmt: skip


def nobody_registers(sentence: str = '') -> str:
    return message_html(
        _('You need an invitation'),
        sentence or _('Nobody can register here alone. Ask the administrator of your organisation for an invitation.'),
        link=(_('Go to signing in'), '/sign-in'),
    )


def join(*, organization: str, invitation: str, email: str, error: str = '', errors: Errors = None) -> str:
    return form_page(
        _('Join {organization}', organization=organization),
        _('as {email}', email=email),
        action='/auth/join',
        submit=_('Join'),
        hidden={'invitation': invitation},
        error=error,
        errors=errors,
        links=[(_('Not now?'), _('Go to your home page'), '/')],
    )


def verify(*, token: str, error: str = '', errors: Errors = None) -> str:
    return form_page(
        _('Confirm your e-mail address'),
        _('Press the button, and we know that mail reaches you.'),
        action='/auth/verify',
        submit=_('Confirm'),
        hidden={'token': token},
        error=error,
        errors=errors,
        links=[('', _('Go to your home page'), '/')],
    )


def not_verified(sentence: str) -> str:
    return message_html(_('This link has ended'), sentence, link=(_('Go to your home page'), '/'))


def verified(email: str) -> str:
    return message_html(_('Thank you'), _('{email} is confirmed.', email=email), link=(_('Go to your home page'), '/'))


def forgot(*, email: str = '', error: str = '', errors: Errors = None) -> str:
    return form_page(
        _('Forgot your password?'),
        _('We send you a link with which you choose a new one.'),
        action='/auth/forgot',
        fields=[PlainField(name='email', label=_('E-mail'), kind='email', value=email, autocomplete='username')],
        submit=_('Send the link'),
        error=error,
        errors=errors,
        links=[(_('Remembered it?'), _('Sign in'), '/sign-in')],
    )


def asked(email: str) -> str:
    return message_html(
        _('Look into your mail'),
        _('If {email} has an account, a link is on its way. It works once, for an hour.', email=email),
        link=(_('Back to signing in'), '/sign-in'),
    )


def reset(*, token: str, shortest: int, error: str = '', errors: Errors = None) -> str:
    return form_page(
        _('Choose a new password'),
        _('Every device is signed out with it.'),
        action='/auth/reset',
        fields=[_new_password(shortest)],
        submit=_('Set the password'),
        hidden={'token': token},
        error=error,
        errors=errors,
    )


def link_ended(sentence: str) -> str:
    return message_html(_('This link has ended'), sentence, link=(_('Ask for a new one'), '/forgot'))


def password(*, next: str, shortest: int = 12, error: str = '', errors: Errors = None) -> str:
    return form_page(
        _('Change your password'),
        _('Every other device is signed out with it.'),
        action='/auth/password',
        fields=[
            PlainField(
                name='current_password', label=_('Password now'), kind='password', autocomplete='current-password'
            ),
            _new_password(shortest),
        ],
        submit=_('Change the password'),
        hidden={'next': next},
        error=error,
        errors=errors,
        links=[('', _('Back'), next)],
    )


def _new_password(shortest: int) -> PlainField:
    return PlainField(
        name='new_password',
        label=_('New password'),
        kind='password',
        autocomplete='new-password',
        help=password_rules(shortest),
    )
