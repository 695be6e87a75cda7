"""Reviewers, rules and deadlines of reviews"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

_MOMENTS = ('due_at', 'remind_at', 'reminded_at', 'late_at')


def _own() -> list[sa.Column[object]]:
    return [
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('organization_id', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    ]


def _keys(**columns: str) -> list[sa.Constraint]:
    keys: list[sa.Constraint] = [sa.PrimaryKeyConstraint('id')]
    targets = {'organization_id': 'organizations.id', **columns}
    return keys + [sa.ForeignKeyConstraint([name], [target]) for name, target in targets.items()]


def _indexed(table: str, *columns: str) -> None:
    for column in ('organization_id', *columns):
        op.create_index(f'ix_{table}_{column}', table, [column])


def upgrade() -> None:
    op.add_column('courses', sa.Column('subject', sa.String(), nullable=False, server_default=''))
    op.add_column('reviews', sa.Column('deputy_for', sa.String(), nullable=False, server_default=''))
    op.add_column('reviews', sa.Column('deadline_run', sa.Integer(), nullable=False, server_default='1'))
    for moment in _MOMENTS:
        op.add_column('reviews', sa.Column(moment, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        'review_settings',
        *_own(),
        sa.Column('two_people', sa.Boolean(), nullable=False),
        sa.Column('days', sa.Integer(), nullable=True),
        sa.Column('remind_days', sa.Integer(), nullable=False),
        sa.Column('working_days', sa.Boolean(), nullable=False),
        *_keys(),
        sa.UniqueConstraint('organization_id'),
    )
    _indexed('review_settings')
    op.create_table(
        'course_review_rules',
        *_own(),
        sa.Column('course_id', sa.Uuid(), nullable=False),
        sa.Column('two_people', sa.Boolean(), nullable=False),
        sa.Column('days', sa.Integer(), nullable=True),
        *_keys(course_id='courses.id'),
        sa.UniqueConstraint('organization_id', 'course_id'),
    )
    _indexed('course_review_rules', 'course_id')
    op.create_table(
        'course_reviewers',
        *_own(),
        sa.Column('course_id', sa.Uuid(), nullable=False),
        sa.Column('user_id', sa.Uuid(), nullable=False),
        sa.Column('deputy_id', sa.Uuid(), nullable=True),
        *_keys(course_id='courses.id', user_id='users.id', deputy_id='users.id'),
        sa.UniqueConstraint('organization_id', 'course_id', 'user_id'),
    )
    _indexed('course_reviewers', 'course_id', 'user_id')
    op.create_table(
        'review_subjects',
        *_own(),
        sa.Column('name', sa.String(), nullable=False),
        *_keys(),
        sa.UniqueConstraint('organization_id', 'name'),
    )
    _indexed('review_subjects')
    op.create_table(
        'subject_reviewers',
        *_own(),
        sa.Column('subject_id', sa.Uuid(), nullable=False),
        sa.Column('user_id', sa.Uuid(), nullable=False),
        *_keys(subject_id='review_subjects.id', user_id='users.id'),
        sa.UniqueConstraint('organization_id', 'subject_id', 'user_id'),
    )
    _indexed('subject_reviewers', 'subject_id', 'user_id')
    op.create_table(
        'review_deputies',
        *_own(),
        sa.Column('user_id', sa.Uuid(), nullable=False),
        sa.Column('deputy_id', sa.Uuid(), nullable=False),
        *_keys(user_id='users.id', deputy_id='users.id'),
        sa.UniqueConstraint('organization_id', 'user_id'),
    )
    _indexed('review_deputies', 'user_id', 'deputy_id')
    op.create_table(
        'approvals',
        *_own(),
        sa.Column('review_id', sa.Uuid(), nullable=True),
        sa.Column('block_id', sa.Uuid(), nullable=True),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('person', sa.String(), nullable=False),
        sa.Column('shown_hash', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ended_because', sa.String(), nullable=False),
        *_keys(review_id='reviews.id', block_id='blocks.id', person_id='users.id'),
    )
    _indexed('approvals', 'review_id', 'block_id', 'person_id')


def downgrade() -> None:
    for table in (
        'approvals',
        'review_deputies',
        'subject_reviewers',
        'review_subjects',
        'course_reviewers',
        'course_review_rules',
        'review_settings',
    ):
        op.drop_table(table)
    for column in (*_MOMENTS, 'deadline_run', 'deputy_for'):
        op.drop_column('reviews', column)
    op.drop_column('courses', 'subject')
