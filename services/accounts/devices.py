"""Where the person is signed in, and ending it there: that browser is out with its next act, its open pages at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services import security_log
from services.clock import now
from services.errors import NotFound
from services.viewer import Viewer
from services.work import Gate, Work
from storage.identity import Organization, Session, User, end_session, end_sessions_of
from storage.own_account import living_sessions, own_session

# The first that is found counts: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
_PROGRAMS = (
    ('Edg', 'Edge'), ('OPR/', 'Opera'), ('SamsungBrowser', 'Samsung Internet'), ('Firefox', 'Firefox'),
    ('FxiOS', 'Firefox'), ('CriOS', 'Chrome'), ('HeadlessChrome', 'Chrome'), ('Chrome', 'Chrome'), ('Safari', 'Safari'),
)  # fmt: skip
_SYSTEMS = (
    ('iPhone', 'iPhone'), ('iPad', 'iPad'), ('Android', 'Android'), ('Windows', 'Windows'), ('CrOS', 'ChromeOS'),
    ('Mac OS X', 'macOS'), ('Macintosh', 'macOS'), ('Linux', 'Linux'),
)  # fmt: skip
_PRODUCT = re.compile(r'[A-Za-z][\w .+-]{0,40}')


@dataclass(frozen=True, kw_only=True)
class Device:
    """`program` and `system` are '' where the user agent does not say. `is_this`: the one that asks."""

    id: UUID
    kind: str
    program: str
    system: str
    address: str
    organization: str
    first_seen: datetime
    last_seen: datetime
    is_this: bool


class DeviceService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def list(self, viewer: Viewer) -> Sequence[Device]:
        """This one first, then by when they were seen last."""
        async with self._gate.reading(viewer, in_person=True) as work:
            found = await living_sessions(work.tx, work.viewer.user_id, now(), tokens=False)
            idle = now() - self._gate.idle
            devices = [
                device for session, place in found if (device := _device(session, place, work.viewer)).last_seen > idle
            ]
            return sorted(devices, key=lambda one: (not one.is_this, -one.last_seen.timestamp()))

    async def end(self, viewer: Viewer, session_id: UUID) -> None:
        """Signs that device out; NotFound for what is not the person's, not live, or an API token."""
        async with self._gate.writing(viewer, in_person=True) as work:
            session = await own_session(work.tx, work.viewer.user_id, session_id)
            if session is None or session.kind == 'token':
                raise NotFound()
            await end_session(work.tx, session.id, now())
            await _ended(work, [session.id], 'a device')

    async def end_others(self, viewer: Viewer, *, tokens: bool = False) -> int:
        """Signs out every device but this one, with `tokens` ends the API tokens too; says how many it was."""
        async with self._gate.writing(viewer, in_person=True) as work:
            me = work.viewer
            ended = await end_sessions_of(work.tx, me.user_id, now(), but=me.session_id, tokens=tokens)
            if ended:
                await _ended(work, ended, 'all other devices and tokens' if tokens else 'all other devices')
            return len(ended)


def program_and_system(user_agent: str) -> tuple[str, str]:
    """('Firefox', 'Windows'); of a program that is no browser its own name: ('curl', '')."""
    system = next((words for sign, words in _SYSTEMS if sign in user_agent), '')
    program = next((words for sign, words in _PROGRAMS if sign in user_agent), '')
    if not program:
        named = _PRODUCT.match(user_agent)
        program = named.group().strip() if named and named.group() != 'Mozilla' else ''
    return program, system


async def _ended(work: Work, session_ids: Sequence[UUID], what: str) -> None:
    me = work.viewer
    security_log.note(
        work.tx,
        'sign_out',
        allowed=True,
        email=me.email,
        user_id=me.user_id,
        organization_id=me.organization_id,
        detail=f'{what}, from the account page',
    )
    work.record('user.signed_out', await work.tx.get_one(User, me.user_id), after={'sessions': len(session_ids)})
    # First what forgets the remembered viewers, then what looks again.
    work.changed('sessions', *(f'session:{session_id}' for session_id in session_ids), f'account:{me.user_id}')


def _device(session: Session, place: Organization, viewer: Viewer) -> Device:
    program, system = program_and_system(session.user_agent)
    return Device(
        id=session.id,
        kind=session.kind,
        program=program,
        system=system,
        address=session.address,
        organization=place.name,
        first_seen=session.created_at,
        last_seen=session.last_seen_at or session.created_at,
        is_this=session.id == viewer.session_id,
    )
