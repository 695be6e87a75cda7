"""What a person should know about, until they have seen it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Field, col, func, select

from storage.base import TenantRow, UtcDateTime
from storage.database import Scope


class Notification(TenantRow, table=True):
    __tablename__ = 'notifications'

    user_id: UUID = Field(foreign_key='users.id', index=True)
    text: str
    subject: str = ''
    path: str
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def notifications_of(scope: Scope, user_id: UUID, *, limit: int = 30) -> Sequence[Notification]:
    """Newest first."""
    statement = scope.rows(Notification).where(Notification.user_id == user_id)
    return (await scope.tx.exec(statement.order_by(col(Notification.created_at).desc()).limit(limit))).all()


async def count_unread(scope: Scope, user_id: UUID) -> int:
    statement = select(func.count(col(Notification.id))).where(
        Notification.organization_id == scope.organization_id,
        Notification.user_id == user_id,
        col(Notification.read_at).is_(None),
    )
    return (await scope.tx.exec(statement)).one()


async def read_all(scope: Scope, user_id: UUID, at: datetime) -> None:
    await scope.tx.exec(
        update(Notification)
        .where(
            col(Notification.organization_id) == scope.organization_id,
            col(Notification.user_id) == user_id,
            col(Notification.read_at).is_(None),
        )
        .values(read_at=at)
        .execution_options(synchronize_session=False)
    )
