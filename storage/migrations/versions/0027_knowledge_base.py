"""Folders, addresses, versions, quality and votes of the knowledge base"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lineage_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('current', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column('replaced_by', sa.Uuid(), nullable=True))
    op.execute('UPDATE documents SET lineage_id = id')
    op.create_index('ix_documents_lineage', 'documents', ['lineage_id', 'version'], unique=True)


def downgrade() -> None:
    op.drop_index('ix_documents_lineage', 'documents')
    with op.batch_alter_table('documents', schema=None) as batch_op:
        for column in ('replaced_by', 'current', 'version', 'lineage_id'):
            batch_op.drop_column(column)
