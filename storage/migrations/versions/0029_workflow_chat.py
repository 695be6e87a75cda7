"""Chat about a course, and words worth a glossary"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        'chat_messages',
        sa.Column('workflow_id', sa.Uuid(), sa.ForeignKey('workflows.id'), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('person_id', sa.Uuid(), sa.ForeignKey('users.id'), nullable=True),
        sa.Column('author', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('status', sa.String(), nullable=False),
        sa.Column('error', sa.String(), nullable=False),
        sa.Column('run', sa.Integer(), nullable=False),
        sa.Column('lesson_id', sa.Uuid(), nullable=True),
        sa.Column('answers', sa.Uuid(), nullable=True),
        sa.Column('by_model', sa.Boolean(), nullable=False),
        sa.Column('cites', sa.JSON(), nullable=False),
        sa.Column('proposal_ids', sa.JSON(), nullable=False),
        sa.Column('seconds', sa.Float(), nullable=False),
        once=['workflow_id', 'seq'],
    )
    op.create_index('ix_chat_messages_person_id', 'chat_messages', ['person_id'])
    op.create_index('ix_chat_messages_status', 'chat_messages', ['status'])
    _table(
        'chat_cards',
        sa.Column('message_id', sa.Uuid(), sa.ForeignKey('chat_messages.id'), nullable=False),
        sa.Column('workflow_id', sa.Uuid(), sa.ForeignKey('workflows.id'), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('lesson_id', sa.Uuid(), nullable=True),
        sa.Column('type', sa.String(), nullable=False),
        sa.Column('summary', sa.String(), nullable=False),
        sa.Column('base_hash', sa.String(), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('sources', sa.JSON(), nullable=False),
        sa.Column('before', sa.JSON(), nullable=True),
        sa.Column('result', sa.String(), nullable=False),
        sa.Column('maker', sa.String(), nullable=False),
        sa.Column('by_model', sa.Boolean(), nullable=False),
        sa.Column('status', sa.String(), nullable=False),
        sa.Column('decided_by', sa.Uuid(), sa.ForeignKey('users.id'), nullable=True),
        sa.Column('decider', sa.String(), nullable=False),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index('ix_chat_cards_message_id', 'chat_cards', ['message_id'])
    op.create_index('ix_chat_cards_workflow_id', 'chat_cards', ['workflow_id'])
    _table(
        'glossary_terms',
        sa.Column('course_id', sa.Uuid(), sa.ForeignKey('courses.id'), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('term', sa.String(), nullable=False),
        sa.Column('definition', sa.String(), nullable=False),
        sa.Column('document_id', sa.Uuid(), nullable=True),
        sa.Column('document_name', sa.String(), nullable=False),
        sa.Column('page', sa.Integer(), nullable=False),
        sa.Column('start', sa.Integer(), nullable=False),
        sa.Column('end', sa.Integer(), nullable=False),
        sa.Column('quote', sa.String(), nullable=False),
        sa.Column('added_by', sa.String(), nullable=False),
        sa.Column('status', sa.String(), nullable=False),
        once=['course_id', 'key'],
    )
    op.create_index('ix_glossary_terms_course_id', 'glossary_terms', ['course_id'])


def downgrade() -> None:
    for table in ('glossary_terms', 'chat_cards', 'chat_messages'):
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
