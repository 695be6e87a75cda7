"""How people get into the organisation."""

from components.action import action
from components.button import button
from components.card import card
from components.field import number_field, text_area
from components.frame import here
from components.i18n import _
from components.layout import line, page, stack
from components.notice import notice, toast
from components.page_header import page_header
from components.switch_field import switch_field
from pages.areas import area_links
from services.flags import SELF_SIGNUP
from services.organizations import Policy
from services.organizations.policy import LONGEST, SHORTEST, domains_in
from services.platform import Services
from services.viewer import Viewer

_PATH = '/settings/policy'


async def index(viewer: Viewer, services: Services) -> None:
    here((_('Settings'), '/settings'), _('Policy'), nav='/settings')
    policy = await services.policies.get(viewer, viewer.organization_id)
    may_sign_up = await services.flags.on(viewer, SELF_SIGNUP)
    with page(narrow=True):
        page_header(_('Policy'), subtitle=_('How people get in. Who is in already stays in.'))
        area_links(viewer, 'settings', _PATH)
        with stack():
            _form(viewer, services, policy, may_sign_up=may_sign_up)


def _form(viewer: Viewer, services: Services, policy: Policy, *, may_sign_up: bool) -> None:
    with card(_('Passwords')):
        length = number_field(
            _('Shortest password'),
            value=policy.password_length,
            unit=_('characters'),
            minimum=SHORTEST,
            maximum=LONGEST,
            help=_('From {least} to {most}; counts when a password is chosen.', least=SHORTEST, most=LONGEST),
        )
        factor = switch_field(
            _('Second factor for everybody'),
            value=policy.second_factor_required,
            help=_('Whoever has none sets one up at the next click, you too. Sign-in elsewhere is not asked for it.'),
        )
    with card(_('Addresses')):
        work_only = switch_field(
            _('Work addresses only'),
            value=policy.work_email_only,
            help=_('Mailboxes that everybody can open, gmail.com for instance, are refused.'),
        )
        domains = text_area(
            _('Domains'),
            value='\n'.join(policy.email_domains),
            optional=True,
            rows=2,
            placeholder='company.com',
            help=_('One a line. With none, every domain may come.'),
        )
    with card(_('Registration')):
        sign_up = switch_field(
            _('Strangers may register'),
            value=policy.self_signup,
            help=_('They become students here. Without it people come by invitation.'),
        )
        if not may_sign_up:
            notice(_('Public registration is switched off for this installation, so nobody can register now.'))

    @action(fields={'password_length': length, 'email_domains': domains})
    async def save() -> None:
        wanted = Policy(
            password_length=int(length.value or 0),
            work_email_only=work_only.value,
            email_domains=domains_in(str(domains.value or '')),
            self_signup=sign_up.value,
            second_factor_required=factor.value,
        )
        kept = await services.policies.set(viewer, viewer.organization_id, wanted)
        domains.value = '\n'.join(kept.email_domains)
        toast(_('The policy is saved and holds from now on.'))

    with line('close'):
        button(_('Save policy'), kind='primary', on_click=save)
