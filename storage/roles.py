"""As whom the platform is connected to PostgreSQL, and whether that keeps organisations apart."""

from dataclasses import dataclass

from sqlalchemy import text

from storage.database import Database
from storage.tables import METADATA

_WHO = text(
    """
    SELECT current_user, rolsuper, rolbypassrls, (
        SELECT count(*) FROM pg_class
        WHERE relname = ANY (:tables) AND relkind = 'r' AND relnamespace = current_schema()::regnamespace
        AND pg_has_role(current_user, relowner, 'MEMBER')
    )
    FROM pg_roles WHERE rolname = current_user
    """
)


@dataclass
class UnfitRole(RuntimeError):
    """Row-level security does not hold, or could be switched off, for the role of COURSEWRIGHT_DATABASE_URL."""

    role: str
    faults: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f'The database role “{self.role}” {" and ".join(self.faults)}, so PostgreSQL would not keep organisations'
            ' apart. Name an ordinary role in COURSEWRIGHT_DATABASE_URL and the owner of the tables in'
            ' COURSEWRIGHT_DATABASE_OWNER_URL. The statements that make the two stand in docs/database-roles.md.'
        )


async def refuse_unfit_role(database: Database) -> None:
    """Raises UnfitRole for a superuser, a role with BYPASSRLS and an owner of the tables."""
    if database.is_sqlite:
        return
    async with database.engine.connect() as connection:
        found = await connection.execute(_WHO, {'tables': list(METADATA.tables)})
        role, is_superuser, bypasses, owned = found.one()
    told = {'is a superuser': is_superuser, 'has BYPASSRLS': bypasses, 'owns the tables': owned}
    faults = tuple(fault for fault, holds in told.items() if holds)
    if faults:
        raise UnfitRole(role, faults)
