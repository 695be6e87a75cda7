"""Words that a course explains: accepted with the place where a source defines them, or declined for good."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, col

from storage.base import TenantRow
from storage.database import Scope

ACCEPTED, DECLINED = 'accepted', 'declined'


class GlossaryTerm(TenantRow, table=True):
    """`key` is the term as it is compared. `definition` is what learners read; `quote` is where it stands, verbatim,
    in characters of the page. A term that a person wrote has no document."""

    __tablename__ = 'glossary_terms'
    __table_args__ = (UniqueConstraint('course_id', 'key'),)

    course_id: UUID = Field(foreign_key='courses.id', index=True)
    key: str
    term: str
    definition: str = ''
    document_id: UUID | None = None
    document_name: str = ''
    page: int = 0
    start: int = 0
    end: int = 0
    quote: str = ''
    added_by: str = ''
    status: str = ACCEPTED


async def glossary(scope: Scope, course_id: UUID) -> Sequence[GlossaryTerm]:
    """Accepted and declined ones, by the alphabet."""
    statement = scope.rows(GlossaryTerm).where(GlossaryTerm.course_id == course_id)
    return (await scope.tx.exec(statement.order_by(col(GlossaryTerm.key)))).all()


async def term_called(scope: Scope, course_id: UUID, key: str) -> GlossaryTerm | None:
    statement = scope.rows(GlossaryTerm).where(GlossaryTerm.course_id == course_id, GlossaryTerm.key == key)
    return (await scope.tx.exec(statement)).first()
