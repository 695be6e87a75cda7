"""Hashes at the lowest cost: the time they take is measured elsewhere (login_p95_ms), here only who gets in counts."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from services.identity import hashing


@pytest.fixture(autouse=True, scope='module')
def cheap_passwords() -> Iterator[None]:
    """Import it into a module of tests, and it holds for all of them."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(hashing, 'HASHER', cheap)
        patch.setattr(hashing, '_NOBODY', cheap.hash('nobody'))
        yield
