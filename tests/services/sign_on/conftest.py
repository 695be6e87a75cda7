"""A provider that lies on demand, and the platform beside it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from services.egress import Egress
from services.identity import IdentityService
from services.limits import Limits
from services.sign_on.parts import build
from tests.doubles.hostile_provider import HostileProvider
from tests.services.sign_on.site import ADDRESS, Site
from tests.services.world import World


@pytest.fixture(scope='session')
def spare() -> Iterator[HostileProvider]:
    """Its keys are made once."""
    provider = HostileProvider()
    yield provider
    provider.stop()


@pytest.fixture
def there(spare: HostileProvider) -> HostileProvider:
    spare.instead, spare.change, spare.codes_work_twice = {}, {}, False
    spare.keys = [spare.key.as_dict(private=False), spare.curve.as_dict(private=False)]
    spare.hits.clear()
    return spare


@pytest.fixture
async def site(world: World) -> AsyncIterator[Site]:
    limits = Limits()
    identity = IdentityService(world.gate, 'secret', limits=limits)
    egress = Egress('127.0.0.0/8', seconds=3)
    sign_on, providers, own = build(
        world.gate, identity, limits, egress, secret_key='secret', address=ADDRESS, plain_loopback=True
    )
    yield Site(world=world, identity=identity, sign_on=sign_on, providers=providers, own=own)
    await limits.close()
