"""The first administrator of an installation."""

import asyncio
import re
from uuid import uuid4

from app.schema import migrated
from app.settings import Settings
from services.clock import now
from services.identity import hashed
from services.viewer import Role
from storage.database import Database, Scope
from storage.identity import Organization, User, UserRole, organization_by_slug, user_by_email

_SHORTEST = 12


async def create_administrator(settings: Settings, email: str, password: str, name: str, organization: str) -> str:
    """A sentence that says what happened."""
    if '@' not in email:
        raise SystemExit(f'“{email}” is not an e-mail address.')
    if len(password) < _SHORTEST:
        raise SystemExit(f'The password needs {_SHORTEST} characters or more.')
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        await migrated(settings, database)
        password_hash = await asyncio.to_thread(hashed, password)
        slug = re.sub('[^a-z0-9]+', '-', organization.lower()).strip('-')[:63].rstrip('-') or 'organisation'
        async with database.writing() as tx:
            if await user_by_email(tx, email):
                raise SystemExit(f'{email} is registered already.')
            place = await organization_by_slug(tx, slug) or Organization(name=organization, slug=slug)
            person = User(
                id=uuid4(),
                email=email.strip().lower(),
                full_name=name,
                password_hash=password_hash,
                email_verified_at=now(),  # by whoever runs the command
            )
            tx.add_all([place, person])
            await tx.flush()
            scope = Scope(tx, place.id)
            for role in (Role.ORG_ADMIN, Role.SITE_ADMIN):
                scope.add(UserRole(user_id=person.id, role=role))
    finally:
        await database.close()
    return f'{email} is administrator of {organization} and of this installation.'
