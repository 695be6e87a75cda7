"""What a second factor leaves behind: the steps that were used up, and the codes that stand in for it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from storage.accounts import RecoveryCode
from storage.database import Transaction
from storage.identity import User


async def use_step(tx: Transaction, user_id: UUID, step: int) -> bool:
    """Whether the 30 s step was still unused; it is used up by asking, and so is every one before it."""
    statement = update(User).where(col(User.id) == user_id, col(User.second_factor_step) < step)
    used = await tx.exec(statement.values(second_factor_step=step))
    return bool(used.rowcount)


async def unused_codes(tx: Transaction, user_id: UUID) -> Sequence[RecoveryCode]:
    unused = select(RecoveryCode).where(RecoveryCode.user_id == user_id, col(RecoveryCode.used_at).is_(None))
    return (await tx.exec(unused)).all()


async def count_unused_codes(tx: Transaction, user_id: UUID) -> int:
    unused = select(func.count()).where(col(RecoveryCode.user_id) == user_id, col(RecoveryCode.used_at).is_(None))
    return (await tx.exec(unused)).one()


async def use_code(tx: Transaction, code_id: UUID, at: datetime) -> bool:
    """Whether the code was still unused; it is used up by asking."""
    statement = update(RecoveryCode).where(col(RecoveryCode.id) == code_id, col(RecoveryCode.used_at).is_(None))
    return bool((await tx.exec(statement.values(used_at=at))).rowcount)


async def forget_codes(tx: Transaction, user_id: UUID) -> None:
    await tx.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
