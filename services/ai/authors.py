"""Which author writes for an organisation right now, and the record of what was written."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.ai.settings import month_began
from services.clock import now
from services.errors import PlatformError
from services.generation.authors.base import Author
from services.sealing import Sealer
from services.work import Gate, Work
from storage import model_keys as rows
from storage.database import Scope
from storage.identity import Organization
from storage.model_keys import ModelCall

_EXTRACTIVE = 'offline'


class BudgetSpent(PlatformError):
    status_code = 409
    code = 'budget_spent'

    def __init__(self, budget: int) -> None:
        super().__init__(
            'The {budget} tokens of this month are used up. What is written stays. '
            'An administrator can raise the budget under Settings, AI.',
            budget=f'{budget:,}',
        )


class MakeAuthor(Protocol):
    def __call__(self, provider: str, key: str, model: str, base_url: str) -> Author: ...


@dataclass(frozen=True, kw_only=True)
class Call:
    """`once` names the call, so that a run that is resumed does not count it twice; tokens are (read, written)."""

    once: str
    purpose: str
    provider: str
    model: str
    prompt_version: str
    tokens: tuple[int, int]
    seconds: float
    workflow_id: UUID | None = None
    person_id: UUID | None = None


class Authors:
    """An organisation's own key decides, then the installation's author; without models the extractive author writes.

    `installed` is the installation's, `extractive` makes the one that asks no model, `make` one for a key.
    """

    def __init__(
        self, gate: Gate, sealer: Sealer, *, installed: Author, extractive: Callable[[], Author], make: MakeAuthor
    ) -> None:
        self._gate = gate
        self._sealer = sealer
        self._installed = installed
        self._extractive = extractive
        self._make = make
        self._made: dict[UUID, tuple[str, Author]] = {}
        self._turn = asyncio.Lock()

    async def of(self, organization_id: UUID) -> Author:
        """Read anew for every call, so that a switch or a budget holds for what already runs. Raises BudgetSpent."""
        async with self._gate.database.reading() as tx:
            scope = Scope(tx, organization_id)
            organization = await tx.get_one(Organization, organization_id)
            row = await rows.model_key(scope)
            spent, _ = await rows.tokens_since(scope, month_began(now()))
        if not organization.ai_enabled:
            return self._installed if self._installed.provider == _EXTRACTIVE else self._extractive()
        author = self._installed if row is None else await self._own(organization_id, row)
        budget = organization.ai_monthly_tokens
        if budget is not None and author.provider != _EXTRACTIVE and spent >= budget:
            raise BudgetSpent(budget)
        return author

    async def record(self, work: Work, call: Call) -> None:
        """In the transaction that keeps what was written."""
        if await rows.call_known(work.scope, call.once):
            return
        work.add(
            ModelCall(
                provider=call.provider,
                model=call.model,
                prompt_version=call.prompt_version,
                purpose=call.purpose,
                input_tokens=call.tokens[0],
                output_tokens=call.tokens[1],
                seconds=call.seconds,
                workflow_id=call.workflow_id,
                person_id=call.person_id,
                once=call.once,
            )
        )
        work.changed(f'ai:{work.scope.organization_id}')

    async def _own(self, organization_id: UUID, row: rows.ModelKey) -> Author:
        """Its client is kept between calls, until the key or the model changes."""
        version = f'{row.provider} {row.model} {row.base_url} {row.key}'
        async with self._turn:
            known, author = self._made.get(organization_id, ('', None))
            if author is None or known != version:
                author = self._make(row.provider, self._sealer.open(row.key), row.model, row.base_url)
                self._made[organization_id] = version, author
            return author
