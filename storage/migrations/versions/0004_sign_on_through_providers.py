"""Sessions that came through an identity provider, the roles it gave, and whom it is offered to"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('provider_id', sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f('ix_sessions_provider_id'), ['provider_id'], unique=False)

    with op.batch_alter_table('identity_providers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('offered_by_domain', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('external_identities', schema=None) as batch_op:
        batch_op.add_column(sa.Column('granted_roles', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('external_identities', schema=None) as batch_op:
        batch_op.drop_column('last_used_at')
        batch_op.drop_column('granted_roles')

    with op.batch_alter_table('identity_providers', schema=None) as batch_op:
        batch_op.drop_column('offered_by_domain')

    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sessions_provider_id'))
        batch_op.drop_column('provider_id')
