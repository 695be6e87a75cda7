"""The one way out reaches the open internet and what the operator named, and nothing behind our own walls."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.egress import Allowed, Egress, EgressFailed, EgressRefused
from services.errors import PlatformError

INSIDE = """
127.0.0.1 127.1 2130706433 0x7f000001 0x7f.1 017700000001 0 0.0.0.0 localhost LOCALHOST. 10.0.0.1 172.16.0.1
192.168.1.1 169.254.169.254 2852039166 100.64.0.1 198.18.0.1 192.0.0.1 192.0.2.1 224.0.0.1 240.0.0.1 255.255.255.255
::1 :: ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::a00:1
2002:7f00:1:: 2001:0:53aa:64c:0:0:80ff:fffe fe80::1 fec0::1 fc00::1 fd00:ec2::254 ff02::1 2001:db8::1 [::1]
""".split()
OUTSIDE = '8.8.8.8 134744072 2606:4700:4700::1111 ::ffff:8.8.8.8'.split()


@pytest.mark.parametrize('host', INSIDE)
async def test_inner_addresses_are_refused_however_they_are_spelled(host: str) -> None:
    with pytest.raises(PlatformError):
        await Egress().addresses(host, 443)


@pytest.mark.parametrize('host', OUTSIDE)
async def test_addresses_of_the_open_internet_are_not(host: str) -> None:
    assert await Egress().addresses(host, 443)


@pytest.mark.parametrize('port', [22, 25, 2375, 5432, 6379, 11211])
async def test_ports_that_are_not_for_the_web_are_refused(port: int) -> None:
    with pytest.raises(EgressRefused, match='Port'):
        await Egress().addresses('8.8.8.8', port)


async def test_what_the_operator_names_may_be_reached() -> None:
    egress = Egress('10.1.0.0/16, 192.168.0.7:9443, [fd00::7]:8443')
    assert await egress.addresses('10.1.2.3', 9999)
    assert await egress.addresses('192.168.0.7', 9443)
    assert await egress.addresses('[fd00::7]', 8443)
    for host, port in (('192.168.0.7', 443), ('192.168.0.8', 9443), ('10.2.0.1', 443), ('127.0.0.1', 443)):
        with pytest.raises(EgressRefused):
            await egress.addresses(host, port)


@pytest.mark.parametrize('setting', ['intranet', '10.0.0.0/99', 'host:port', ':443'])
def test_a_setting_that_names_nothing_is_refused_at_the_start(setting: str) -> None:
    with pytest.raises(ValueError, match=r'.+'):
        Allowed.parse(setting)


class Trap:
    """Counts who connects, and says nothing."""

    def __init__(self) -> None:
        self.connections = 0
        self._socket = socket.create_server(('127.0.0.1', 0))
        self.port: int = self._socket.getsockname()[1]
        Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()


@pytest.fixture
def trap() -> Iterator[Trap]:
    made = Trap()
    yield made
    made.close()


async def test_a_name_that_changes_its_mind_is_asked_once(trap: Trap) -> None:
    """Rebinding: public when it is checked, loopback a moment later. The connection goes to what was checked."""
    answers = [['192.0.2.10'], ['127.0.0.1'], ['127.0.0.1']]
    asked = []

    async def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    egress = Egress('192.0.2.0/24', seconds=0.3, resolve=resolve)  # a network where nobody answers
    with pytest.raises(EgressFailed):
        await egress.get(f'http://rebinding.example:{trap.port}/')
    assert asked == ['rebinding.example']
    assert trap.connections == 0


async def test_one_inner_address_among_public_ones_spoils_the_name(trap: Trap) -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return ['8.8.8.8', '127.0.0.1']

    with pytest.raises(EgressRefused):
        await Egress(resolve=resolve).get('http://half.example/')
    assert trap.connections == 0


@pytest.mark.parametrize('url', ['ftp://8.8.8.8/', 'http://127.0.0.1:{port}/', 'http://[::ffff:127.0.0.1]:{port}/'])
async def test_refused_addresses_are_not_connected_to(trap: Trap, url: str) -> None:
    with pytest.raises(PlatformError):
        await Egress().get(url.format(port=trap.port))
    assert trap.connections == 0


async def test_the_certificate_has_to_be_the_hosts_although_the_address_is_connected_to(tmp_path: Path) -> None:
    server, authority = _https(tmp_path, 'idp.example')

    async def resolve(_host: str, _port: int) -> list[str]:
        return ['127.0.0.1']

    egress = Egress('127.0.0.0/8', resolve=resolve, trusted=ssl.create_default_context(cafile=authority))
    port = server.server_address[1]
    try:
        answer = await egress.get(f'https://idp.example:{port}/')
        assert (answer.status_code, answer.text) == (200, 'idp.example'), 'it was asked by its name'
        with pytest.raises(EgressFailed, match='certificate is not valid'):
            await egress.get(f'https://other.example:{port}/')
        with pytest.raises(EgressFailed, match='certificate is not valid'):
            await Egress('127.0.0.0/8', resolve=resolve).get(f'https://idp.example:{port}/')
    finally:
        server.shutdown()
        server.server_close()


class _TellsItsName(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = self.headers['host'].partition(':')[0].encode()
        self.send_response(200)
        self.send_header('content-length', str(len(name)))
        self.end_headers()
        self.wfile.write(name)

    def log_message(self, format: str, *args: object) -> None: ...


def _https(directory: Path, host: str) -> tuple[ThreadingHTTPServer, Path]:
    """A server with a certificate for that host, and the file of who signed it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = directory / 'certificate.pem', directory / 'key.pem'
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    server = ThreadingHTTPServer(('127.0.0.1', 0), _TellsItsName)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    return server, public
