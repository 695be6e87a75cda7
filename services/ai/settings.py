"""An organisation's choice of model: its own key, whether models may be asked at all, and the budget of a month."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from services import fields
from services.ai.budget import Cap, caps, month_began, next_month
from services.ai.prices import micros, table
from services.clock import now
from services.errors import InvalidInput, NotFound
from services.sealing import Sealer
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import model_keys as rows
from storage.ai_budget import AiPrice, policy_of, price_of
from storage.ai_budget import prices as own_prices
from storage.identity import Organization
from storage.model_keys import ModelKey

PROVIDERS = ('anthropic', 'openai')
_MOST_TOKENS = 2_000_000_000
_MOST_MICROS = 10**12
_CURRENCY = re.compile(r'[A-Z]{3}')
Amount = float | str | None
_MODEL = re.compile(r'[\w.:/@-]{1,120}')


@dataclass(frozen=True, kw_only=True)
class AiSettings:
    """`key_hint` is the end of the key, all that is ever shown of it; `provider` '' where the installation's author
    writes. `spent` are this month's tokens, of `budget` (None: no limit). `caps` are all that are set, with what is
    spent of them; `learns`: whether approved blocks are shown to authors as examples."""

    enabled: bool
    provider: str
    model: str
    base_url: str
    key_hint: str
    budget: int | None
    spent: int
    calls: int
    resets_on: datetime
    daily_tokens: int | None
    monthly_cost_micros: int | None
    daily_cost_micros: int | None
    currency: str
    caps: tuple[Cap, ...]
    learns: bool


@dataclass(frozen=True, kw_only=True)
class PriceView:
    """Millionths of the organisation's currency for a million tokens. `own`: it entered this itself."""

    model: str
    input_micros: int
    output_micros: int
    own: bool


