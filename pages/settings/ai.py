"""Which model writes for the organisation, how much it may, and what it did."""

from components.action import action
from components.button import button, link_button
from components.card import card
from components.dialog import confirm
from components.field import number_field, select_field, text_field
from components.frame import here
from components.i18n import _, day, ngettext, number, percent
from components.layout import line, page, stack
from components.live import live
from components.markup import escape, markup
from components.notice import notice_html, toast
from components.page_header import page_header
from components.ruler import meter_html
from components.switch_field import switch_field
from pages.areas import area_links
from pages.settings.ai_usage import UsageCard
from pages.settings.ai_words import money
from services.ai.prices import MICROS
from services.ai.settings import AiSettings
from services.platform import Services
from services.viewer import Viewer

_PATH = '/settings/ai'


async def index(viewer: Viewer, services: Services) -> None:
    here((_('Settings'), '/settings'), _('AI'), nav='/settings')
    settings = await services.ai.get(viewer)
    with page(narrow=True):
        with page_header(_('AI'), subtitle=_('Which model drafts, and how much it may')).actions:
            link_button(_('History of calls'), '/settings/ai/history', icon='history')
            link_button(_('Prices'), '/settings/ai/prices', icon='payments')
            link_button(_('House style'), '/settings/ai/style', icon='school')
        area_links(viewer, 'settings', _PATH)
        with stack():
            state = markup()
            state.show(_state_html(settings))
            _limits(viewer, services, settings)
            usage = UsageCard(await services.ai_desk.history.usage(viewer))
            _caps(viewer, services, settings)
            _key(viewer, services, settings)

    async def refresh() -> None:
        state.show(_state_html(await services.ai.get(viewer)))
        usage.show(await services.ai_desk.history.usage(viewer))

    live(state, services.bus, f'ai:{viewer.organization_id}', refresh)


def _state_html(settings: AiSettings) -> str:
    if not settings.enabled:
        return notice_html(
            _('Nothing of yours is sent to a model: drafts are extracted from your documents.'),
            title=_('Models are switched off.'),
        )
    who = _('{model} with your own key', model=settings.model) if settings.provider else _('the installation’s author')
    spent = ngettext('{n} token', '{n} tokens', settings.spent)
    if settings.budget is None:
        words = _('{who} writes. {tokens} this month, no limit.', tokens=spent, who=_capital(who))
        return f'<p>{escape(words)}</p>'
    share = settings.spent / settings.budget if settings.budget else 1.0
    words = _(
        '{tokens} of {budget} used ({share}); the count begins anew on {day}. {who} writes.',
        tokens=number(settings.spent),
        budget=number(settings.budget),
        share=percent(share),
        day=day(settings.resets_on),
        who=_capital(who),
    )
    bar = meter_html(min(share, 1.0), label=_('Budget used'))
    if share >= 1:
        spent_words = _('Drafting stops until {day}, or until you raise the budget.', day=day(settings.resets_on))
        return bar + notice_html(spent_words, tone='warn', title=_('The budget is used up.'))
    return f'{bar}<p>{escape(words)}</p>'


def _limits(viewer: Viewer, services: Services, settings: AiSettings) -> None:
    with card(_('Models')):
        enabled = switch_field(
            _('Models may write'),
            value=settings.enabled,
            help=_('Off: nothing leaves this installation, drafts are extracted from your documents.'),
        )
        budget = number_field(
            _('Budget a month'),
            value=settings.budget,
            unit=_('tokens'),
            minimum=0,
            optional=True,
            help=_('Empty: no limit. A course of ten lessons takes some hundred thousand.'),
        )

        @action(fields={'budget': budget})
        async def save() -> None:
            wanted = None if budget.value is None else int(budget.value)
            await services.ai.set_limits(viewer, enabled=enabled.value, budget=wanted)
            toast(_('Saved. It holds for what is running, too.'))

        with line():
            button(_('Save'), kind='primary', on_click=save)


