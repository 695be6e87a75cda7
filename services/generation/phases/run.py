"""One run of one phase: what all phases share."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.ai.authors import About, Authors, Call
from services.bus import Bus
from services.generation.authors.base import Author, Brief, Written
from services.generation.notices import ask_for_review
from services.generation.resting import Patience, goes_on
from services.generation.starter import require_starter
from services.generation.state import advance, log
from services.knowledge.index import Index
from services.work import Gate, Work
from storage.workflows import Workflow


class Stopped(Exception):
    """Somebody stopped this run, or another run took its place; nothing more to do."""


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What phases work with. `proof_copies` exports an assembled version: (organisation, version).

    `begin` starts the next run: (organisation, workflow, run); `begin_later` in so many seconds."""

    gate: Gate
    bus: Bus
    authors: Authors
    index: Index
    proof_copies: Callable[[UUID, UUID], Awaitable[None]]
    begin: Callable[[UUID, UUID, int], None]
    begin_later: Callable[[UUID, UUID, int, float], None]
    patience: Patience = field(default_factory=Patience)


class PhaseRun:
    def __init__(self, tools: Tools, organization_id: UUID, workflow_id: UUID, run: int) -> None:
        self._tools = tools
        self._organization_id = organization_id
        self._workflow_id = workflow_id
        self._run = run

    async def play(self) -> None:
        """The phase from beginning to end, in steps."""
        raise NotImplementedError

    async def _workflow(self, work: Work) -> Workflow:
        workflow = await work.get(Workflow, self._workflow_id, lock=True)
        if (workflow.status, workflow.run) != ('running', self._run):
            raise Stopped()
        await require_starter(work, workflow)
        return workflow

    async def _review(self, work: Work, workflow: Workflow, event: str, **payload: Any) -> None:
        await advance(work, workflow, event, **payload)
        await ask_for_review(work, workflow, self._run)

    async def _author(self, workflow: Workflow, purpose: str, *, block_id: UUID | None = None) -> Author:
        """Who writes for the organisation now; asked before every call, so that a switch or a budget holds at once."""
        about = About(
            purpose=purpose,
            person_id=workflow.created_by,
            person=workflow.author_name,
            workflow_id=workflow.id,
            block_id=block_id,
        )
        return await self._tools.authors.of(self._organization_id, about)

    async def _log_call(self, work: Work, workflow: Workflow, written: dict[str, Any], **about: str) -> None:
        """`about` names the lesson or block; nothing: the outline."""
        usage = {key: written[key] for key in ('provider', 'model', 'prompt_version', 'seconds', 'tokens')}
        await log(work, self._workflow_id, 'author.wrote', actor=written['model'], **usage, **about)
        kind, part = next(((key.removesuffix('_id'), part) for key, part in about.items()), ('outline', ''))
        goes_on(workflow)
        await self._tools.authors.record(
            work,
            Call(
                once=f'{self._workflow_id}:{self._run}:{kind}:{part}',
                purpose=kind,
                provider=written['provider'],
                model=written['model'],
                prompt_version=written['prompt_version'],
                tokens=(written['tokens'][0], written['tokens'][1]),
                seconds=written['seconds'],
                workflow_id=workflow.id,
                person_id=workflow.created_by,
                block_id=UUID(part) if kind == 'block' else None,
                call_id=UUID(written['call_id']) if written.get('call_id') else None,
            ),
        )


def documents_of(workflow: Workflow) -> list[UUID]:
    return [UUID(key) for key in workflow.document_ids]


def brief_of(workflow: Workflow) -> Brief:
    return Brief(
        title=workflow.title,
        purpose=workflow.brief,
        audience=workflow.audience,
        level=workflow.level,
        hours=workflow.hours,
        language=workflow.language,
    )


def usage_of(written: Written[Any], began: float) -> dict[str, Any]:
    return {
        'provider': written.provider,
        'model': written.model,
        'prompt_version': written.prompt_version,
        'tokens': [written.input_tokens, written.output_tokens],
        'seconds': round(time.monotonic() - began, 2),
        'call_id': str(written.call_id) if written.call_id else '',
    }
