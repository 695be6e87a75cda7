"""What the database itself refuses, whoever writes: the last wall behind the forms and the REST API.

A condition names columns in braces; it holds where it is unknown (NULL), as everywhere in SQL.
"""

from dataclasses import dataclass

ROLES = ('site_admin', 'org_admin', 'instructor', 'student', 'admin', 'editor', 'reviewer', 'viewer')


@dataclass(frozen=True)
class Condition:
    """SQL for both databases; `postgres` where it has to be said differently there."""

    sqlite: str
    postgres: str


def _same(sql: str) -> Condition:
    return Condition(sql, sql)


def _one_of(column: str, *words: str) -> Condition:
    return _same(f'{{{column}}} IN {words}')


def _filled(column: str, at_most: int) -> Condition:
    return _same(f'length(trim({{{column}}})) > 0 AND length({{{column}}}) <= {at_most}')


def _between(column: str, least: int, most: int) -> Condition:
    return _same(f'{{{column}}} BETWEEN {least} AND {most}')


def _at_least(column: str, least: int) -> Condition:
    return _same(f'{{{column}}} >= {least}')


_SLUG = Condition(
    "length({slug}) BETWEEN 1 AND 63 AND {slug} NOT GLOB '*[^a-z0-9-]*'"
    " AND {slug} NOT GLOB '-*' AND {slug} NOT GLOB '*-'",
    "length({slug}) <= 63 AND {slug} ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$'",
)
_HEX = '[0-9A-Fa-f]'
_COLOUR = Condition(f"{{accent}} = '' OR {{accent}} GLOB '#{_HEX * 6}'", "{accent} ~ '^(#[0-9A-Fa-f]{{6}})?$'")
_EMAIL = _same("length({email}) BETWEEN 3 AND 254 AND {email} LIKE '%_@_%' AND {email} = lower({email})")

