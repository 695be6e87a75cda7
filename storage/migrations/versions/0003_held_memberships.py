"""Memberships that are suspended or were removed, and who started an export"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'held_memberships',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('organization_id', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('user_id', sa.Uuid(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('roles', sa.JSON(), nullable=False),
        sa.Column('group_ids', sa.JSON(), nullable=False),
        sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('held_by', sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(['held_by'], ['users.id']),
        sa.ForeignKeyConstraint(['organization_id'], ['organizations.id']),
        sa.ForeignKeyConstraint(['user_id'], ['users.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organization_id', 'user_id'),
    )
    with op.batch_alter_table('held_memberships', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_held_memberships_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_held_memberships_user_id'), ['user_id'], unique=False)

    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitations_email'), ['email'], unique=False)
        batch_op.add_column(sa.Column('name', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('group_ids', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.drop_column('group_id')

    with op.batch_alter_table('exports', schema=None) as batch_op:
        batch_op.add_column(sa.Column('started_by', sa.Uuid(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('exports', schema=None) as batch_op:
        batch_op.drop_column('started_by')

    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('group_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key('fk_invitations_group_id_groups', 'groups', ['group_id'], ['id'])
        batch_op.drop_column('group_ids')
        batch_op.drop_column('name')
        batch_op.drop_index(batch_op.f('ix_invitations_email'))

    op.drop_table('held_memberships')
