"""A provider, or who pretends to be one: refused, and nothing is left behind but a line in the security log."""

import asyncio
import json
import time
from collections.abc import Callable

import pytest

from services.egress import Egress
from services.errors import PlatformError
from services.sign_on.discovery import Discovery
from services.sign_on.errors import SignOnRefused
from services.sign_on.exchange import Exchange
from services.sign_on.providers import ProviderNotReady, ProviderView
from tests.doubles.hostile_provider import Answer, HostileProvider, Json
from tests.services.sign_on.site import Site

# Two at once are told apart by the database: that one runs on both.
sqlite = pytest.mark.parametrize('database_url', ['sqlite'], indirect=True)
DISCOVERY = '/.well-known/openid-configuration'


async def refused(site: Site, provider: ProviderView, bring: Callable[[str], dict[str, str]]) -> str:
    """What the security log says of an answer that `bring` gives for the address of the provider."""
    departure, before = await site.go(provider.id), await site.rows()
    noted = len(await site.refusals())
    with pytest.raises(SignOnRefused) as refusal:
        await site.come(provider.id, departure, bring(departure.url))
    assert await site.rows() == before, 'something was written'
    events = await site.refusals()
    assert len(events) == noted + 1
    assert events[-1].organization_id == site.world.demo.organization_id
    assert refusal.value.status_code == 403
    return events[-1].detail


LIES: dict[str, Json] = {
    'nonce': {'nonce': 'of somebody else'},
    'no nonce': {'nonce': None},
    'aud': {'aud': 'another-client'},
    'several aud, no azp': {'aud': ['coursewright', 'another-client']},
    'azp of another': {'aud': ['coursewright', 'another-client'], 'azp': 'another-client'},
    'iss': {'iss': 'https://accounts.example'},
    'no iss': {'iss': None},
    'expired': {'exp': int(time.time()) - 3600, 'iat': int(time.time()) - 7200},
    'no exp': {'exp': None},
    'exp is a word': {'exp': 'never'},
    'from the future': {'iat': int(time.time()) + 3600, 'exp': int(time.time()) + 7200},
    'not yet': {'nbf': int(time.time()) + 3600},
    'nobody': {'sub': ''},
    'sub is a number': {'sub': 1},
    'a name too long': {'sub': 'a' * 256},
    'no sub': {'sub': None},
    'at_hash': {'at_hash': 'of-another-token'},
}


@sqlite
async def test_an_id_token_that_lies_lets_nobody_in(site: Site, there: HostileProvider) -> None:
    provider = await site.provider(site.world.demo, there.issuer)
    for lie, claims in LIES.items():
        said = await refused(site, provider, lambda url, claims=claims: there.authorize(url, claims))  # type: ignore[misc]
        assert 'id_token' in said, lie


@sqlite
async def test_an_id_token_that_nobody_signed_as_agreed_lets_nobody_in(site: Site, there: HostileProvider) -> None:
    provider = await site.provider(site.world.demo, there.issuer)
    forgeries: list[Callable[[Json], str]] = [
        there.unsigned,
        there.signed_with_the_public_key,
        there.signed_by_another,
        there.signed_by_a_key_in_the_header,
        lambda claims: there.signed(claims, alg='RS384'),
        lambda claims: there.signed(claims, kid='unknown'),
        lambda claims: there.signed(claims) + 'x',
        lambda claims: there.signed(claims).rpartition('.')[0] + '.',
        lambda claims: 'no token',
        lambda claims: 'a' * 100_000,
    ]
    for forge in forgeries:
        assert 'id_token' in await refused(site, provider, lambda url, forge=forge: there.authorize(url, sign=forge))  # type: ignore[misc]
    departure = await site.go(provider.id)
    answer = there.authorize(departure.url, sign=there.signed_by_curve)
    assert await site.come(provider.id, departure, answer), 'ES256 is as good as RS256'