# table -> name of the constraint -> what holds
CONSTRAINTS: dict[str, dict[str, Condition]] = {
    'organizations': {
        'slug_form': _SLUG,
        'name_filled': _filled('name', 200),
        'accent_colour': _COLOUR,
        'password_length_range': _between('password_length', 8, 128),
        'ai_monthly_tokens_positive': _at_least('ai_monthly_tokens', 0),
    },
    'users': {
        'email_form': _EMAIL,
        'full_name_filled': _filled('full_name', 200),
        'theme_known': _one_of('theme', 'auto', 'light', 'dark'),
        'locale_filled': _filled('locale', 35),
        'time_zone_filled': _filled('time_zone', 64),
    },
    'user_roles': {'role_known': _one_of('role', *ROLES)},
    'held_memberships': {'state_known': _one_of('state', 'suspended', 'removed')},
    'sessions': {'kind_known': _one_of('kind', 'browser', 'program', 'token')},
    'security_events': {
        'kind_filled': _filled('kind', 100),
        'outcome_known': _one_of('outcome', 'success', 'refused'),
    },
    'groups': {'name_filled': _filled('name', 200)},
    'invitations': {'uses_left_positive': _at_least('uses_left', 0)},
    'feature_flags': {'name_filled': _filled('name', 100)},
    'audit_logs': {
        'actor_filled': _filled('actor', 400),
        'action_filled': _filled('action', 100),
        'seq_positive': _at_least('seq', 1),
        'hash_whole': _same('length({hash}) = 64'),
    },
    'audit_heads': {'seq_positive': _at_least('seq', 0)},
    'courses': {'title_filled': _filled('title', 500)},
    'course_versions': {'state_known': _one_of('state', 'draft', 'assembled', 'published')},
    'lessons': {'minutes_positive': _at_least('minutes', 0)},
    'blocks': {
        'review_state_known': _one_of('review_state', 'waiting', 'approved', 'sent_back', 'rewritten'),
        'origin_known': _one_of('origin', 'ai', 'ai_human', 'human'),
        'type_filled': _filled('type', 40),
    },
    'quizzes': {'pass_mark_share': _between('pass_mark', 0, 1)},
    'quiz_attempts': {'score_range': _same('{score} >= 0 AND {score} <= {max_score}')},
    'enrollments': {'status_known': _one_of('status', 'active', 'removed')},
    'documents': {
        'name_filled': _filled('name', 500),
        'status_known': _one_of('status', 'queued', 'indexing', 'indexed', 'failed'),
        'size_positive': _at_least('size', 0),
        'version_positive': _at_least('version', 1),
        'quality_range': _between('quality', 0, 100),
    },
    'folders': {'name_filled': _filled('name', 200)},
    'passage_votes': {'value_known': _same('{value} = 1 OR {value} = -1')},
    'knowledge_settings': {'quality_line_range': _between('quality_line', 0, 100)},
    'exports': {'status_known': _one_of('status', 'queued', 'running', 'ready', 'failed')},
    'files': {'name_filled': _filled('name', 500), 'size_positive': _at_least('size', 0)},
    'workflows': {
        'title_filled': _filled('title', 500),
        'stage_known': _one_of('stage', 'outline', 'content', 'assembly', 'export', 'done'),
        'status_known': _one_of('status', 'running', 'awaiting_review', 'failed', 'cancelled', 'completed'),
    },
    'ai_acts': {
        'act_known': _one_of('act', 'called', 'accepted', 'edited', 'declined'),
        'result_known': _one_of('result', 'ok', 'repaired', 'refused', 'failed', 'budget'),
        'seq_positive': _at_least('seq', 1),
        'hash_whole': _same('length({hash}) = 64'),
        'cost_positive': _at_least('cost_micros', 0),
    },
    'ai_ledger_ends': {'seq_positive': _at_least('seq', 0)},
    'ai_policies': {
        'daily_tokens_positive': _at_least('daily_tokens', 0),
        'monthly_cost_positive': _at_least('monthly_cost_micros', 0),
        'daily_cost_positive': _at_least('daily_cost_micros', 0),
        'currency_form': _same('length({currency}) = 3'),
    },
    'ai_prices': {
        'model_filled': _filled('model', 120),
        'input_positive': _at_least('input_micros', 0),
        'output_positive': _at_least('output_micros', 0),
    },
    'model_calls': {'cost_positive': _at_least('cost_micros', 0)},
    'source_changes': {
        'kind_known': _one_of('kind', 'changed', 'gone', 'moved', 'removed'),
        'status_known': _one_of('status', 'open', 'dismissed', 'settled'),
    },
    'own_words': {'person_filled': _filled('person', 200)},
    'link_answers': {
        'state_known': _one_of('state', 'live', 'dead', 'refused', 'silent'),
        'url_filled': _filled('url', 2000),
    },
    'proposals': {
        'kind_known': _one_of('kind', 'suggestion', 'regeneration', 'chat', 'source'),
        'status_known': _one_of('status', 'open', 'accepted', 'declined', 'undone'),
    },
    'regenerations': {'status_known': _one_of('status', 'queued', 'running', 'unchanged', 'failed', 'ready')},
    'generated_parts': {
        'kind_known': _one_of('kind', 'syllabus', 'slides', 'quiz', 'lab'),
        'status_known': _one_of('status', 'queued', 'running', 'unchanged', 'failed', 'ready'),
        'topic_filled': _filled('topic', 200),
    },
    'translations': {
        'status_known': _one_of('status', 'queued', 'running', 'failed', 'ready'),
        'language_filled': _filled('language', 40),
    },
    'review_settings': {'remind_days_positive': _at_least('remind_days', 0), 'days_range': _between('days', 1, 365)},
    'course_review_rules': {'days_range': _between('days', 1, 365)},
    'review_subjects': {'name_filled': _filled('name', 80)},
    'approvals': {'person_filled': _filled('person', 200), 'hash_filled': _filled('shown_hash', 128)},
    'chat_messages': {
        'kind_known': _one_of('kind', 'person', 'ai'),
        'status_known': _one_of('status', 'waiting', 'writing', 'stopped', 'failed', 'done', 'said'),
        'seq_positive': _at_least('seq', 1),
    },
    'chat_cards': {
        'kind_known': _one_of('kind', 'new_block', 'outline'),
        'status_known': _one_of('status', 'open', 'accepted', 'declined', 'undone'),
    },
    'glossary_terms': {
        'status_known': _one_of('status', 'accepted', 'declined'),
        'term_filled': _filled('term', 120),
    },
    'review_threads': {
        'about_known': _one_of('about', 'block', 'outline', 'draft'),
        'status_known': _one_of('status', 'open', 'resolved'),
        'quote_short': _same('length({quote}) <= 500'),
    },
    'review_messages': {
        'kind_known': _one_of('kind', 'comment', 'sent_back', 'answer'),
        'author_filled': _filled('author', 200),
        'text_short': _same('length({text}) <= 4000'),
    },
    'reviews': {'stage_known': _one_of('stage', 'outline', 'content', 'assembly', 'export')},
}
