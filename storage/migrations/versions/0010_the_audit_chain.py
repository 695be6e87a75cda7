"""The audit trail becomes a chain; rows from before it are taken in

They are numbered in the order of their time. That proves nothing about what happened to them earlier: it proves that
nobody touched them since.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.audit_chain import row_hash
from storage.base import UtcDateTime

revision = '0010'
down_revision = '0004'
branch_labels = None
depends_on = None

_AT_ONCE = 1000

_logs = sa.table(
    'audit_logs',
    sa.column('id', sa.Uuid()),
    sa.column('organization_id', sa.Uuid()),
    sa.column('created_at', UtcDateTime()),
    sa.column('actor_id', sa.Uuid()),
    sa.column('actor', sa.String()),
    sa.column('action', sa.String()),
    sa.column('subject_type', sa.String()),
    sa.column('subject_id', sa.Uuid()),
    sa.column('before', sa.JSON()),
    sa.column('after', sa.JSON()),
    sa.column('because', sa.String()),
    sa.column('request_id', sa.String()),
    sa.column('address', sa.String()),
    sa.column('seq', sa.Integer()),
    sa.column('previous_hash', sa.String()),
    sa.column('hash', sa.String()),
)
_heads = sa.table(
    'audit_heads',
    sa.column('id', sa.Uuid()),
    sa.column('organization_id', sa.Uuid()),
    sa.column('created_at', UtcDateTime()),
    sa.column('seq', sa.Integer()),
    sa.column('hash', sa.String()),
)


def upgrade() -> None:
    connection = op.get_bind()
    organizations = connection.execute(sa.select(_logs.c.organization_id).distinct()).scalars().all()
    for organization_id in organizations:
        _adopt(connection, organization_id)
    op.create_index('ix_audit_logs_chain', 'audit_logs', ['organization_id', 'seq'], unique=True)


def downgrade() -> None:
    op.drop_index('ix_audit_logs_chain', 'audit_logs')
    op.execute('DELETE FROM audit_heads')


def _adopt(connection: sa.Connection, organization_id: Any) -> None:
    seq, previous, first = 0, '', None
    changes: list[dict[str, Any]] = []
    for row in _in_order(connection, organization_id):
        seq, first = seq + 1, first or row
        said = {**row, 'seq': seq, 'previous_hash': previous}
        changes.append({'row_id': row['id'], 'seq': seq, 'previous_hash': previous, 'hash': row_hash(said)})
        previous = changes[-1]['hash']
    change = (
        sa.update(_logs)
        .where(_logs.c.id == sa.bindparam('row_id'))
        .values(seq=sa.bindparam('seq'), previous_hash=sa.bindparam('previous_hash'), hash=sa.bindparam('hash'))
    )
    for start in range(0, len(changes), _AT_ONCE):
        connection.execute(change, changes[start : start + _AT_ONCE])
    if first is not None:
        connection.execute(
            sa.insert(_heads),
            {
                'id': first['id'],
                'organization_id': organization_id,
                'created_at': first['created_at'],
                'seq': seq,
                'hash': previous,
            },
        )


def _in_order(connection: sa.Connection, organization_id: Any) -> Iterator[dict[str, Any]]:
    found = connection.execute(
        sa.select(_logs).where(_logs.c.organization_id == organization_id).order_by(_logs.c.created_at, _logs.c.id)
    )
    for row in found.mappings():
        yield dict(row)
