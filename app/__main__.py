"""The command line."""

import asyncio
import getpass
import logging
import signal
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import uvicorn

from app import logs
from app.settings import Settings

if TYPE_CHECKING:
    from storage.audit_verdict import Verdict

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
_GRACE_SECONDS = 20
_log = logging.getLogger(__name__)


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help='Address to listen on.')] = '',
    port: Annotated[int, typer.Option(help='Port to listen on.')] = 0,
    data_dir: Annotated[Path | None, typer.Option(help='Where everything is kept.')] = None,
    no_demo: Annotated[bool, typer.Option('--no-demo', help='Do not load the demo organisation.')] = False,
) -> None:
    """Serve the site; prints the address, the demo accounts and what is switched off."""
    given = {'host': host or None, 'port': port or None, 'data_dir': data_dir, 'demo': False if no_demo else None}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    logs.configure(as_json=settings.json_logs, secrets=settings.secrets())
    # Children are started by fork and exec at once, and nothing of LanceDB runs between the two.
    warnings.filterwarnings('ignore', message='lancedb fork support')

    from app import memory
    from app.assembly import create
    from app.banner import banner
    from app.demo.seed import seed
    from app.lines import LARGEST_MESSAGE

    if settings.environment == 'production':
        asyncio.run(_fit_role(settings))
    memory.few_arenas()
    site = create(settings, prepare=seed if settings.demo else None)
    if settings.json_logs:
        _log.info('Coursewright is at %s', settings.address)
    else:
        print(banner(settings), flush=True)
    # Uvicorn shuts down in order and then signals the process again: what asked it to end sees that it ended well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        site,
        host=settings.host,
        port=settings.port,
        ws_per_message_deflate=False,  # its windows cost 210 KB for every open page
        ws_max_size=LARGEST_MESSAGE,
        proxy_headers=False,  # app/proxies.py knows whom to trust
        timeout_graceful_shutdown=_GRACE_SECONDS,
        log_config=None,
        access_log=False,
        server_header=False,
    )


@cli.command()
def migrate() -> None:
    """Bring the database to the schema of this release, as COURSEWRIGHT_DATABASE_OWNER_URL where that is set."""
    from app.schema import migrate as bring
    from storage.migrate import SchemaBehind

    try:
        asyncio.run(bring(Settings()))
    except SchemaBehind as refusal:
        raise SystemExit(str(refusal)) from refusal
    print('The database has the schema of this release.')


@cli.command()
def fsck(data_dir: Annotated[Path | None, typer.Option(help='Where everything is kept.')] = None) -> None:
    """Check the invariants I1 to I10; exits non-zero when one is broken."""
    from app.fsck import check

    settings = Settings(data_dir=data_dir) if data_dir else Settings()
    findings = asyncio.run(check(settings))
    for finding in findings:
        print(finding.line)
    raise typer.Exit(any(finding.broken for finding in findings))


@cli.command()
def verify_audit(data_dir: Annotated[Path | None, typer.Option(help='Where everything is kept.')] = None) -> None:
    """Check the audit trail of every organisation; names the first row that is broken, and exits non-zero then."""
    from app.fsck import trails

    _tell(asyncio.run(trails(Settings(data_dir=data_dir) if data_dir else Settings())))


@cli.command()
def verify_ledger(data_dir: Annotated[Path | None, typer.Option(help='Where everything is kept.')] = None) -> None:
    """Check the AI ledger of every organisation; names the first row that is broken, and exits non-zero then."""
    from app.fsck import trails
    from storage.ai_ledger import LEDGER

    _tell(asyncio.run(trails(Settings(data_dir=data_dir) if data_dir else Settings(), LEDGER)))


@cli.command()
def verify_sources(
    data_dir: Annotated[Path | None, typer.Option(help='Where everything is kept.')] = None,
    course: Annotated[str, typer.Option(help='Id of one course; left out: all of them.')] = '',
) -> None:
    """Look every citation up on its page; names those whose words are not there, and exits non-zero then."""
    from app.fsck import sources

    verified = asyncio.run(sources(Settings(data_dir=data_dir) if data_dir else Settings(), course))
    for one in verified.unresolved:
        place = f'{one.course} {one.version}: not on page {one.page} of {one.document}'
        print(f'{one.citation_id}  {place}: {one.quote[:80]}')
    found = verified.citations - len(verified.unresolved)
    print(f'{found} of {verified.citations} citations stand word for word on their page.')
    raise typer.Exit(bool(verified.unresolved))


@cli.command()
def create_admin(
    email: Annotated[str, typer.Option(help='Of the new site administrator.')],
    name: Annotated[str, typer.Option(help='Full name.')] = 'Administrator',
    organization: Annotated[str, typer.Option(help='Name of the first organisation.')] = 'My organisation',
) -> None:
    """Make a person who is site and organisation administrator; asks for the password on the terminal."""
    from app.administrators import create_administrator

    settings = Settings()
    password = settings.admin_password.get_secret_value() or getpass.getpass('Password: ')
    print(asyncio.run(create_administrator(settings, email, password, name, organization)))


def _tell(verdicts: 'list[Verdict]') -> None:
    for verdict in verdicts:
        said = f'holds   {verdict.rows} rows, the last one is {verdict.head[:16] or "none"}'
        print(f'{verdict.organization}: {said if verdict.holds else f"BROKEN  {verdict.fault}"}')
    raise typer.Exit(not all(verdict.holds for verdict in verdicts))


async def _fit_role(settings: Settings) -> None:
    """One sentence on the terminal; the start itself would say the same below a long trace."""
    from app.schema import refuse_unfit_settings
    from storage.roles import UnfitRole

    try:
        await refuse_unfit_settings(settings)
    except UnfitRole as refusal:
        raise SystemExit(str(refusal)) from refusal


if __name__ == '__main__':
    cli()
