"""The ledger of AI acts, costs, and what authors learn from"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        'ai_acts',
        sa.Column('act', sa.String(), nullable=False),
        sa.Column('actor_id', sa.Uuid(), nullable=True),
        sa.Column('actor', sa.String(), nullable=False),
        sa.Column('purpose', sa.String(), nullable=False),
        sa.Column('provider', sa.String(), nullable=False),
        sa.Column('model', sa.String(), nullable=False),
        sa.Column('prompt_version', sa.String(), nullable=False),
        sa.Column('prompt_hash', sa.String(), nullable=False),
        sa.Column('output_hash', sa.String(), nullable=False),
        sa.Column('input_tokens', sa.Integer(), nullable=False),
        sa.Column('output_tokens', sa.Integer(), nullable=False),
        sa.Column('cost_micros', sa.BigInteger(), nullable=True),
        sa.Column('currency', sa.String(), nullable=False),
        sa.Column('seconds', sa.Float(), nullable=False),
        sa.Column('result', sa.String(), nullable=False),
        sa.Column('workflow_id', sa.Uuid(), nullable=True),
        sa.Column('block_id', sa.Uuid(), nullable=True),
        sa.Column('call_id', sa.Uuid(), nullable=True),
        sa.Column('request_id', sa.String(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('previous_hash', sa.String(), nullable=False),
        sa.Column('hash', sa.String(), nullable=False),
    )
    op.create_index('ix_ai_acts_actor_id', 'ai_acts', ['actor_id'])
    op.create_index('ix_ai_acts_chain', 'ai_acts', ['organization_id', 'seq'], unique=True)
    _table(
        'ai_ledger_ends',
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('hash', sa.String(), nullable=False),
        once=['organization_id'],
    )
    _table(
        'ai_policies',
        sa.Column('daily_tokens', sa.Integer(), nullable=True),
        sa.Column('monthly_cost_micros', sa.BigInteger(), nullable=True),
        sa.Column('daily_cost_micros', sa.BigInteger(), nullable=True),
        sa.Column('currency', sa.String(), nullable=False),
        sa.Column('learns', sa.Boolean(), nullable=False),
        once=['organization_id'],
    )
    _table(
        'ai_prices',
        sa.Column('model', sa.String(), nullable=False),
        sa.Column('input_micros', sa.BigInteger(), nullable=False),
        sa.Column('output_micros', sa.BigInteger(), nullable=False),
        once=['organization_id', 'model'],
    )
    _table(
        'ai_holds',
        sa.Column('purpose', sa.String(), nullable=False),
        sa.Column('provider', sa.String(), nullable=False),
        sa.Column('model', sa.String(), nullable=False),
        sa.Column('actor_id', sa.Uuid(), nullable=True),
        sa.Column('actor', sa.String(), nullable=False),
        sa.Column('workflow_id', sa.Uuid(), nullable=True),
        sa.Column('block_id', sa.Uuid(), nullable=True),
        sa.Column('tokens', sa.Integer(), nullable=False),
        sa.Column('cost_micros', sa.BigInteger(), nullable=False),
        sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index('ix_ai_holds_ends_at', 'ai_holds', ['ends_at'])
    _table(
        'ai_unlearned',
        sa.Column('block_id', sa.Uuid(), sa.ForeignKey('blocks.id'), nullable=False),
        sa.Column('by', sa.String(), nullable=False),
        once=['organization_id', 'block_id'],
    )
    op.add_column('model_calls', sa.Column('block_id', sa.Uuid(), nullable=True))
    op.add_column('model_calls', sa.Column('result', sa.String(), server_default='ok', nullable=False))
    op.add_column('model_calls', sa.Column('cost_micros', sa.BigInteger(), nullable=True))
    op.add_column('model_calls', sa.Column('currency', sa.String(), server_default='', nullable=False))
    op.create_index('ix_model_calls_when', 'model_calls', ['organization_id', 'created_at'])
    op.add_column('blocks', sa.Column('human_share', sa.Float(), nullable=True))
    # What nobody mixed is known; what people edited before this release is measured when it is edited again.
    op.execute("UPDATE blocks SET human_share = CASE origin WHEN 'ai' THEN 0 WHEN 'human' THEN 1 END")
    op.add_column('workflows', sa.Column('waits_since', sa.DateTime(timezone=True), nullable=True))
    op.add_column('workflows', sa.Column('waits_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('workflows', sa.Column('waits_for', sa.String(), server_default='', nullable=False))
    op.add_column('workflows', sa.Column('tries', sa.Integer(), server_default='0', nullable=False))


def downgrade() -> None:
    for column in ('tries', 'waits_for', 'waits_until', 'waits_since'):
        op.drop_column('workflows', column)
    op.drop_column('blocks', 'human_share')
    op.drop_index('ix_model_calls_when', 'model_calls')
    for column in ('currency', 'cost_micros', 'result', 'block_id'):
        op.drop_column('model_calls', column)
    for table in ('ai_unlearned', 'ai_holds', 'ai_prices', 'ai_policies', 'ai_ledger_ends', 'ai_acts'):
        op.drop_table(table)


def _table(name: str, *columns: 'sa.Column[object]', once: Sequence[str] = ()) -> None:
    """Of organisations; no two rows share what is named by `once`."""
    op.create_table(
        name,
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('organization_id', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(['organization_id'], ['organizations.id']),
        sa.PrimaryKeyConstraint('id'),
        *([sa.UniqueConstraint(*once)] if once else []),
    )
    op.create_index(f'ix_{name}_organization_id', name, ['organization_id'])
