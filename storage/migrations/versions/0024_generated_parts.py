"""Parts generated one by one, and translations"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        'regenerations',
        _key('version_id', 'course_versions'),
        _key('lesson_id', 'lessons'),
        _key('block_id', 'blocks', nullable=True),
        sa.Column('type', sa.String(), nullable=False),
        sa.Column('instruction', sa.String(), nullable=False),
        sa.Column('base_hash', sa.String(), nullable=False),
        *_run(),
        _key('proposal_id', 'proposals', nullable=True),
        sa.Column('answer', sa.String(), nullable=False),
        sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index('ix_regenerations_block_id', 'regenerations', ['block_id'])
    op.create_index('ix_regenerations_listed', 'regenerations', ['organization_id', 'version_id', 'status'])
    _table(
        'generated_parts',
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('topic', sa.String(), nullable=False),
        sa.Column('asked', sa.JSON(), nullable=False),
        sa.Column('document_ids', sa.JSON(), nullable=False),
        *_run(),
        sa.Column('result', sa.JSON(), nullable=True),
        sa.Column('added', sa.JSON(), nullable=False),
        sa.Column('model', sa.String(), nullable=False),
        sa.Column('seconds', sa.Float(), nullable=False),
        sa.Column('answer', sa.String(), nullable=False),
        sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index('ix_generated_parts_listed', 'generated_parts', ['organization_id', 'deleted_at', 'created_at'])
    _table(
        'translations',
        _key('course_id', 'courses'),
        _key('version_id', 'course_versions'),
        sa.Column('language', sa.String(), nullable=False),
        *_run(),
        sa.Column('progress', sa.Float(), nullable=False),
        _key('target_course_id', 'courses', nullable=True),
        _key('target_version_id', 'course_versions', nullable=True),
    )
    op.create_index('ix_translations_course_id', 'translations', ['course_id'])
    op.create_index('ix_translations_target_course_id', 'translations', ['target_course_id'])
    _table(
        'translated_blocks',
        _key('translation_id', 'translations'),
        _key('block_id', 'blocks'),
        _key('original_id', 'blocks'),
        sa.Column('original_hash', sa.String(), nullable=False),
        sa.UniqueConstraint('block_id'),
    )
    op.create_index('ix_translated_blocks_translation_id', 'translated_blocks', ['translation_id'])
    for table in ('regenerations', 'generated_parts', 'translations'):
        op.create_index(f'ix_{table}_status', table, ['status'])


def downgrade() -> None:
    for table in ('translated_blocks', 'translations', 'generated_parts', 'regenerations'):
        op.drop_table(table)


def _table(name: str, *columns: 'sa.Column[object] | sa.UniqueConstraint') -> None:
    op.create_table(
        name,
        sa.Column('id', sa.Uuid(), nullable=False),
        _key('organization_id', 'organizations'),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(f'ix_{name}_organization_id', name, ['organization_id'])


def _run() -> 'tuple[sa.Column[object], ...]':
    """What all durable work has: who asked for it, how far it is, and how it ended."""
    return (
        sa.Column('status', sa.String(), nullable=False),
        sa.Column('run', sa.Integer(), nullable=False),
        sa.Column('error', sa.String(), nullable=True),
        _key('asked_by', 'users'),
        sa.Column('asker', sa.String(), nullable=False),
        sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    )


def _key(name: str, table: str, *, nullable: bool = False) -> 'sa.Column[object]':
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(f'{table}.id'), nullable=nullable)
