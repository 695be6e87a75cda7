"""Proposals: changes to blocks that wait for a person"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'proposals',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('organization_id', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('block_id', sa.Uuid(), nullable=False),
        sa.Column('version_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('base_hash', sa.String(), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('content_hash', sa.String(), nullable=False),
        sa.Column('sources', sa.JSON(), nullable=True),
        sa.Column('before', sa.JSON(), nullable=True),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('maker_id', sa.Uuid(), nullable=True),
        sa.Column('maker', sa.String(), nullable=False),
        sa.Column('by_model', sa.Boolean(), nullable=False),
        sa.Column('status', sa.String(), nullable=False),
        sa.Column('decided_by', sa.Uuid(), nullable=True),
        sa.Column('decider', sa.String(), nullable=False),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('answer', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['organization_id'], ['organizations.id']),
        sa.ForeignKeyConstraint(['block_id'], ['blocks.id']),
        sa.ForeignKeyConstraint(['version_id'], ['course_versions.id']),
        sa.ForeignKeyConstraint(['maker_id'], ['users.id']),
        sa.ForeignKeyConstraint(['decided_by'], ['users.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_proposals_organization_id', 'proposals', ['organization_id'])
    op.create_index('ix_proposals_block_id', 'proposals', ['block_id'])
    op.create_index('ix_proposals_listed', 'proposals', ['organization_id', 'version_id', 'status'])


def downgrade() -> None:
    op.drop_table('proposals')
