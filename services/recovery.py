"""A forgotten password: a mail with a link that works once, for an hour."""

import asyncio
import logging
from collections.abc import Sequence
from contextvars import copy_context
from uuid import UUID

from services import mail, security_log
from services.clock import now
from services.fields import email as email_address
from services.identity import IdentityService, check_password, hashed
from services.identity.accounts import set_password, shortest_password
from services.identity.hashing import in_turn
from services.identity.links import LIFE, RESET, LinkEnded, find_link, make_link, use_link
from services.limits import MAIL_ACCOUNT, MAIL_ADDRESS, ONE_TIME_LINK
from services.tracing import origin
from services.work import Gate
from storage import identity as rows
from storage.identity import Organization, User
from storage.sign_on import has_external_identity

_MAIL = (
    'Hello {name},\n\nsomebody asked for a new password of your Coursewright account. Open the link to choose one; it '
    'works once, for {hours} h:\n{link}\n\nIf it was not you, leave this mail alone: nothing changes.\n'
)
_log = logging.getLogger(__name__)


class RecoveryService:
    def __init__(self, gate: Gate, identity: IdentityService, *, address: str) -> None:
        self._gate = gate
        self._identity = identity
        self._address = address.rstrip('/')
        self._writing: set[asyncio.Task[None]] = set()

    async def ask(self, email: str) -> None:
        """Writes the mail if there is such a person. The answer and its time say nothing: the look-up comes after."""
        address, limits = email_address('email', email), self._identity.parts.limits
        await limits.spend(MAIL_ADDRESS, origin().address)
        await limits.spend(MAIL_ACCOUNT, address)
        task = asyncio.create_task(self._write(address), context=copy_context())
        self._writing.add(task)
        task.add_done_callback(self._done)

    async def settled(self) -> None:
        """Once every mail that was asked for is written."""
        await asyncio.gather(*self._writing, return_exceptions=True)

    async def look(self, token: str) -> int:
        """How long the new password has to be, where the link still works. Uses nothing up."""
        await self._identity.parts.limits.spend(ONE_TIME_LINK, origin().address)
        async with self._gate.database.reading() as tx:
            link = await find_link(tx, RESET, token)
            return await shortest_password(tx, link.user_id)

    async def reset(self, token: str, new_password: str) -> str:
        """Sets the password, ends every session, gives the e-mail address. A second factor is still asked for."""
        await self._identity.parts.limits.spend(ONE_TIME_LINK, origin().address)
        async with self._gate.database.reading() as tx:
            link = await find_link(tx, RESET, token)
            user = await tx.get_one(User, link.user_id)
            shortest = await shortest_password(tx, user.id)
            places = await rows.places_of(tx, user.id)
        if not places:
            raise LinkEnded()
        check_password(new_password, shortest=shortest, person=(user.email, user.full_name), field='new_password')
        password_hash = await in_turn(hashed, new_password)
        async with self._gate.platform(_home(places)) as work:
            user_id = await use_link(work.tx, RESET, token)
            ended = await set_password(work, user_id, password_hash)
            user = await work.tx.get_one(User, user_id)
            user.email_verified_at = user.email_verified_at or now()  # the link came to this address
            work.tx.add(user)
            security_log.note(
                work.tx,
                'password_reset',
                allowed=True,
                email=user.email,
                user_id=user.id,
                organization_id=_home(places),
            )
        await self._identity.parts.sessions.ended(*ended)
        return user.email

    async def _write(self, email: str) -> None:
        async with self._gate.database.reading() as tx:
            user = await rows.user_by_email(tx, email)
            places = await rows.places_of(tx, user.id) if user else []
            elsewhere = user is not None and not user.has_password and await has_external_identity(tx, user.id)
        if user is None or not places or not user.is_active or user.deleted_at or elsewhere:
            await self._identity.parts.refused('password_reset_asked', email=email, user=user)
            return
        async with self._gate.platform(_home(places)) as work:
            user = await work.tx.get_one(User, user.id)
            link = await make_link(work.tx, user, RESET, self._address)
            hours = int(LIFE[RESET].total_seconds() // 3600)
            text = _MAIL.format(name=user.full_name, hours=hours, link=link)
            mail.write(work, user.email, 'Choose a new password', text, user_id=user.id)
            security_log.note(
                work.tx,
                'password_reset_asked',
                allowed=True,
                email=email,
                user_id=user.id,
                organization_id=_home(places),
            )

    def _done(self, task: 'asyncio.Task[None]') -> None:
        self._writing.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error('The mail for a new password could not be written', exc_info=error)


def _home(places: Sequence[Organization]) -> UUID:
    """Whose outbox and audit trail such an act belongs to: the oldest membership that is not suspended."""
    return next((place for place in places if place.is_active), places[0]).id
