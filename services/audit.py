"""The audit trail: written in the transaction of the act itself, so neither exists without the other."""

import json
from typing import Any, Protocol
from uuid import UUID

from services.tracing import origin
from services.viewer import Viewer
from storage.audit import AuditEvent, add_to_trail
from storage.database import Scope


class Subject(Protocol):
    id: UUID


def record(
    scope: Scope,
    viewer: Viewer | None,
    action: str,
    subject: Subject,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    because: str = '',
) -> None:
    """`action` is a noun and a past participle: course.published. No viewer: the platform itself acted."""
    where = origin()
    add_to_trail(
        scope,
        AuditEvent(
            actor_id=viewer.user_id if viewer else None,
            actor=viewer.full_name if viewer else 'Coursewright',
            action=action,
            subject_type=type(subject).__name__,
            subject_id=subject.id,
            before=_as_kept(before),
            after=_as_kept(after),
            because=because,
            request_id=where.request_id,
            address=where.address,
        ),
    )


def _as_kept(values: dict[str, Any] | None) -> dict[str, Any] | None:
    """As the database gives them back: the hash of a row has to be the same before and after."""
    kept: dict[str, Any] | None = json.loads(json.dumps(values))
    return kept
