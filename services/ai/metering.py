"""Around every call of an author: may it be made, how long to wait, and what it took. Nothing is asked without it."""

import asyncio
import hashlib
import inspect
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID, uuid4

from services.ai.budget import Asked, BudgetSpent, PriceUnknown, hold
from services.ai.calls import EXTRACTIVE, About, Ended, cut_off_call, write_call
from services.ai.circuit import Circuit, Circuits, ProviderAway
from services.clock import now
from services.generation.authors.base import (
    Author,
    AuthorAnsweredNonsense,
    AuthorError,
    AuthorUnavailable,
    Passage,
    Written,
)
from services.limits import MODEL_KILOTOKENS, MODEL_REQUESTS, Limits
from services.tracing import actor
from services.work import Gate
from storage import ai_budget as rows
from storage.ai_budget import AiHold
from storage.ai_ledger import BUDGET, FAILED, OK, REFUSED, REPAIRED, hold_ledger

# The longest prompt holds 320,000 characters of sources; no answer is longer than this many tokens.
_MOST_CHARACTERS, _INSTRUCTIONS, _MOST_WRITTEN = 320_000, 8_000, 32_000
_USUAL_WRITTEN = 4_000
_PATIENCE_SECONDS = 120.0
_LOOK_SECONDS = (0.05, 1.0)


class Meter:
    """Of the installation; `circuits` are shared by all calls of a provider's key, limits by all replicas."""

    def __init__(self, gate: Gate, limits: Limits, circuits: Circuits | None = None) -> None:
        self._gate = gate
        self._limits = limits
        self.circuits = circuits or Circuits()
        self._turns: dict[UUID, asyncio.Lock] = {}

    def around(self, author: Author, organization_id: UUID, *, key: str, about: About) -> Author:
        """The author for calls of this organisation, with a meter; `key` names whose key pays."""
        return cast(Author, MeteredAuthor(author, self, organization_id, key, about))

    async def admit(self, organization_id: UUID, asked: Asked, key: str, expected: int) -> UUID:
        """Waits for its turn; gives the call's id. Raises BudgetSpent, PriceUnknown, AuthorUnavailable."""
        if asked.provider == EXTRACTIVE:
            return uuid4()
        await self._in_turn(key, expected)
        try:
            return (await self._held(organization_id, asked)).id
        except (BudgetSpent, PriceUnknown):
            await self.settle(organization_id, Ended(asked=asked, call_id=uuid4(), result=BUDGET))
            raise

    async def settle(self, organization_id: UUID, ended: Ended) -> None:
        """Pays what the call took, into the history and the ledger."""
        async with self._gate.platform(organization_id) as work:
            await hold_ledger(work.scope)
            at = now()
            for cut_off in await rows.let_go(work.scope, ended.call_id, at):
                await write_call(work, cut_off_call(cut_off))
            await write_call(work, ended, warns=True)
            work.changed(f'ai:{organization_id}')

    async def _in_turn(self, key: str, expected: int) -> None:
        """Waits until the provider's limits have room for one more request of about so many tokens."""
        began = time.monotonic()
        for rule, amount in ((MODEL_REQUESTS, 1), (MODEL_KILOTOKENS, math.ceil(expected / 1000))):
            while (wait := await self._limits.room(rule, key, amount=amount)) is not None:
                if time.monotonic() - began + wait > _PATIENCE_SECONDS:
                    busy = AuthorUnavailable(
                        'Too much is asked of the model provider at once. It goes on by itself in a moment.',
                        retry_after=float(wait),
                    )
                    busy.passing = True
                    raise busy
                await asyncio.sleep(wait)

    async def _held(self, organization_id: UUID, asked: Asked) -> AiHold:
        """One job of the organisation asks at a time, the others wait behind it."""
        began, pause = time.monotonic(), _LOOK_SECONDS[0]
        async with self._turns.setdefault(organization_id, asyncio.Lock()):
            while True:
                async with self._gate.platform(organization_id) as work:
                    taken = await hold(work, asked)
                if taken is not None:
                    return taken
                if time.monotonic() - began > _PATIENCE_SECONDS:
                    waits = AuthorUnavailable(
                        'Other drafts hold the rest of the budget until they are written. It goes on by itself then.',
                        retry_after=60.0,
                    )
                    waits.passing = True
                    raise waits
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, _LOOK_SECONDS[1])