def _caps(viewer: Viewer, services: Services, settings: AiSettings) -> None:
    with card(_('Caps'), note=_('beside the tokens a month; you are told when four fifths are used')):
        markup(_caps_html(settings))
        daily = number_field(_('Tokens a day'), value=settings.daily_tokens, unit=_('tokens'), minimum=0, optional=True)
        money_month = number_field(
            _('Costs a month'), value=_amount(settings.monthly_cost_micros), minimum=0, step=0.01, optional=True,
            help=_('Needs a known price of the model that writes.'),
        )  # fmt: skip
        money_day = number_field(
            _('Costs a day'), value=_amount(settings.daily_cost_micros), minimum=0, step=0.01, optional=True
        )
        currency = text_field(
            _('Currency'), value=settings.currency, limit=3, help=_('Three letters, of caps and prices: USD, EUR.')
        )

        @action(
            fields={
                'daily_tokens': daily, 'monthly_cost': money_month, 'daily_cost': money_day, 'currency': currency
            }
        )  # fmt: skip
        async def save() -> None:
            await services.ai.set_caps(
                viewer,
                daily_tokens=None if daily.value is None else int(daily.value),
                monthly_cost=money_month.value,
                daily_cost=money_day.value,
                currency=str(currency.value or ''),
            )
            toast(_('Saved. It holds for what is running, too.'))

        with line():
            button(_('Save caps'), on_click=save)


def _caps_html(settings: AiSettings) -> str:
    """How far each cap is used, but for the tokens of the month, which stand above."""
    bars = ''
    for cap in settings.caps:
        if (cap.unit, cap.span) == ('tokens', 'month'):
            continue
        used = number(cap.spent) if cap.unit == 'tokens' else money(cap.spent, cap.currency)
        most = number(cap.limit) if cap.unit == 'tokens' else money(cap.limit, cap.currency)
        words = (
            _('Today {used} of {most} ({share})', used=used, most=most, share=percent(cap.share))
            if cap.span == 'day'
            else _('This month {used} of {most} ({share})', used=used, most=most, share=percent(cap.share))
        )
        bars += meter_html(min(cap.share, 1.0), label=words) + f'<p class="cw-small-text">{escape(words)}</p>'
    return bars


def _amount(micros: int | None) -> float | None:
    return None if micros is None else micros / MICROS


def _key(viewer: Viewer, services: Services, settings: AiSettings) -> None:
    with card(_('Your own key')):
        own = bool(settings.provider)
        providers = {'anthropic': 'Anthropic', 'openai': _('OpenAI, or an address that speaks its protocol')}
        provider = select_field(_('Provider'), providers, value=settings.provider or 'anthropic')
        model = text_field(_('Model'), value=settings.model, placeholder='claude-sonnet-4-5', limit=120)
        key = text_field(
            _('Key'),
            kind='password',
            autocomplete='off',
            limit=500,
            placeholder=_('ends in {end}', end=settings.key_hint) if own and settings.key_hint else '',
            help=_('Kept encrypted and never shown again. Empty: the key stays.') if own else _('Kept encrypted.'),
        )
        address = text_field(
            _('Address'),
            value=settings.base_url,
            kind='url',
            optional=True,
            help=_('Empty: the provider’s own. Others only where this installation allows them.'),
        )

        @action(fields={'provider': provider, 'model': model, 'key': key, 'base_url': address})
        async def save() -> None:
            kept = await services.ai.set_key(
                viewer,
                provider=str(provider.value or ''),
                model=str(model.value or '').strip(),
                key=str(key.value or ''),
                base_url=str(address.value or '').strip(),
            )
            key.value = ''
            remove.set_visibility(True)
            toast(_('{model} writes from now on.', model=kept.model))

        @action
        async def take_away() -> None:
            asked = _('The key is forgotten and cannot be brought back. The installation’s author writes from then on.')
            if await confirm(_('Forget the key?'), asked, do=_('Forget the key'), kind='final'):
                await services.ai.remove_key(viewer)
                remove.set_visibility(False)
                model.value = address.value = ''
                toast(_('The key is forgotten.'))

        with line('close'):
            button(_('Save key'), on_click=save)
            remove = button(_('Forget the key'), kind='danger', on_click=take_away)
            remove.set_visibility(own)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
