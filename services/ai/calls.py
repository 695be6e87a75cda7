"""One call of an author as history and ledger keep it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.ai.budget import Asked, caps, warn
from services.ai.prices import price
from services.clock import now
from services.tracing import origin
from services.work import Work
from storage import ai_budget as rows
from storage.ai_budget import AiHold
from storage.ai_ledger import BUDGET, FAILED, AiAct, add_to_ledger
from storage.model_keys import UNCLAIMED, ModelCall

EXTRACTIVE = 'offline'


@dataclass(frozen=True, kw_only=True)
class About:
    """What a call is for. An empty `purpose`: the author's method; no person: whoever asks."""

    purpose: str = ''
    person_id: UUID | None = None
    person: str = ''
    workflow_id: UUID | None = None
    block_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What became of a call."""

    asked: Asked
    call_id: UUID
    result: str
    prompt_version: str = ''
    prompt_hash: str = ''
    output_hash: str = ''
    tokens: tuple[int, int] = (0, 0)
    seconds: float = 0.0


async def write_call(work: Work, ended: Ended, *, warns: bool = False) -> None:
    """Into the history and the ledger; `warns` the administrators where a cap comes near. Hold the ledger."""
    asked, tokens = ended.asked, ended.tokens
    policy = await rows.policy_of(work.scope)
    known = None
    if asked.provider != EXTRACTIVE:
        known = await price(work.scope, policy, asked.model, own_address=asked.own_address)
        if warns and any(tokens):
            await warn(work, await caps(work.scope, policy, now()), known, tokens)
    if asked.provider == EXTRACTIVE or ended.result == BUDGET:
        cost: int | None = 0
    else:  # of a call that broke off nobody knows what the provider charges
        cost = known.of(*tokens) if known and (any(tokens) or ended.result != FAILED) else None
    common: dict[str, Any] = {
        'purpose': asked.purpose,
        'provider': asked.provider,
        'model': asked.model,
        'prompt_version': ended.prompt_version,
        'input_tokens': tokens[0],
        'output_tokens': tokens[1],
        'cost_micros': cost,
        'currency': policy.currency,
        'seconds': ended.seconds,
        'result': ended.result,
        'workflow_id': asked.workflow_id,
        'block_id': asked.block_id,
    }
    once = f'{UNCLAIMED}{ended.call_id}'
    work.add(ModelCall(id=ended.call_id, person_id=asked.actor_id, once=once, **common))
    add_to_ledger(
        work.scope,
        AiAct(
            actor_id=asked.actor_id,
            actor=asked.actor,
            prompt_hash=ended.prompt_hash,
            output_hash=ended.output_hash,
            call_id=ended.call_id,
            request_id=origin().request_id,
            **common,
        ),
    )


def cut_off_call(left: AiHold) -> Ended:
    """A call whose process died: nobody knows what it took."""
    asked = Asked(
        purpose=left.purpose,
        provider=left.provider,
        model=left.model,
        own_address=False,
        most=(0, 0),
        actor_id=left.actor_id,
        actor=left.actor,
        workflow_id=left.workflow_id,
        block_id=left.block_id,
    )
    return Ended(asked=asked, call_id=left.id, result=FAILED)
