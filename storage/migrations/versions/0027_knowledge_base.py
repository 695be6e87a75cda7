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
        batch_op.add_column(sa.Column('folder_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('source_url', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('etag', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('language', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('quality', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('quality_reasons', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('included_anyway', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('hidden', sa.Integer(), nullable=False, server_default='0'))
    op.execute('UPDATE documents SET lineage_id = id')
    op.create_index('ix_documents_lineage', 'documents', ['lineage_id', 'version'], unique=True)
    op.create_index('ix_documents_folder_id', 'documents', ['folder_id'])
    op.create_table(
        'folders',
        *_every_row(),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=True),
        sa.Column('held', sa.JSON(), nullable=False),
        sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['parent_id'], ['folders.id']),
    )
    op.create_table(
        'hidden_texts',
        *_every_row(),
        sa.Column('document_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('page', sa.Integer(), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['document_id'], ['documents.id']),
    )
    op.create_table(
        'passage_votes',
        *_every_row(),
        sa.Column('user_id', sa.Uuid(), nullable=False),
        sa.Column('voter', sa.String(), nullable=False),
        sa.Column('document_id', sa.Uuid(), nullable=False),
        sa.Column('document_name', sa.String(), nullable=False),
        sa.Column('page', sa.Integer(), nullable=False),
        sa.Column('start', sa.Integer(), nullable=False),
        sa.Column('end', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('text_hash', sa.String(), nullable=False),
        sa.Column('query', sa.String(), nullable=False),
        sa.Column('query_hash', sa.String(), nullable=False),
        sa.Column('query_vector', sa.LargeBinary(), nullable=False),
        sa.Column('value', sa.Integer(), nullable=False),
        sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['document_id'], ['documents.id']),
        sa.ForeignKeyConstraint(['user_id'], ['users.id']),
        sa.UniqueConstraint('organization_id', 'user_id', 'query_hash', 'text_hash'),
    )
    op.create_table(
        'knowledge_queries',
        *_every_row(),
        sa.Column('query', sa.String(), nullable=False),
        sa.Column('query_hash', sa.String(), nullable=False),
        sa.Column('collection', sa.String(), nullable=False),
        sa.Column('results', sa.Integer(), nullable=False),
        sa.Column('best', sa.Float(), nullable=False),
        sa.Column('helped', sa.Boolean(), nullable=False),
    )
    op.create_table(
        'knowledge_settings',
        *_every_row(),
        sa.Column('quality_line', sa.Integer(), nullable=False),
        sa.Column('learns', sa.Boolean(), nullable=False),
        sa.UniqueConstraint('organization_id'),
    )
    for table in _TABLES:
        op.create_index(f'ix_{table}_organization_id', table, ['organization_id'])
    op.create_index('ix_folders_parent_id', 'folders', ['parent_id'])
    op.create_index('ix_hidden_texts_document_id', 'hidden_texts', ['document_id'])
    op.create_index('ix_passage_votes_document_id', 'passage_votes', ['document_id'])
    op.create_index('ix_knowledge_queries_asked', 'knowledge_queries', ['organization_id', 'created_at'])


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.drop_index('ix_documents_folder_id', 'documents')
    op.drop_index('ix_documents_lineage', 'documents')
    with op.batch_alter_table('documents', schema=None) as batch_op:
        for column in _COLUMNS:
            batch_op.drop_column(column)


_TABLES = ('folders', 'hidden_texts', 'passage_votes', 'knowledge_queries', 'knowledge_settings')
_COLUMNS = (
    'hidden included_anyway quality_reasons quality language fetched_at etag source_url folder_id'
    ' replaced_by current version lineage_id'
).split()


def _every_row() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('organization_id', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['organization_id'], ['organizations.id']),
        sa.PrimaryKeyConstraint('id'),
    ]
