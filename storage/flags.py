"""Features that are switched on and off while the platform runs."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.base import GlobalRow


class FeatureFlag(GlobalRow, table=True):
    """A choice that differs from the flag's default, for everybody or (with `organization_id`) for one organisation."""

    __tablename__ = 'feature_flags'
    __table_args__ = (UniqueConstraint('name', 'organization_id'),)

    name: str
    organization_id: UUID | None = Field(default=None, foreign_key='organizations.id')
    is_on: bool
