"""Changed sources, words marked as one's own, answers of links, and overrides of the publish check"""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'source_changes',
        *_of_a_tenant(),
        sa.Column('block_id', sa.Uuid(), nullable=False),
        sa.Column('version_id', sa.Uuid(), nullable=False),
        sa.Column('document_id', sa.Uuid(), nullable=False),
        sa.Column('new_document_id', sa.Uuid(), nullable=True),
        sa.Column('document_name', sa.String(), nullable=False),
        sa.Column('page', sa.Integer(), nullable=False),
        sa.Column('start', sa.Integer(), nullable=False),
        sa.Column('quote', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('new_page', sa.Integer(), nullable=True),
        sa.Column('new_text', sa.String(), nullable=False),
        sa.Column('advice', sa.String(), nullable=False),
        sa.Column('proposal_id', sa.Uuid(), nullable=True),
        sa.Column('status', sa.String(), nullable=False),
        sa.Column('decided_by', sa.Uuid(), nullable=True),
        sa.Column('decider', sa.String(), nullable=False),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('reason', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['block_id'], ['blocks.id']),
        sa.ForeignKeyConstraint(['version_id'], ['course_versions.id']),
        sa.ForeignKeyConstraint(['document_id'], ['documents.id']),
        sa.ForeignKeyConstraint(['new_document_id'], ['documents.id']),
        sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id']),
        sa.ForeignKeyConstraint(['decided_by'], ['users.id']),
        sa.UniqueConstraint('block_id', 'document_id', 'page', 'start', 'new_document_id'),
    )
    op.create_index('ix_source_changes_organization_id', 'source_changes', ['organization_id'])
    op.create_index('ix_source_changes_block_id', 'source_changes', ['block_id'])
    op.create_index('ix_source_changes_document_id', 'source_changes', ['document_id'])
    op.create_index('ix_source_changes_listed', 'source_changes', ['organization_id', 'version_id', 'status'])
    op.create_table(
        'own_words',
        *_of_a_tenant(),
        sa.Column('block_id', sa.Uuid(), nullable=False),
        sa.Column('sentence', sa.String(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['block_id'], ['blocks.id']),
        sa.ForeignKeyConstraint(['person_id'], ['users.id']),
        sa.UniqueConstraint('block_id', 'sentence'),
    )
    op.create_index('ix_own_words_organization_id', 'own_words', ['organization_id'])
    op.create_index('ix_own_words_block_id', 'own_words', ['block_id'])
    op.create_table(
        'link_answers',
        *_of_a_tenant(),
        sa.Column('url', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('why', sa.String(), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint('organization_id', 'url'),
    )
    op.create_index('ix_link_answers_organization_id', 'link_answers', ['organization_id'])
    with op.batch_alter_table('course_versions') as versions:
        versions.add_column(sa.Column('override_reason', sa.String(), nullable=False, server_default=''))
        versions.add_column(sa.Column('overridden', sa.JSON(), nullable=True))
    with op.batch_alter_table('blocks') as blocks:
        blocks.add_column(sa.Column('lineage_id', sa.Uuid(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('blocks') as blocks:
        blocks.drop_column('lineage_id')
    with op.batch_alter_table('course_versions') as versions:
        versions.drop_column('overridden')
        versions.drop_column('override_reason')
    op.drop_table('link_answers')
    op.drop_table('own_words')
    op.drop_table('source_changes')


def _of_a_tenant() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('organization_id', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['organization_id'], ['organizations.id']),
        sa.PrimaryKeyConstraint('id'),
    )
