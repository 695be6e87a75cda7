"""Whom a request comes from: what proxies of ours say, and what nobody else may say."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import ValidationError

from app.proxies import TrustedProxies, networks
from app.settings import Settings

SPOOFED = {
    'X-Forwarded-For': '198.51.100.7',
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Prefix': '/evil',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Port': '99',
    'X-Real-IP': '198.51.100.7',
    'X-Original-URL': '/admin',
    'Forwarded': 'for=198.51.100.7;host=evil.example',
}


async def asked(peer: str, trusted: str, headers: dict[str, str]) -> dict[str, Any]:
    site = FastAPI()

    @site.get('/')
    async def seen(request: Request) -> dict[str, Any]:
        address = request.client.host if request.client else ''
        return {'address': address, 'url': str(request.url), 'said': sorted(set(request.headers) - _USUAL)}

    transport = httpx.ASGITransport(TrustedProxies(site, networks(trusted)), client=(peer, 4711))
    async with httpx.AsyncClient(transport=transport, base_url='http://ours.example') as http:
        answer: dict[str, Any] = (await http.get('/', headers=headers)).json()
        return answer


_USUAL = {'host', 'accept', 'accept-encoding', 'connection', 'user-agent'}


@pytest.mark.parametrize('trusted', ['', '10.0.0.0/8, 192.0.2.1'])
async def test_a_stranger_may_say_what_they_like(trusted: str) -> None:
    seen = await asked('203.0.113.5', trusted, SPOOFED)
    assert seen == {'address': '203.0.113.5', 'url': 'http://ours.example/', 'said': []}


async def test_a_proxy_of_ours_is_believed_about_the_address_and_the_scheme_and_nothing_else() -> None:
    seen = await asked('10.1.2.3', '10.0.0.0/8', SPOOFED)
    assert seen == {'address': '198.51.100.7', 'url': 'https://ours.example/', 'said': []}


@pytest.mark.parametrize(
    ('forwarded', 'address'),
    [
        ('1.1.1.1, 198.51.100.7', '198.51.100.7'),  # what stands before it, the browser wrote
        ('1.1.1.1, 198.51.100.7, 10.9.9.9', '198.51.100.7'),  # two proxies of ours
        ('10.4.4.4, 10.9.9.9', '10.4.4.4'),
        ('unknown', '10.1.2.3'),
        ('198.51.100.7, <script>', '10.1.2.3'),
        ('', '10.1.2.3'),
        ('2001:db8::7', '2001:db8::7'),
        ('::ffff:198.51.100.7', '198.51.100.7'),
    ],
)
async def test_the_nearest_that_is_no_proxy_of_ours_is_who_asks(forwarded: str, address: str) -> None:
    assert (await asked('10.1.2.3', '10.0.0.0/8', {'X-Forwarded-For': forwarded}))['address'] == address


async def test_a_scheme_that_is_none_is_not_taken_over() -> None:
    seen = await asked('10.1.2.3', '10.0.0.0/8', {'X-Forwarded-Proto': 'javascript'})
    assert seen['url'] == 'http://ours.example/'


def test_what_is_no_address_is_said_at_the_start() -> None:
    with pytest.raises(ValidationError, match='COURSEWRIGHT_TRUSTED_PROXIES lists addresses or networks'):
        Settings(trusted_proxies='my-proxy')


@pytest.mark.parametrize(
    ('address', 'first'),
    [
        ('https://learn.example/', 'https://learn.example'),
        ('https://Learn.example:443', 'https://learn.example'),
        ('http://learn.example:8000', 'http://learn.example:8000'),
    ],
)
def test_our_own_origins_are_said_as_browsers_say_them(address: str, first: str) -> None:
    origins = Settings(public_url=address, port=9000).origins
    assert origins[0] == first
    assert 'http://localhost:9000' in origins
    assert 'http://127.0.0.1:9000' in origins
