"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for the day it is lost."""

import asyncio
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
import segno

from services import security_log
from services.clock import now
from services.errors import Conflict, InvalidInput
from services.proof import Proof
from services.sealing import Sealer
from services.viewer import Viewer
from services.work import Gate, Work
from storage import second_factor as rows
from storage.accounts import RecoveryCode
from storage.database import Transaction
from storage.identity import Organization, User

ISSUER = 'Coursewright'
RECOVERY_CODES = 10
_STEP_SECONDS = 30
_ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz'  # nothing that is mistaken for something else on paper
_CODE_LENGTH = 16  # 79 bits, so that a fast hash is enough
_NOT_TYPED = re.compile(r'[^0-9a-z]')


@dataclass(frozen=True, kw_only=True)
class Status:
    since: datetime | None  # None: off
    codes_left: int
    required: bool  # by the organisation that the person is in now


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What the authenticator app has to learn; counts only once a code of it was confirmed."""

    secret: str
    uri: str
    qr_svg: str


async def passes(tx: Transaction, user: User, code: str, sealer: Sealer) -> bool:
    """Whether the code is this person's second factor now. What passed is used up, in this transaction."""
    typed = _NOT_TYPED.sub('', code.lower())
    if user.second_factor_at is None:
        return False
    if len(typed) == 6 and typed.isdigit():
        return await _passes_step(tx, user, typed, sealer)
    return await _passes_recovery(tx, user.id, typed)


class SecondFactorService:
    def __init__(self, gate: Gate, sealer: Sealer, proof: Proof) -> None:
        self._gate = gate
        self._sealer = sealer
        self._proof = proof

    async def status(self, viewer: Viewer) -> Status:
        async with self._gate.reading(viewer, in_person=True) as work:
            user = await work.tx.get_one(User, work.viewer.user_id)
            organization = await work.tx.get_one(Organization, work.viewer.organization_id)
            return Status(
                since=user.second_factor_at,
                codes_left=await rows.count_unused_codes(work.tx, user.id) if user.second_factor_at else 0,
                required=organization.second_factor_required,
            )

    async def begin(self, viewer: Viewer, password: str) -> Beginning:
        """A new secret for the authenticator app. Nothing changes at sign-in before `confirm`."""
        await self._proof.ask(viewer, password)
        secret = pyotp.random_base32()
        async with self._gate.writing(viewer, in_person=True) as work:
            user = await _person(work)
            if user.second_factor_at is not None:
                raise Conflict('A second factor is on already. Switch it off first, then set up the new one.')
            user.second_factor = self._sealer.seal(secret)
        uri = pyotp.TOTP(secret).provisioning_uri(name=viewer.email, issuer_name=ISSUER)
        return Beginning(secret=secret, uri=uri, qr_svg=await asyncio.to_thread(_qr_svg, uri))

    async def confirm(self, viewer: Viewer, code: str) -> list[str]:
        """Switches it on with the first code of the app; gives the recovery codes, which nobody can read again."""
        async with self._gate.writing(viewer, in_person=True) as work:
            user = await _person(work)
            if user.second_factor_at is not None:
                raise Conflict('A second factor is on already.')
            if not user.second_factor:
                raise Conflict('Begin with the picture or the key for your authenticator app.')
            if not await _passes_step(work.tx, user, _NOT_TYPED.sub('', code.lower()), self._sealer):
                raise _wrong_code()
            user.second_factor_at = now()
            codes = await _new_codes(work.tx, user.id)
            self._noted(work, user, 'user.second_factor_switched_on')
            return codes

    async def renew_codes(self, viewer: Viewer, password: str, code: str) -> list[str]:
        """Ten new recovery codes; the old ones stop working."""
        await self._proof.ask(viewer, password)
        await self._proof.count_code(viewer)
        async with self._gate.writing(viewer, in_person=True) as work:
            user = await self._proven(work, code)
            codes = await _new_codes(work.tx, user.id)
            self._noted(work, user, 'user.recovery_codes_renewed')
            return codes

    async def switch_off(self, viewer: Viewer, password: str, code: str) -> None:
        await self._proof.ask(viewer, password)
        await self._proof.count_code(viewer)
        async with self._gate.writing(viewer, in_person=True) as work:
            user = await self._proven(work, code)
            user.second_factor, user.second_factor_at = '', None
            await rows.forget_codes(work.tx, user.id)
            self._noted(work, user, 'user.second_factor_switched_off')

    async def _proven(self, work: Work, code: str) -> User:
        user = await _person(work)
        if user.second_factor_at is None:
            raise Conflict('No second factor is on.')
        if not await passes(work.tx, user, code, self._sealer):
            raise _wrong_code()
        await work.tx.refresh(user)  # the step was written past this copy of the row
        return user

    def _noted(self, work: Work, user: User, action: str) -> None:
        work.tx.add(user)
        work.record(action, user)
        security_log.note(
            work.tx,
            'second_factor',
            allowed=True,
            email=user.email,
            user_id=user.id,
            organization_id=work.viewer.organization_id,
            detail=action.rpartition('.')[2].replace('_', ' '),
        )
        # Who may do what changes with it where the organisation asks for a second factor.
        work.changed('sessions', f'account:{user.id}')


async def _person(work: Work) -> User:
    return await work.tx.get_one(User, work.viewer.user_id, with_for_update=True)


async def _passes_step(tx: Transaction, user: User, typed: str, sealer: Sealer) -> bool:
    """A code of the step now, or of the one before or after it: clocks differ. Each step counts once."""
    totp = pyotp.TOTP(sealer.open(user.second_factor))
    this_step = int(now().timestamp()) // _STEP_SECONDS
    right = [
        step
        for step in (this_step - 1, this_step, this_step + 1)
        if hmac.compare_digest(totp.generate_otp(step), typed)
    ]
    return bool(right) and await rows.use_step(tx, user.id, right[0])


async def _passes_recovery(tx: Transaction, user_id: UUID, typed: str) -> bool:
    digest = _digest(user_id, typed)
    right = [kept for kept in await rows.unused_codes(tx, user_id) if hmac.compare_digest(kept.code_hash, digest)]
    return bool(right) and await rows.use_code(tx, right[0].id, now())


async def _new_codes(tx: Transaction, user_id: UUID) -> list[str]:
    """Written in groups of four, as they are shown; typed in any way, they count."""
    await rows.forget_codes(tx, user_id)
    codes = [''.join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH)) for _ in range(RECOVERY_CODES)]
    tx.add_all([RecoveryCode(user_id=user_id, code_hash=_digest(user_id, code)) for code in codes])
    return ['-'.join(code[at : at + 4] for at in range(0, _CODE_LENGTH, 4)) for code in codes]


def _digest(user_id: UUID, code: str) -> str:
    return hashlib.sha256(user_id.bytes + code.encode()).hexdigest()


def _qr_svg(uri: str) -> str:
    """Black on white whatever the theme: cameras want it so."""
    return segno.make(uri, error='m').svg_inline(scale=4, border=3, light='white', omitsize=True)


def _wrong_code() -> InvalidInput:
    fault = 'This code is not right, or was used. Wait for the next one and try again.'
    return InvalidInput(fault, fields={'code': fault})