@sqlite
async def test_swapped_keys_are_fetched_once_and_keys_that_are_secrets_never_count(
    site: Site, there: HostileProvider
) -> None:
    provider = await site.provider(site.world.demo, there.issuer)
    await site.sign_in(provider, there)
    there.hits.clear()
    assert 'id_token' in await refused(site, provider, lambda url: there.authorize(url, sign=there.signed_by_another))
    assert '/jwks' not in there.hits, 'a known key id is no reason to ask again'
    rolled = there.other_key.as_dict(private=False) | {'kid': 'two'}
    there.keys = [rolled]
    departure = await site.go(provider.id)
    answer = there.authorize(departure.url, sign=lambda claims: there.signed(claims, there.other_key, kid='two'))
    assert await site.come(provider.id, departure, answer), 'the provider rolled its keys over'
    assert there.hits.count('/jwks') == 1
    there.keys = [{'kty': 'oct', 'k': 'AAAA', 'kid': 'three'}]
    said = await refused(site, provider, lambda url: there.authorize(url, sign=lambda c: there.signed(c, kid='three')))
    assert 'no key that can be used' in said


@sqlite
async def test_an_answer_counts_once_and_only_in_the_browser_that_asked(site: Site, there: HostileProvider) -> None:
    demo = site.world.demo
    provider = await site.provider(demo, there.issuer)
    there.codes_work_twice = True  # a provider that forgets what it gave: we still do not
    departure = await site.go(provider.id)
    answer = there.authorize(departure.url)
    assert await site.come(provider.id, departure, answer)
    with pytest.raises(SignOnRefused, match='used already'):
        await site.come(provider.id, departure, answer)
    there.codes_work_twice = False
    assert 'invalid_grant' in await refused(site, provider, lambda url: answer | {'state': _state(url)})
    mine, attackers = await site.go(provider.id), await site.go(provider.id)
    planted = there.authorize(attackers.url)
    for flow in (mine.flow, '', 'x' * 200, site.sign_on._sealer.seal('{"purpose": "other"}')):
        with pytest.raises(SignOnRefused, match='Start again'):
            await site.sign_on.finish(provider.id, flow, planted)
    for wrong in ({'state': ''}, {'code': ''}, {'code': 'x' * 5000}, {'error': 'access_denied', 'code': ''}):
        await refused(site, provider, lambda url, wrong=wrong: there.authorize(url) | wrong)  # type: ignore[misc]


async def test_two_who_bring_the_same_answer_at_once_open_one_session(site: Site, there: HostileProvider) -> None:
    provider = await site.provider(site.world.demo, there.issuer)
    there.codes_work_twice = True
    departure = await site.go(provider.id)
    answer = there.authorize(departure.url)
    tries = [site.come(provider.id, departure, answer) for _ in range(3)]
    came = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(isinstance(one, SignOnRefused) for one in came) == [False, True, True]


@sqlite
async def test_an_answer_of_one_provider_is_none_of_another(site: Site, there: HostileProvider) -> None:
    """Mix-up: whoever runs one provider gets no code of another, and no code of theirs opens another's door."""
    second = HostileProvider()
    try:
        ours = await site.provider(site.world.demo, there.issuer)
        theirs = await site.provider(site.world.other, second.issuer)
        departure = await site.go(ours.id)
        with pytest.raises(SignOnRefused):
            await site.come(theirs.id, departure, there.authorize(departure.url))
        assert '/token' not in second.hits, 'the code went to the wrong provider'
        assert 'iss' in await refused(site, ours, lambda url: there.authorize(url) | {'iss': second.issuer})
        assert 'iss' in await refused(site, ours, _without_iss(there))
    finally:
        second.stop()


@sqlite
async def test_userinfo_speaks_of_the_same_person_or_not_at_all(site: Site, there: HostileProvider) -> None:
    provider = await site.provider(site.world.demo, there.issuer)
    short = {'email': None, 'email_verified': None}
    told = {'sub': 'mallory', 'email': 'ada@company.example', 'email_verified': True}
    said = await refused(site, provider, lambda url: there.authorize(url, short, userinfo=told))
    assert 'somebody else' in said
    departure = await site.go(provider.id)
    answer = there.authorize(departure.url, short, userinfo=told | {'sub': 'ada', 'iss': 'x', 'groups': ['teachers']})
    assert len((await site.come(provider.id, departure, answer)).viewer.roles) == 3
    departure = await site.go(provider.id)
    answer = there.authorize(departure.url, {'sub': 'eve', 'email_verified': False}, userinfo=told | {'sub': 'eve'})
    with pytest.raises(SignOnRefused, match='confirm'):
        await site.come(provider.id, departure, answer)


