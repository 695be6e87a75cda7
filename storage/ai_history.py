"""Every call of an author, found again, and what was used day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from storage.database import Scope
from storage.identity import User
from storage.model_keys import ModelCall
from storage.workflows import Workflow


@dataclass(frozen=True, kw_only=True)
class CallFilter:
    """What is sought; what is empty does not matter. `until` is the first moment that is too late."""

    purpose: str = ''
    result: str = ''
    model: str = ''
    person_id: UUID | None = None
    course_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DayUse:
    """`unpriced`: calls whose cost nobody knows; `cost_micros` is that of the others, in millionths."""

    day: date
    calls: int
    input_tokens: int
    output_tokens: int
    cost_micros: int
    unpriced: int


async def calls(scope: Scope, sought: CallFilter, *, limit: int, offset: int) -> tuple[Sequence[ModelCall], int]:
    """Newest first, and how many there are."""
    statement = _filtered(scope, sought)
    total = (await scope.tx.execute(select(func.count()).select_from(statement.subquery()))).scalar_one()
    ordered = statement.order_by(col(ModelCall.created_at).desc(), col(ModelCall.id))
    return (await scope.tx.exec(ordered.limit(limit).offset(offset))).all(), total


async def people_of(scope: Scope) -> dict[UUID, str]:
    """Who ever asked, by id."""
    asked = select(col(ModelCall.person_id)).where(col(ModelCall.organization_id) == scope.organization_id)
    statement = select(col(User.id), col(User.full_name)).where(col(User.id).in_(asked))
    return {row[0]: row[1] for row in (await scope.tx.execute(statement)).all()}


async def words_of(scope: Scope, column: str) -> Sequence[str]:
    """Every value that occurs in `purpose` or `model`."""
    chosen: Any = getattr(ModelCall, column)
    own = col(ModelCall.organization_id) == scope.organization_id
    return (await scope.tx.execute(select(chosen).where(own).distinct().order_by(chosen))).scalars().all()


async def use_by_day(scope: Scope, since: datetime) -> list[DayUse]:
    """In UTC, oldest first; days without a call are left out."""
    created: Any = col(ModelCall.created_at)
    on_sqlite = scope.tx.get_bind().dialect.name == 'sqlite'
    day = func.date(created if on_sqlite else func.timezone('UTC', created))
    statement = (
        select(
            day,
            func.count(),
            func.sum(ModelCall.input_tokens),
            func.sum(ModelCall.output_tokens),
            func.coalesce(func.sum(ModelCall.cost_micros), 0),
            func.sum(case((col(ModelCall.cost_micros).is_(None), 1), else_=0)),
        )
        .where(
            col(ModelCall.organization_id) == scope.organization_id,
            created >= since,
            col(ModelCall.result) != 'budget',
        )
        .group_by(day)
        .order_by(day)
    )
    return [
        DayUse(
            day=date.fromisoformat(str(row[0])[:10]),
            calls=int(row[1]),
            input_tokens=int(row[2]),
            output_tokens=int(row[3]),
            cost_micros=int(row[4]),
            unpriced=int(row[5]),
        )
        for row in (await scope.tx.execute(statement)).all()
    ]


def _filtered(scope: Scope, sought: CallFilter) -> SelectOfScalar[ModelCall]:
    statement = scope.rows(ModelCall)
    for column, value in (
        (ModelCall.purpose, sought.purpose),
        (ModelCall.result, sought.result),
        (ModelCall.model, sought.model),
        (ModelCall.person_id, sought.person_id),
    ):
        if value:
            statement = statement.where(col(column) == value)
    if sought.course_id:
        own = col(Workflow.organization_id) == scope.organization_id
        of_course = select(col(Workflow.id)).where(own, col(Workflow.course_id) == sought.course_id)
        statement = statement.where(col(ModelCall.workflow_id).in_(of_course))
    if sought.since:
        statement = statement.where(ModelCall.created_at >= sought.since)
    if sought.until:
        statement = statement.where(ModelCall.created_at < sought.until)
    return statement
