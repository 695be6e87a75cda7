"""What is printed when the site starts."""

from app.settings import Settings

DEMO_PASSWORD = 'coursewright-demo'  # noqa: S105 (printed at every start, and never made in production)
DEMO_PEOPLE = {
    'instructor': 'makes courses and teaches them',
    'reviewer': 'approves drafts',
    'student': 'learns',
    'admin': 'runs the organisation',
    'site': 'runs the installation',
}


def banner(settings: Settings) -> str:
    lines = ['', f'  Coursewright is at {settings.address}']
    if settings.demo:
        lines += ['', f'  Demo accounts (password for all: {DEMO_PASSWORD})']
        lines += [f'    {f"{who}@demo.example":<28}{what}' for who, what in DEMO_PEOPLE.items()]
    lines += ['', '  Switched off']
    lines += [f'    {what:<20}{why}' for what, why in _off(settings)]
    return '\n'.join([*lines, ''])


def _off(settings: Settings) -> list[tuple[str, str]]:
    off = []
    if settings.llm_provider == 'offline':
        off.append(('AI models', 'no key: drafts are extracted from your documents; set COURSEWRIGHT_LLM_PROVIDER'))
    if settings.database_url.startswith('sqlite'):
        off.append(('PostgreSQL', 'SQLite in the data directory; set COURSEWRIGHT_DATABASE_URL'))
    if not settings.redis_url:
        off.append(('Redis', 'one process needs none; set COURSEWRIGHT_REDIS_URL for replicas'))
    off.append(('Labs', 'not part of this release'))
    return off
