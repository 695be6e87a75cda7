"""Asking for the password again, before what a stolen session must not do."""

import asyncio
from collections.abc import Callable

from services import security_log
from services.errors import InvalidInput
from services.limits import CHANGE_PASSWORD, SECOND_FACTOR, Limits
from services.viewer import Viewer
from services.work import Gate
from storage.identity import User

PasswordMatches = Callable[[str, str], bool]


class Proof:
    """`matches(password_hash, password)` may take its time: it runs in a thread."""

    def __init__(self, gate: Gate, limits: Limits, matches: PasswordMatches) -> None:
        self._gate = gate
        self._limits = limits
        self._matches = matches

    async def ask(self, viewer: Viewer, password: str) -> None:
        """InvalidInput at the field `password` if it is another. Who only signs on elsewhere has none to give."""
        async with self._gate.reading(viewer, in_person=True) as work:
            user = await work.tx.get_one(User, work.viewer.user_id)
        if not user.has_password:
            return
        await self._limits.spend(CHANGE_PASSWORD, str(user.id))
        if await asyncio.to_thread(self._matches, user.password_hash, password):
            await self._limits.forgive(CHANGE_PASSWORD, str(user.id))
            return
        async with self._gate.database.writing() as tx:
            security_log.note(
                tx,
                'password_proof',
                allowed=False,
                email=user.email,
                user_id=user.id,
                organization_id=viewer.organization_id,
                detail='wrong password, asked for again',
            )
        fault = 'This is not your password. Try again.'
        raise InvalidInput(fault, fields={'password': fault})

    async def count_code(self, viewer: Viewer) -> None:
        """Call it before a code is looked at: six digits are guessed by whoever may try often enough."""
        await self._limits.spend(SECOND_FACTOR, 'own account', str(viewer.user_id))
