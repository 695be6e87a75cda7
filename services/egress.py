"""The one way out: requests to addresses that people typed connect to the very address that was checked.

An organisation's administrator may name any server. What lies behind our own walls (loopback, private networks,
cloud metadata) must not answer through us, however it is spelled: as a name, as IPv6, as a decimal number, as a name
that resolves to something else the second time.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import httpx2

from services.errors import PlatformError

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]

PORTS = frozenset({80, 443, 8080, 8443})
_NAT64 = (ipaddress.ip_network('64:ff9b::/96'), ipaddress.ip_network('64:ff9b:1::/48'))
_COMPATIBLE = ipaddress.ip_network('::/96')


class EgressRefused(PlatformError):
    """Nothing was connected to."""

    status_code = 422
    code = 'address_refused'


class EgressFailed(PlatformError):
    """The other side did not answer as it should."""

    status_code = 502
    code = 'address_failed'


@dataclass(frozen=True)
class Allowed:
    """What the operator names in EGRESS_ALLOW: networks, and pairs of host and port."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    hosts: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def parse(cls, setting: str) -> 'Allowed':
        """`10.1.0.0/16, idp.internal:8443, [::1]:9000`; ValueError where an entry is neither."""
        networks: list[IPv4Network | IPv6Network] = []
        hosts: set[tuple[str, int]] = set()
        for entry in filter(None, (part.strip() for part in setting.split(','))):
            host, _, port = entry.rpartition(':')
            if '/' in entry:
                networks.append(ipaddress.ip_network(entry))
            elif host and port.isdigit():
                hosts.add((host.strip('[]').lower(), int(port)))
            else:
                raise ValueError(f'{entry} is neither a network (10.0.0.0/8) nor a host with its port (host:8443)')
        return cls(tuple(networks), frozenset(hosts))


class Egress:
    """`clients` of an HTTP library get their `transport()` from here; nothing else opens a connection to a typed
    address.

    `max_bytes` caps an answer, `seconds` the whole exchange. Redirects are an answer like any other: never followed.
    """

    def __init__(
        self, allow: str = '', *, max_bytes: int = 512 * 1024, seconds: float = 10.0, resolve: Resolve | None = None,
        trusted: ssl.SSLContext | None = None,
    ) -> None:  # fmt: skip
        self._allowed = Allowed.parse(allow)
        self._resolve = resolve or _resolve
        self._trusted = trusted
        self.max_bytes = max_bytes
        self.seconds = seconds

    def _load_trusted(self) -> ssl.SSLContext:
        """The machine's own list of authorities; reading it takes tens of milliseconds."""
        self._trusted = ssl.create_default_context()
        return self._trusted

    def transport(self) -> httpx2.AsyncBaseTransport:
        return _Checked(self)

    async def get(self, url: str, *, headers: dict[str, str] | None = None) -> httpx2.Response:
        async with httpx2.AsyncClient(transport=self.transport(), trust_env=False) as client:
            return await client.get(url, headers=headers)

    def names(self, host: str, port: int) -> bool:
        """Whether the operator allows exactly this host and port."""
        return (host.strip('[]').rstrip('.').lower(), port) in self._allowed.hosts

    async def addresses(self, host: str, port: int) -> list[Address]:
        """Where that host may be reached; EgressRefused if one of its addresses is not for everybody."""
        name = host.strip('[]').rstrip('.').lower()
        try:
            found = [ipaddress.ip_address(text) for text in await self._resolve(name, port)]
        except (OSError, ValueError, UnicodeError) as error:
            raise EgressFailed('The host {host} is not known. Check the address.', host=host) from error
        if not found:
            raise EgressFailed('The host {host} is not known. Check the address.', host=host)
        if (name, port) in self._allowed.hosts:
            return found
        for address in found:
            if any(address in network for network in self._allowed.networks):
                continue
            if not is_public(address):
                raise EgressRefused(
                    'The host {host} is inside a private network. Ask who runs this installation to allow it.',
                    host=host,
                )
            if port not in PORTS:
                raise EgressRefused('Port {port} is not allowed. Use one of 80, 443, 8080, 8443.', port=port)
        return found

    async def send(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        if url.scheme not in ('http', 'https'):
            raise EgressRefused('Only addresses that begin with http or https can be asked.')
        try:
            async with asyncio.timeout(self.seconds):
                addresses = await self.addresses(url.host, url.port or (443 if url.scheme == 'https' else 80))
                return await self._exchange(request, addresses)
        except TimeoutError as error:
            raise EgressFailed('{host} took too long to answer. Try again later.', host=url.host) from error
        except httpx2.ConnectError as error:
            raise EgressFailed('{host} cannot be reached: {why}.', host=url.host, why=_brief(error)) from error
        except httpx2.TransportError as error:
            raise EgressFailed('{host} broke off its answer. Try again later.', host=url.host) from error

    async def _exchange(self, request: httpx2.Request, addresses: Iterable[Address]) -> httpx2.Response:
        unreachable: httpx2.ConnectError | None = None
        for address in addresses:
            try:
                return await self._ask(request, address)
            except httpx2.ConnectError as error:
                unreachable = error
        raise unreachable or httpx2.ConnectError('no address')

    async def _ask(self, request: httpx2.Request, address: Address) -> httpx2.Response:
        """The request to exactly this address; its certificate still has to be the host's."""
        sent = httpx2.Request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers=_headers(request),
            content=await request.aread(),
            extensions={**request.extensions, 'sni_hostname': request.url.host},
        )
        context = self._trusted if self._trusted is not None else await asyncio.to_thread(self._load_trusted)
        async with httpx2.AsyncHTTPTransport(verify=context, trust_env=False) as transport:
            answer = await transport.handle_async_request(sent)
            try:
                content = await self._read(answer, request.url.host)
            finally:
                await answer.aclose()
        return httpx2.Response(answer.status_code, headers=answer.headers, content=content, request=request)

    async def _read(self, answer: httpx2.Response, host: str) -> bytes:
        if answer.headers.get('content-encoding', 'identity') != 'identity':
            raise EgressFailed('{host} sent a packed answer that nobody asked for.', host=host)
        content = bytearray()
        async for chunk in answer.aiter_raw():
            content += chunk
            if len(content) > self.max_bytes:
                raise EgressFailed('The answer of {host} is too large.', host=host)
        return bytes(content)


def is_public(address: Address) -> bool:
    """Whether it is an address of the open internet, also when an IPv4 address hides in an IPv6 one."""
    if isinstance(address, IPv6Address):
        hidden = _hidden(address)
        if hidden is not None:
            return is_public(hidden)
        if address.scope_id is not None or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _hidden(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _NAT64) or address in _COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


class _Checked(httpx2.AsyncBaseTransport):
    def __init__(self, egress: Egress) -> None:
        self._egress = egress

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return await self._egress.send(request)


def _headers(request: httpx2.Request) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in request.headers.multi_items() if name.lower() != 'accept-encoding']
    return [*kept, ('accept-encoding', 'identity')]


def _brief(error: Exception) -> str:
    text = str(error).lower()
    return 'its certificate is not valid' if 'certificate' in text else 'it does not answer'


async def _resolve(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
