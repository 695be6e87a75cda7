"""The way of every request: who is asking now, may they, one transaction, and the word that something changed."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from services import audit, security_log
from services.bus import Bus
from services.clock import now
from services.errors import Forbidden, NotFound, NotSignedIn
from services.limits import Limits
from services.tracing import acts
from services.viewer import Permission, Role, Suspended, Viewer
from storage.base import TenantRow
from storage.database import Database, Scope, Transaction
from storage.identity import Session, signed_in

Row = TypeVar('Row', bound=TenantRow)
_LOOK_ASIDE_SECONDS = 1.0
# What names no permission (one's own lessons, for instance) needs one of these of an API token.
_LEARNERS = frozenset({Permission.LEARN})
_READERS = _LEARNERS | {Permission.COURSE_READ, Permission.DRAFT_READ}


class SecondFactorOwed(Forbidden):
    code = 'second_factor_required'

    def __init__(self) -> None:
        super().__init__('Your organisation asks for a second factor. Set it up under Account, Security.')


@dataclass
class Work:
    """One transaction of one viewer in one organisation; `person` is None where the platform itself works."""

    scope: Scope
    person: Viewer | None
    topics: list[str] = field(default_factory=list)
    after: list[Callable[[], None]] = field(default_factory=list)

    @property
    def viewer(self) -> Viewer:
        assert self.person is not None, 'the platform itself is at work'
        return self.person

    @property
    def tx(self) -> Transaction:
        return self.scope.tx

    async def get(self, table: type[Row], row_id: UUID, *, lock: bool = False) -> Row:
        """The row, if it is this organisation's; NotFound otherwise. `lock` holds it until the commit (PostgreSQL)."""
        row = await self.scope.find(table, row_id, lock=lock)
        if row is None:
            raise NotFound()
        return row

    async def removed(self, table: type[Row], row_id: UUID) -> Row:
        """A soft-deleted row of this organisation; NotFound otherwise."""
        row = await self.scope.find_removed(table, row_id)
        if row is None:
            raise NotFound()
        return row

    def add(self, row: Row) -> Row:
        self.scope.add(row)
        return row

    def record(self, action: str, subject: audit.Subject, **details: Any) -> None:
        audit.record(self.scope, self.person, action, subject, **details)

    def changed(self, *topics: str) -> None:
        """Says so on the bus once the transaction is committed."""
        self.topics.extend(topics)

    def then(self, act: Callable[[], None]) -> None:
        """Runs once the transaction is committed."""
        self.after.append(act)


