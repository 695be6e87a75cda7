"""Links that work once, from mails: only a hash is kept, and no GET uses one up."""

from datetime import timedelta
from uuid import UUID

from services.clock import now
from services.errors import PlatformError
from services.identity.tokens import digest, new_secret
from storage import accounts as rows
from storage.accounts import OneTimeLink
from storage.database import Transaction
from storage.identity import User

VERIFY, RESET = 'verify_email', 'reset_password'
LIFE = {VERIFY: timedelta(hours=24), RESET: timedelta(hours=1)}
PATHS = {VERIFY: '/verify-email', RESET: '/reset-password'}


class LinkEnded(PlatformError):
    """Unknown, used or expired: what differs would tell strangers something."""

    status_code = 410
    code = 'link_ended'

    def __init__(self) -> None:
        super().__init__('This link was used, has expired, or is not whole. Ask for a new one.')


async def make_link(tx: Transaction, user: User, purpose: str, address: str) -> str:
    """A new link; those mailed before for the same purpose end."""
    await rows.end_links(tx, user.id, purpose, now())
    secret = new_secret()
    tx.add(
        OneTimeLink(
            user_id=user.id,
            purpose=purpose,
            email=user.email,
            secret_hash=digest(secret),
            expires_at=now() + LIFE[purpose],
        )
    )
    return f'{address}{PATHS[purpose]}?token={secret}'


async def find_link(tx: Transaction, purpose: str, secret: str) -> OneTimeLink:
    """The link, if it still works; looking uses nothing up."""
    link = await rows.link_by_hash(tx, purpose, digest(secret))
    if link is None or link.used_at is not None or link.expires_at <= now():
        raise LinkEnded()
    return link


async def use_link(tx: Transaction, purpose: str, secret: str) -> UUID:
    """The person whose link it is; of two who bring it at once, one comes through."""
    link = await find_link(tx, purpose, secret)
    user = await tx.get_one(User, link.user_id)
    if user.email != link.email or not user.is_active or user.deleted_at or not await rows.use_link(tx, link.id, now()):
        raise LinkEnded()
    return user.id
