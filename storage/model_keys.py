"""Which model writes for an organisation, and the sealed key it is asked with."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.base import TenantRow


class ModelKey(TenantRow, table=True):
    """At most one per organisation; none: the installation's own author writes. `key` is sealed, `hint` its end."""

    __tablename__ = 'model_keys'
    __table_args__ = (UniqueConstraint('organization_id'),)

    provider: str
    model: str
    base_url: str = ''
    key: str
    hint: str = ''
    changed_by: UUID = Field(foreign_key='users.id')
