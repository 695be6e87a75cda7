"""Passwords as they are kept: argon2id. Each call takes tens of milliseconds, so make it in a thread."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# RFC 9106, second recommendation: 3 passes over 64 MiB with 4 lanes, as the library sets it.
HASHER = PasswordHasher()
COST = f'argon2id t={HASHER.time_cost} m={HASHER.memory_cost // 1024}MiB p={HASHER.parallelism}'
# Compared against where no such person exists, so that both cases take the same time.
_NOBODY = HASHER.hash(secrets.token_hex())


def hashed(password: str) -> str:
    return HASHER.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Takes as long where there is no password at all."""
    nobody = not password_hash.startswith('$argon2')
    try:
        return HASHER.verify(_NOBODY if nobody else password_hash, password) and not nobody
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Hashed at a lower cost than today's."""
    return HASHER.check_needs_rehash(password_hash)