class MeteredAuthor:
    """Any author, each of whose methods that write is metered: those that are added later, too."""

    def __init__(self, author: Author, meter: Meter, organization_id: UUID, key: str, about: About) -> None:
        self.author = author
        self.provider, self.model = author.provider, author.model
        self._meter, self._organization_id, self._key, self._about = meter, organization_id, key, about

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.author, name)
        if name.startswith('_') or name == 'close' or not inspect.iscoroutinefunction(found):
            return found

        async def metered(*given: Any, **named: Any) -> Any:
            return await self._call(name, found, given, named)

        return metered

    async def _call(
        self, name: str, method: Callable[..., Awaitable[Any]], given: Sequence[Any], named: Mapping[str, Any]
    ) -> Any:
        asked, expected = self._asked(name, given, named)
        circuit = self._meter.circuits.of(self._key)
        finds_out = circuit.enter(self._meter.circuits.clock())
        try:
            call_id = await self._meter.admit(self._organization_id, asked, self._key, expected)
            written, ended = await self._made(
                circuit, Ended(asked=asked, call_id=call_id, result=FAILED), method, given, named
            )
        finally:
            if finds_out:
                circuit.leave()
        await self._meter.settle(self._organization_id, ended)
        return replace(written, call_id=call_id) if isinstance(written, Written) else written

    async def _made(
        self,
        circuit: Circuit,
        ended: Ended,
        method: Callable[..., Awaitable[Any]],
        given: Sequence[Any],
        named: Mapping[str, Any],
    ) -> tuple[Any, Ended]:
        began = time.monotonic()
        try:
            written = await method(*given, **named)
        except AuthorError as error:
            self._heed(circuit, error)
            failed = replace(
                ended,
                result=REFUSED if isinstance(error, AuthorAnsweredNonsense) else FAILED,
                prompt_version=error.prompt_version,
                prompt_hash=error.prompt_hash,
                tokens=error.tokens,
                seconds=_passed(began),
            )
            await self._meter.settle(self._organization_id, failed)
            raise
        except Exception:
            await self._meter.settle(self._organization_id, replace(ended, seconds=_passed(began)))
            raise
        circuit.answered()
        return written, _answered(ended, written, _passed(began), given, named)

    def _heed(self, circuit: Circuit, error: AuthorError) -> None:
        """An answer that is no use is an answer; a key that is refused is nothing that waiting mends."""
        if error.passing:
            circuit.failed(self._meter.circuits.clock(), retry_after=error.retry_after)
        else:
            circuit.answered()

    def _asked(self, name: str, given: Sequence[Any], named: Mapping[str, Any]) -> tuple[Asked, int]:
        about, viewer = self._about, actor()
        characters = sum(_length(value) for value in (*given, *named.values()))
        asked = Asked(
            purpose=about.purpose or name,
            provider=self.provider,
            model=self.model,
            own_address=bool(getattr(self.author, 'own_address', False)),
            most=(min(characters, _MOST_CHARACTERS) // 2 + _INSTRUCTIONS, _MOST_WRITTEN),
            actor_id=about.person_id or (viewer.user_id if viewer else None),
            actor=about.person or (viewer.full_name if viewer and about.person_id in (None, viewer.user_id) else ''),
            workflow_id=about.workflow_id,
            block_id=about.block_id,
        )
        return asked, min(characters, _MOST_CHARACTERS) // 4 + _INSTRUCTIONS // 4 + _USUAL_WRITTEN


def _answered(ended: Ended, written: Any, seconds: float, given: Sequence[Any], named: Mapping[str, Any]) -> Ended:
    """Authors that ask no model tell no hashes: theirs are made from what they were given, and from the draft."""
    said = {name: value for name, value in named.items() if not callable(value)}
    return replace(
        ended,
        result=REPAIRED if getattr(written, 'repaired', False) else OK,
        prompt_version=str(getattr(written, 'prompt_version', '')),
        prompt_hash=getattr(written, 'prompt_hash', '') or _hash(repr((given, said))),
        output_hash=getattr(written, 'output_hash', '') or _hash(repr(getattr(written, 'draft', written))),
        tokens=(int(getattr(written, 'input_tokens', 0)), int(getattr(written, 'output_tokens', 0))),
        seconds=seconds,
    )


def _length(value: Any) -> int:
    """Characters of passages and of plain text, as far down as authors are given them."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Passage):
        return len(value.text)
    return sum(map(_length, value)) if isinstance(value, list | tuple) else 0


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _passed(began: float) -> float:
    return round(time.monotonic() - began, 2)


__all__ = ['About', 'Ended', 'Meter', 'MeteredAuthor', 'ProviderAway']
