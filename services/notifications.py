"""What a person should know about: said inside the transaction that makes it true, shown until they have read it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.clock import now
from services.errors import NotFound
from services.viewer import Viewer
from services.work import Gate, Work
from storage.notifications import Notification, count_unread, notifications_of, read_all


@dataclass(frozen=True, kw_only=True)
class NotificationView:
    """`text` is a gettext msgid, `subject` the name of what it is about, `path` where it leads."""

    id: UUID
    text: str
    subject: str
    path: str
    at: datetime
    read: bool


class NotificationService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def list(self, viewer: Viewer, *, limit: int = 30) -> Sequence[NotificationView]:
        """The viewer's own, newest first."""
        async with self._gate.reading(viewer) as work:
            return [
                NotificationView(
                    id=row.id,
                    text=row.text,
                    subject=row.subject,
                    path=row.path,
                    at=row.created_at,
                    read=row.read_at is not None,
                )
                for row in await notifications_of(work.scope, work.viewer.user_id, limit=limit)
            ]

    async def unread(self, viewer: Viewer) -> int:
        async with self._gate.reading(viewer) as work:
            return await count_unread(work.scope, work.viewer.user_id)

    async def mark_read(self, viewer: Viewer, notification_id: UUID) -> None:
        async with self._gate.writing(viewer) as work:
            notification = await work.get(Notification, notification_id)
            if notification.user_id != work.viewer.user_id:
                raise NotFound()
            if notification.read_at is None:
                notification.read_at = now()
                work.tx.add(notification)
                work.changed(f'user:{notification.user_id}')

    async def mark_all_read(self, viewer: Viewer) -> None:
        async with self._gate.writing(viewer) as work:
            await read_all(work.scope, work.viewer.user_id, now())
            work.changed(f'user:{work.viewer.user_id}')


async def notify(work: Work, user_ids: Iterable[UUID], text: str, *, subject: str = '', path: str) -> None:
    """Tells these people once the transaction is committed; whoever did it themselves needs no telling."""
    own = work.person.user_id if work.person else None
    for user_id in dict.fromkeys(user_ids):
        if user_id != own:
            work.add(Notification(user_id=user_id, text=text, subject=subject, path=path))
            work.changed(f'user:{user_id}')
