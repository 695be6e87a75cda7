"""The audit trail: written in the transaction of the act itself, so neither exists without the other."""

from typing import Any, Protocol
from uuid import UUID

from services.viewer import Viewer
from storage.audit import AuditEvent
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
    scope.add(
        AuditEvent(
            actor_id=viewer.user_id if viewer else None,
            actor=viewer.full_name if viewer else 'Coursewright',
            action=action,
            subject_type=type(subject).__name__,
            subject_id=subject.id,
            before=before,
            after=after,
            because=because,
        )
    )
