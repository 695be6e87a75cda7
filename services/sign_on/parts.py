"""The sides of signing on, over one memory of what providers said: the door, its settings, and a person's own."""

from services.egress import Egress
from services.identity import IdentityService
from services.limits import Limits
from services.sealing import Sealer
from services.sign_on.connected import ConnectedService
from services.sign_on.discovery import Discovery
from services.sign_on.exchange import Exchange
from services.sign_on.providers import ProviderService
from services.sign_on.service import SignOnService
from services.work import Gate


def build(
    gate: Gate,
    identity: IdentityService,
    limits: Limits,
    egress: Egress,
    *,
    secret_key: str,
    address: str,
    plain_loopback: bool,
) -> tuple[SignOnService, ProviderService, ConnectedService]:
    """`plain_loopback`: providers on this very machine may speak plain http, for development and tests."""
    sealer, discovery = Sealer(secret_key), Discovery(egress, plain_loopback=plain_loopback)
    exchange = Exchange(egress, discovery, sealer)
    return (
        SignOnService(gate, identity, limits, exchange, sealer, address=address),
        ProviderService(gate, sealer, discovery, address=address),
        ConnectedService(gate),
    )
