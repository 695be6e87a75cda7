"""An organisation's choice of model: its own key, whether models may be asked at all, and the budget of a month."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from services import fields
from services.clock import now
from services.errors import InvalidInput, NotFound
from services.sealing import Sealer
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import model_keys as rows
from storage.identity import Organization
from storage.model_keys import ModelKey

PROVIDERS = ('anthropic', 'openai')
_MOST_TOKENS = 2_000_000_000
_MODEL = re.compile(r'[\w.:/@-]{1,120}')


@dataclass(frozen=True, kw_only=True)
class AiSettings:
    """`key_hint` is the end of the key, all that is ever shown of it; `provider` '' where the installation's author
    writes. `spent` are this month's tokens, of `budget` (None: no limit)."""

    enabled: bool
    provider: str
    model: str
    base_url: str
    key_hint: str
    budget: int | None
    spent: int
    calls: int
    resets_on: datetime


@dataclass(frozen=True, kw_only=True)
class CallView:
    at: datetime
    provider: str
    model: str
    prompt_version: str
    purpose: str
    input_tokens: int
    output_tokens: int
    seconds: float
    workflow_id: UUID | None


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

    async def history(self, viewer: Viewer, *, limit: int = 50, offset: int = 0) -> tuple[list[CallView], int]:
        """Every call to a model, the newest first."""
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            found, total = await rows.model_calls(work.scope, limit=limit, offset=offset)
            return [_call(row) for row in found], total

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


def month_began(at: datetime) -> datetime:
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


async def _view(work: Work) -> AiSettings:
    organization = await work.tx.get_one(Organization, work.scope.organization_id)
    row = await rows.model_key(work.scope)
    began = month_began(now())
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
        resets_on=_next_month(began),
    )


def _next_month(began: datetime) -> datetime:
    return began.replace(year=began.year + began.month // 12, month=began.month % 12 + 1)


def _named(row: ModelKey) -> dict[str, str]:
    return {'provider': row.provider, 'model': row.model, 'base_url': row.base_url}


def _call(row: rows.ModelCall) -> CallView:
    return CallView(
        at=row.created_at,
        provider=row.provider,
        model=row.model,
        prompt_version=row.prompt_version,
        purpose=row.purpose,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        seconds=row.seconds,
        workflow_id=row.workflow_id,
    )