FAULTY: dict[str, Callable[[HostileProvider], object]] = {
    'speaks for another issuer': lambda p: p.change.update(issuer='https://accounts.example'),
    'issuer with a slash more': lambda p: p.change.update(issuer=p.issuer + '/'),
    'plain http elsewhere': lambda p: p.change.update(token_endpoint='http://accounts.example/token'),
    'another scheme': lambda p: p.change.update(jwks_uri='file:///etc/passwd'),
    'a script as endpoint': lambda p: p.change.update(authorization_endpoint='javascript:alert(1)'),
    'a name and password in it': lambda p: p.change.update(token_endpoint='https://a:b@accounts.example/token'),
    'no token endpoint': lambda p: p.change.update(token_endpoint=None),
    'signs with secrets only': lambda p: p.change.update(id_token_signing_alg_values_supported=['HS256', 'none']),
    'no code flow': lambda p: p.change.update(response_types_supported=['id_token']),
    'no keys': lambda p: p.keys.clear(),
    'no json': lambda p: p.instead.update({DISCOVERY: Answer(b'<html>')}),
    'deep json': lambda p: p.instead.update({DISCOVERY: Answer(b'[' * 200_000)}),
    'a list': lambda p: p.instead.update({DISCOVERY: Answer(b'[]')}),
    'huge': lambda p: p.instead.update({DISCOVERY: Answer(json.dumps({'x': 'y' * 2_000_000}).encode())}),
    'packed': lambda p: p.instead.update({DISCOVERY: Answer(b'x', headers={'content-encoding': 'gzip'})}),
    'never ends': lambda p: p.instead.update({DISCOVERY: Answer(drip=True)}),
    'an error': lambda p: p.instead.update({DISCOVERY: Answer(b'{}', 500)}),
}


@sqlite
async def test_what_a_provider_must_not_say_is_found_when_it_is_switched_on(site: Site, there: HostileProvider) -> None:
    demo = site.world.demo
    provider = await site.provider(demo, there.issuer)
    await site.providers.disable(demo.admin, provider.id)
    for fault, spoil in FAULTY.items():
        there.change, there.instead = {}, {}
        there.keys = [there.key.as_dict(private=False)]
        spoil(there)
        with pytest.raises(ProviderNotReady) as refusal:
            await site.providers.enable(demo.admin, provider.id)
        assert str(refusal.value).endswith('.'), fault
    assert not (await site.providers.get(demo.admin, provider.id)).is_enabled


@sqlite
async def test_redirects_and_inner_addresses_are_never_followed(site: Site, there: HostileProvider) -> None:
    """The trap stands where the metadata of a cloud would be: nobody may connect to it."""
    trap, demo = HostileProvider(), site.world.demo
    try:
        provider = await site.provider(demo, there.issuer)
        departure = await site.go(provider.id)
        answer = there.authorize(departure.url)
        for path in (DISCOVERY, '/jwks', '/token', '/userinfo'):
            for status in (301, 302, 307, 308):
                for target in (f'{trap.issuer}/latest/meta-data', 'http://169.254.169.254/latest/meta-data'):
                    there.instead = {path: Answer(status=status, headers={'location': target})}
                    with pytest.raises(PlatformError):
                        await site.providers.enable(demo.admin, provider.id)
                        await site.come(provider.id, departure, answer)
        assert trap.hits == []
    finally:
        trap.stop()


@sqlite
async def test_where_this_machine_is_not_named_no_provider_of_it_is_asked(site: Site, there: HostileProvider) -> None:
    provider = await site.provider(site.world.demo, there.issuer)
    there.hits.clear()
    closed = Egress('')
    exchange = Exchange(closed, Discovery(closed, plain_loopback=True), site.sign_on._sealer)
    site.sign_on._exchange = exchange
    with pytest.raises(SignOnRefused):
        await site.go(provider.id)
    assert there.hits == []


def _state(url: str) -> str:
    return url.partition('state=')[2].partition('&')[0]


def _without_iss(there: HostileProvider) -> Callable[[str], dict[str, str]]:
    return lambda url: {name: value for name, value in there.authorize(url).items() if name != 'iss'}
