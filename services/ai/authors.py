"""Which author writes for an organisation right now, and the record of what was written."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.ai.budget import BudgetSpent
from services.ai.calls import EXTRACTIVE, About
from services.ai.metering import Meter
from services.generation.authors.base import Author
from services.sealing import Sealer
from services.work import Gate, Work
from storage import model_keys as rows
from storage.database import Scope
from storage.identity import Organization
from storage.model_keys import ModelCall

__all__ = ['About', 'Authors', 'BudgetSpent', 'Call', 'MakeAuthor']

_NOTHING_SAID = About()
_INSTALLATION = 'installation'


class MakeAuthor(Protocol):
    def __call__(self, provider: str, key: str, model: str, base_url: str) -> Author: ...


@dataclass(frozen=True, kw_only=True)
class Call:
    """`once` names the call, so that a run that is resumed does not count it twice; tokens are (read, written).

    `call_id` is of `Written`; without it the newest call of the same model, prompt and tokens is taken.
    """

    once: str
    purpose: str
    provider: str
    model: str
    prompt_version: str
    tokens: tuple[int, int]
    seconds: float
    workflow_id: UUID | None = None
    person_id: UUID | None = None
    block_id: UUID | None = None
    call_id: UUID | None = None


class Authors:
    """An organisation's own key decides, then the installation's author; without models the extractive author writes.

    `installed` is the installation's, `extractive` makes the one that asks no model, `make` one for a key.
    """

    def __init__(
        self,
        gate: Gate,
        sealer: Sealer,
        *,
        installed: Author,
        extractive: Callable[[], Author],
        make: MakeAuthor,
        meter: Meter | None = None,
    ) -> None:
        self._gate = gate
        self._sealer = sealer
        self._installed = installed
        self._extractive = extractive
        self._make = make
        self._made: dict[UUID, tuple[str, Author]] = {}
        self._turn = asyncio.Lock()
        self.meter = meter or Meter(gate, gate.limits)

    async def of(self, organization_id: UUID, about: About = _NOTHING_SAID) -> Author:
        """Read anew for every call, so that a switch or a budget holds for what already runs.

        Every call of it is metered: held against the budget before (BudgetSpent), counted and written into the AI
        ledger after, whether it was answered or not.
        """
        async with self._gate.database.reading() as tx:
            scope = Scope(tx, organization_id)
            organization = await tx.get_one(Organization, organization_id)
            row = await rows.model_key(scope)
        if organization.ai_enabled:
            author = self._installed if row is None else await self._own(organization_id, row)
        else:
            author = self._installed if self._installed.provider == EXTRACTIVE else self._extractive()
        key = _INSTALLATION if author is self._installed else str(organization_id)
        return self.meter.around(author, organization_id, key=key, about=about)

    async def try_now(self, scope: Scope) -> None:
        """Somebody says that the organisation's provider is back: the next call finds out."""
        own = await rows.model_key(scope) is not None
        self.meter.circuits.of(str(scope.organization_id) if own else _INSTALLATION).try_now()

    def away_until(self) -> datetime | None:
        """When the installation's own provider is asked again, if it does not answer."""
        return self.meter.circuits.away().get(_INSTALLATION)

    async def record(self, work: Work, call: Call) -> None:
        """In the transaction that keeps what was written: says what the call was for. It is counted already."""
        if await rows.call_known(work.scope, call.once):
            return
        found = await rows.unclaimed_call(
            work.scope,
            call_id=call.call_id,
            provider=call.provider,
            model=call.model,
            prompt_version=call.prompt_version,
            tokens=call.tokens,
        )
        row = found or ModelCall(
            provider=call.provider,
            model=call.model,
            prompt_version=call.prompt_version,
            purpose=call.purpose,
            input_tokens=call.tokens[0],
            output_tokens=call.tokens[1],
            seconds=call.seconds,
            once=call.once,
        )
        row.once, row.purpose = call.once, call.purpose
        row.workflow_id = call.workflow_id or row.workflow_id
        row.person_id = call.person_id or row.person_id
        row.block_id = call.block_id or row.block_id
        work.add(row)
        work.changed(f'ai:{work.scope.organization_id}')

    async def close(self) -> None:
        """Ends the connections to providers."""
        for author in (self._installed, *(author for _, author in self._made.values())):
            close = getattr(author, 'close', None)
            if close is not None:
                await close()

    async def _own(self, organization_id: UUID, row: rows.ModelKey) -> Author:
        """Its client is kept between calls, until the key or the model changes."""
        version = f'{row.provider} {row.model} {row.base_url} {row.key}'
        async with self._turn:
            known, author = self._made.get(organization_id, ('', None))
            if author is None or known != version:
                author = self._make(row.provider, self._sealer.open(row.key), row.model, row.base_url)
                self._made[organization_id] = version, author
            return author