class Gate:
    """What every service method passes through."""

    def __init__(
        self, database: Database, bus: Bus, *, idle: timedelta = timedelta(hours=24), limits: Limits | None = None
    ) -> None:
        """`idle`: how long a session may lie unused before it ends; API tokens have an end of their own."""
        self.database = database
        self.bus = bus
        self.limits = limits or Limits()
        self.saw: Callable[[Session], None] = lambda _session: None  # hears which sessions are used
        self.idle = idle
        self._seen: dict[UUID, tuple[float, Viewer]] = {}
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        bus.listen('sessions', lambda _payload: self._seen.clear())

    @asynccontextmanager
    async def reading(
        self, viewer: Viewer, permission: Permission | None = None, *, in_person: bool = False
    ) -> AsyncIterator[Work]:
        """`in_person`: what concerns the person's own account, and so is never open to an API token."""
        async with self._refusals(viewer), self.database.reading() as tx:
            current = await self._current(tx, viewer)
            _require(current, permission, in_person=in_person, otherwise=_READERS)
            yield Work(Scope(tx, current.organization_id), current)

    @asynccontextmanager
    async def writing(
        self, viewer: Viewer, permission: Permission | None = None, *, in_person: bool = False
    ) -> AsyncIterator[Work]:
        async with self._refusals(viewer), self.database.writing() as tx:
            current = await self._current(tx, viewer)
            _require(current, permission, in_person=in_person, otherwise=_LEARNERS)
            work = Work(Scope(tx, current.organization_id), current)
            yield work
        await self._spread(work)

    @asynccontextmanager
    async def platform(self, organization_id: UUID) -> AsyncIterator[Work]:
        """For durable work, which acts for the organisation when nobody is there."""
        async with self.database.writing() as tx:
            work = Work(Scope(tx, organization_id), None)
            yield work
        await self._spread(work)

    async def check(self, viewer: Viewer, permission: Permission) -> Viewer:
        """The viewer as they are now, if they may; for what needs no transaction of its own."""
        async with self._refusals(viewer):
            seen = self._remembered(viewer.session_id)
            if seen is None:
                async with self.database.reading() as tx:
                    seen = await self.current(tx, viewer.session_id)
            _require(seen, permission)
            return seen

    async def _current(self, tx: Transaction, viewer: Viewer) -> Viewer:
        current = await self.current(tx, viewer.session_id)
        if current.organization_id != viewer.organization_id:
            # A page of the organisation that this session has left: nothing of it may land in the other one.
            raise NotSignedIn('You switched to another organisation. Load the page again.')
        return current

    @asynccontextmanager
    async def _refusals(self, viewer: Viewer) -> AsyncIterator[None]:
        """What is refused for want of a permission stands in the security log, whatever becomes of the act."""
        try:
            yield
        except Forbidden as refusal:
            async with self.database.writing() as tx:
                security_log.note(
                    tx,
                    'refusal',
                    allowed=False,
                    email=viewer.email,
                    user_id=viewer.user_id,
                    organization_id=viewer.organization_id,
                    detail=str(refusal),
                )
            await self.bus.publish('security')
            raise

    async def current(self, tx: Transaction, session_id: UUID) -> Viewer:
        """The viewer behind a session, read afresh at most a second ago; NotSignedIn once it ended."""
        viewer = self._remembered(session_id)
        if viewer is None:
            turn = self._turns.setdefault(session_id, asyncio.Lock())
            async with turn:  # a page asks many things in the same moment: one of them reads, the others find it
                viewer = self._remembered(session_id) or await self._read(tx, session_id)
        acts(viewer)
        return viewer

    async def has_ended(self, tx: Transaction, session_id: UUID) -> bool:
        """Whether nobody may use the session any more, read afresh."""
        try:
            await self._read(tx, session_id)
        except (NotSignedIn, Suspended):
            return True
        return False

    async def afresh(self, tx: Transaction, session_id: UUID) -> Viewer:
        """The viewer as the database has them at this moment, whatever is remembered."""
        return await self._read(tx, session_id)

    async def _read(self, tx: Transaction, session_id: UUID) -> Viewer:
        found = await signed_in(tx, session_id)
        if found is None:
            raise NotSignedIn()
        session, user, organization, roles = found
        if session.revoked_at or session.expires_at <= now() or not user.is_active or user.deleted_at:
            raise NotSignedIn('You were signed out. Sign in to go on.')
        if session.kind != 'token' and (session.last_seen_at or session.created_at) + self.idle <= now():
            raise NotSignedIn('You were away for a long time. Sign in to go on.')
        if not roles or organization.deleted_at:
            raise NotSignedIn('You are no longer a member of this organisation.')
        self.saw(session)
        viewer = Viewer(
            user_id=user.id,
            organization_id=organization.id,
            session_id=session.id,
            email=user.email,
            full_name=user.full_name,
            organization_name=organization.name,
            roles=frozenset(Role(role) for role in roles),
            locale=user.locale,
            time_zone=user.time_zone,
            scopes=None if session.scopes is None else frozenset(session.scopes),
            owes_second_factor=organization.second_factor_required
            and user.has_password
            and user.second_factor_at is None,
        )
        if not organization.is_active:
            raise Suspended(organization.name, replace(viewer, roles=frozenset()))
        if len(self._seen) > 5000:
            self._seen.clear()
        self._seen[session_id] = (time.monotonic(), viewer)
        return viewer

    def _remembered(self, session_id: UUID) -> Viewer | None:
        read_at, viewer = self._seen.get(session_id, (0.0, None))
        return viewer if viewer is not None and time.monotonic() - read_at < _LOOK_ASIDE_SECONDS else None

    async def _spread(self, work: Work) -> None:
        for act in work.after:
            act()
        for topic in dict.fromkeys(work.topics):
            await self.bus.publish(topic)


def _require(
    current: Viewer,
    permission: Permission | None,
    *,
    in_person: bool = False,
    otherwise: frozenset[Permission] = frozenset(),
) -> None:
    if in_person:
        current.require_in_person()
    elif current.owes_second_factor:
        raise SecondFactorOwed()
    elif permission is None and current.scopes is not None and not current.scopes & otherwise:
        raise Forbidden('This token has no scope for it. Make one that has.')
    if permission is not None:
        current.require(permission)
