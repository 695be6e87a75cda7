"""Who is really asking: what a proxy says about that counts only when the proxy is one of ours."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network
# Removed whoever sent them: nothing further in may be led by what a browser can write.
_SAID_BY_PROXIES = (b'x-forwarded-', b'x-real-ip', b'x-original-', b'x-rewrite-', b'x-script-name', b'forwarded')
_SCHEMES = {'http': {'http': 'http', 'https': 'https'}, 'websocket': {'http': 'ws', 'https': 'wss'}}


class TrustedProxies:
    """Takes the address and the scheme from X-Forwarded-For and -Proto of trusted proxies, and drops such headers.

    Proxies pass the Host header on as it came; X-Forwarded-Host and X-Forwarded-Prefix are never followed.
    """

    def __init__(self, app: ASGIApp, trusted: tuple[Network, ...]) -> None:
        self._app = app
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] in _SCHEMES:
            told = self._told(scope) if scope.get('client') and self._is_trusted(scope['client'][0]) else {}
            ours = [(name, value) for name, value in scope['headers'] if not name.startswith(_SAID_BY_PROXIES)]
            scope = {**scope, 'headers': ours, **told}
        await self._app(scope, receive, send)

    def _told(self, scope: Scope) -> Scope:
        told: Scope = {}
        address = self._nearest_stranger([scope['client'][0], *_listed(scope, b'x-forwarded-for')[::-1]])
        if address != scope['client'][0]:
            told['client'] = (address, 0)
        scheme = _listed(scope, b'x-forwarded-proto')[-1:]
        if scheme and scheme[0] in _SCHEMES[scope['type']]:
            told['scheme'] = _SCHEMES[scope['type']][scheme[0]]
        return told

    def _nearest_stranger(self, way: list[str]) -> str:
        """The first on the way back that is no proxy of ours: everything behind it, it may have made up."""
        nearest = way[0]
        for place in way[1:]:
            if not self._is_trusted(nearest) or _address(place) is None:
                break
            nearest = str(_address(place))
        return nearest

    def _is_trusted(self, place: str) -> bool:
        address = _address(place)
        return address is not None and any(address in network for network in self._trusted)


def networks(listed: str) -> tuple[Network, ...]:
    """'10.0.0.0/8, 192.0.2.7' as networks; ValueError for anything else."""
    return tuple(ip_network(part.strip()) for part in listed.split(',') if part.strip())


def _listed(scope: Scope, name: bytes) -> list[str]:
    values = [value.decode('latin-1') for key, value in scope['headers'] if key == name]
    return [part.strip() for value in values for part in value.split(',') if part.strip()]


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip('[]'))
    except ValueError:
        return None
    return getattr(address, 'ipv4_mapped', None) or address
