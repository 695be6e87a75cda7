"""Passwords as they are kept: argon2id. Each call takes tens of milliseconds, so make it in a thread."""

import asyncio
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# RFC 9106, second recommendation: 3 passes over 64 MiB with 4 lanes, as the library sets it.
HASHER = PasswordHasher()
COST = f'argon2id t={HASHER.time_cost} m={HASHER.memory_cost // 1024}MiB p={HASHER.parallelism}'
# Each holds 64 MiB while it works: whoever signs in together with a thousand others waits for a free place.
_PLACES = ThreadPoolExecutor(max_workers=max(2, min(8, os.cpu_count() or 2)), thread_name_prefix='passwords')
Given = ParamSpec('Given')
Answer = TypeVar('Answer')
# Compared against where no such person exists, so that both cases take the same time.
_NOBODY = HASHER.hash(secrets.token_hex())


async def in_turn(work: Callable[Given, Answer], *args: Given.args, **kwargs: Given.kwargs) -> Answer:
    """`hashed` or `matches` beside the event loop, only so many at once."""
    return await asyncio.get_running_loop().run_in_executor(_PLACES, lambda: work(*args, **kwargs))


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
