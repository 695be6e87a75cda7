"""Threads on blocks, and what each reviewer has looked at"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        'review_threads',
        sa.Column('workflow_id', sa.Uuid(), sa.ForeignKey('workflows.id'), nullable=False),
        sa.Column('about', sa.String(), nullable=False),
        sa.Column('stage', sa.String(), nullable=False),
        sa.Column('block_id', sa.Uuid(), sa.ForeignKey('blocks.id'), nullable=True),
        sa.Column('part_id', sa.Uuid(), nullable=True),
        sa.Column('part_title', sa.String(), nullable=False),
        sa.Column('proposal_id', sa.Uuid(), sa.ForeignKey('proposals.id'), nullable=True),
        sa.Column('quote', sa.String(), nullable=False),
        sa.Column('status', sa.String(), nullable=False),
        sa.Column('resolved_by', sa.Uuid(), sa.ForeignKey('users.id'), nullable=True),
        sa.Column('resolver', sa.String(), nullable=False),
        sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index('ix_review_threads_block_id', 'review_threads', ['block_id'])
    op.create_index('ix_review_threads_listed', 'review_threads', ['organization_id', 'workflow_id', 'status'])
    _table(
        'review_messages',
        sa.Column('thread_id', sa.Uuid(), sa.ForeignKey('review_threads.id'), nullable=False),
        sa.Column('author_id', sa.Uuid(), sa.ForeignKey('users.id'), nullable=True),
        sa.Column('author', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('mentions', sa.JSON(), nullable=False),
        sa.Column('earlier', sa.JSON(), nullable=False),
        sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index('ix_review_messages_thread_id', 'review_messages', ['thread_id'])
    _table(
        'block_looks',
        sa.Column('user_id', sa.Uuid(), sa.ForeignKey('users.id'), nullable=False),
        sa.Column('block_id', sa.Uuid(), sa.ForeignKey('blocks.id'), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('content_hash', sa.String(), nullable=False),
        sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint('user_id', 'block_id'),
    )
    op.create_index('ix_block_looks_user_id', 'block_looks', ['user_id'])
    op.create_index('ix_block_looks_block_id', 'block_looks', ['block_id'])


def downgrade() -> None:
    for table in ('block_looks', 'review_messages', 'review_threads'):
        op.drop_table(table)


def _table(name: str, *parts: 'sa.Column[object] | sa.Constraint') -> None:
    """Of organisations."""
    op.create_table(
        name,
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('organization_id', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(['organization_id'], ['organizations.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(f'ix_{name}_organization_id', name, ['organization_id'])