class AiSettingsService:
    def __init__(self, gate: Gate, sealer: Sealer, *, allows: Callable[[str, int], bool]) -> None:
        """`allows(host, port)`: whether the operator lets models be asked at an address of one's own."""
        self._gate = gate
        self._sealer = sealer
        self._allows = allows

    async def get(self, viewer: Viewer) -> AiSettings:
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            return await _view(work)

    async def set_key(
        self, viewer: Viewer, *, provider: str, model: str, key: str = '', base_url: str = ''
    ) -> AiSettings:
        """An empty `key` keeps the one that is there. It is written once and never shown again."""
        if provider not in PROVIDERS:
            fault = 'Choose one of the providers in the list.'
            raise InvalidInput(fault, fields={'provider': fault})
        if not _MODEL.fullmatch(model):
            fault = 'Name the model as its provider does, for example claude-sonnet-4-5 or gpt-5.'
            raise InvalidInput(fault, fields={'model': fault})
        self._check_address(base_url)
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            row = await rows.model_key(work.scope)
            before = _named(row) if row else None
            if not key and (row is None or (row.provider, row.base_url) != (provider, base_url)):
                fault = 'Enter the key that belongs to this provider.'
                raise InvalidInput(fault, fields={'key': fault})
            row = row or ModelKey(provider='', model='', key='', changed_by=work.viewer.user_id)
            row.provider, row.model, row.base_url = provider, model, base_url
            row.changed_by = work.viewer.user_id
            if key:
                secret = fields.line('key', key, limit=500)
                row.key, row.hint = self._sealer.seal(secret), secret[-4:] if len(secret) >= 12 else ''
            work.add(row)
            work.record('model_key.changed', row, before=before, after={**_named(row), 'new_key': bool(key)})
            work.changed(f'ai:{work.scope.organization_id}')
            await work.tx.flush()
            return await _view(work)

    async def remove_key(self, viewer: Viewer) -> AiSettings:
        """The installation's own author writes from now on."""
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            row = await rows.model_key(work.scope)
            if row is None:
                raise NotFound()
            work.record('model_key.removed', row, before=_named(row))
            await work.tx.delete(row)
            work.changed(f'ai:{work.scope.organization_id}')
            await work.tx.flush()
            return await _view(work)

    async def set_limits(self, viewer: Viewer, *, enabled: bool, budget: int | None) -> AiSettings:
        if budget is not None and not 0 <= budget <= _MOST_TOKENS:
            fault = 'A budget is a number of tokens from 0 to 2,000,000,000, or empty for no limit.'
            raise InvalidInput(fault, fields={'budget': fault})
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            organization = await work.tx.get_one(Organization, work.scope.organization_id)
            before = {'ai_enabled': organization.ai_enabled, 'ai_monthly_tokens': organization.ai_monthly_tokens}
            organization.ai_enabled, organization.ai_monthly_tokens = enabled, budget
            work.tx.add(organization)
            after = {'ai_enabled': enabled, 'ai_monthly_tokens': budget}
            work.record('organization.ai_changed', organization, before=before, after=after)
            work.changed(f'ai:{work.scope.organization_id}')
            return await _view(work)

    async def set_caps(
        self, viewer: Viewer, *, daily_tokens: int | None, monthly_cost: Amount, daily_cost: Amount, currency: str
    ) -> AiSettings:
        """Beside the monthly tokens; None: no such cap. Prices of one's own are in the same currency."""
        currency = currency.strip().upper()
        if not _CURRENCY.fullmatch(currency):
            fault = 'A currency is three letters, for example USD or EUR.'
            raise InvalidInput(fault, fields={'currency': fault})
        if daily_tokens is not None and not 0 <= daily_tokens <= _MOST_TOKENS:
            fault = 'A budget is a number of tokens from 0 to 2,000,000,000, or empty for no limit.'
            raise InvalidInput(fault, fields={'daily_tokens': fault})
        after = {
            'daily_tokens': daily_tokens,
            'monthly_cost_micros': _micros('monthly_cost', monthly_cost),
            'daily_cost_micros': _micros('daily_cost', daily_cost),
            'currency': currency,
        }
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            policy = await policy_of(work.scope)
            before = {name: getattr(policy, name) for name in after}
            for name, value in after.items():
                setattr(policy, name, value)
            work.add(policy)
            work.record('ai_policy.changed', policy, before=before, after=after)
            work.changed(f'ai:{work.scope.organization_id}')
            await work.tx.flush()
            return await _view(work)

    async def prices(self, viewer: Viewer) -> list[PriceView]:
        """The organisation's own, and those of the installation's table that they do not replace."""
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            policy = await policy_of(work.scope)
            known = {
                one.model: PriceView(
                    model=one.model, input_micros=one.input_micros, output_micros=one.output_micros, own=False
                )
                for one in table().values()
                if one.currency == policy.currency
            }
            for row in await own_prices(work.scope):
                known[row.model] = PriceView(
                    model=row.model, input_micros=row.input_micros, output_micros=row.output_micros, own=True
                )
            return sorted(known.values(), key=lambda one: (not one.own, one.model))

    async def set_price(self, viewer: Viewer, model: str, *, input: Amount, output: Amount) -> None:
        """What a million tokens cost, read and written, in the organisation's currency."""
        if not _MODEL.fullmatch(model):
            fault = 'Name the model as its provider does, for example claude-sonnet-4-5 or gpt-5.'
            raise InvalidInput(fault, fields={'model': fault})
        read, written = _micros('input', input), _micros('output', output)
        if read is None or written is None:
            missing = 'input' if read is None else 'output'
            fault = 'Enter what a million tokens cost.'
            raise InvalidInput(fault, fields={missing: fault})
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            row = await price_of(work.scope, model) or AiPrice(model=model, input_micros=0, output_micros=0)
            row.input_micros, row.output_micros = read, written
            work.add(row)
            work.record('ai_price.changed', row, after={'model': model, 'input': read, 'output': written})
            work.changed(f'ai:{work.scope.organization_id}')

    async def remove_price(self, viewer: Viewer, model: str) -> None:
        """The installation's table holds again, if the model stands there."""
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            row = await price_of(work.scope, model)
            if row is None:
                raise NotFound()
            work.record('ai_price.removed', row, before={'model': model})
            await work.tx.delete(row)
            work.changed(f'ai:{work.scope.organization_id}')

    def _check_address(self, base_url: str) -> None:
        if not base_url:
            return
        try:
            parts = urlsplit(base_url)
            port = parts.port or (443 if parts.scheme == 'https' else 80)
        except ValueError:
            parts, port = urlsplit(''), 0
        if parts.scheme not in ('http', 'https') or not parts.hostname or parts.username:
            fault = 'Enter an address that begins with https://, or leave it empty for the provider’s own.'
            raise InvalidInput(fault, fields={'base_url': fault})
        if not self._allows(parts.hostname, port):
            fault = 'This installation does not let models be asked at that address. Ask who runs it to allow it.'
            raise InvalidInput(fault, fields={'base_url': fault})


def _micros(name: str, amount: Amount) -> int | None:
    if amount is None:
        return None
    try:
        value = micros(amount)
    except ArithmeticError:
        value = -1
    if not 0 <= value <= _MOST_MICROS:
        fault = 'Enter an amount from 0 to 1,000,000, or leave it empty.'
        raise InvalidInput(fault, fields={name: fault})
    return value


async def _view(work: Work) -> AiSettings:
    organization = await work.tx.get_one(Organization, work.scope.organization_id)
    row = await rows.model_key(work.scope)
    began = month_began(now())
    policy = await policy_of(work.scope)
    spent, calls = await rows.tokens_since(work.scope, began)
    return AiSettings(
        enabled=organization.ai_enabled,
        provider=row.provider if row else '',
        model=row.model if row else '',
        base_url=row.base_url if row else '',
        key_hint=row.hint if row else '',
        budget=organization.ai_monthly_tokens,
        spent=spent,
        calls=calls,
        resets_on=next_month(began),
        daily_tokens=policy.daily_tokens,
        monthly_cost_micros=policy.monthly_cost_micros,
        daily_cost_micros=policy.daily_cost_micros,
        currency=policy.currency,
        caps=tuple(await caps(work.scope, policy, now())),
        learns=policy.learns,
    )


def _named(row: ModelKey) -> dict[str, str]:
    return {'provider': row.provider, 'model': row.model, 'base_url': row.base_url}
