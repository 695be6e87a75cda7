"""What an administrator sets up: kept, checked, switched, removed; the secret goes in and never comes out."""

import pytest

from services.errors import Forbidden, InvalidInput, NotFound, NotSignedIn
from services.sealing import Sealer
from services.sign_on.connected import OnlyWayIn
from services.sign_on.providers import ProviderDraft, ProviderExists
from storage import checks
from storage.audit import AuditEvent
from storage.database import Scope
from storage.identity import User
from storage.sign_on import IdentityProvider
from tests.doubles.hostile_provider import CLIENT_SECRET, HostileProvider
from tests.services.sign_on.site import DRAFT, Site

sqlite = pytest.mark.parametrize('database_url', ['sqlite'], indirect=True)


async def test_the_client_secret_rests_as_ciphertext_and_is_never_told(site: Site, there: HostileProvider) -> None:
    demo = site.world.demo
    provider = await site.provider(demo, there.issuer)
    seen = await site.providers.get(demo.admin, provider.id)
    assert seen.has_secret and CLIENT_SECRET not in repr(seen)
    await site.providers.change(demo.admin, provider.id, seen.draft(client_secret='a-newer-secret'))
    async with site.world.database.reading() as tx:
        scope = Scope(tx, demo.organization_id)
        row = (await tx.exec(scope.rows(IdentityProvider))).one()
        events = (await tx.exec(scope.rows(AuditEvent))).all()
    assert Sealer('secret').open(row.client_secret) == 'a-newer-secret'
    told = repr([(event.before, event.after) for event in events])
    assert 'a-newer-secret' not in told + row.client_secret and CLIENT_SECRET not in told
    assert {'identity_provider.added', 'identity_provider.enabled', 'identity_provider.changed'} <= {
        event.action for event in events
    }


@sqlite
async def test_a_stored_secret_cannot_be_sent_to_another_server(site: Site, there: HostileProvider) -> None:
    demo = site.world.demo
    provider = await site.provider(demo, there.issuer)
    for change in ({'issuer': 'https://evil.example'}, {'client_id': 'another'}):
        with pytest.raises(InvalidInput) as refusal:
            await site.providers.change(demo.admin, provider.id, provider.draft(**change))
        assert set(refusal.value.fields) == {'client_secret'}
    moved = provider.draft(issuer='https://evil.example', client_secret='its own')
    assert (await site.providers.change(demo.admin, provider.id, moved)).issuer == 'https://evil.example'


@sqlite
async def test_every_fault_stands_beside_its_field(site: Site) -> None:
    wrong = DRAFT | {
        'name': ' ',
        'client_id': '',
        'issuer': 'http://company.example',
        'role_claim': '',
        'default_roles': ['owner'],
    }
    with pytest.raises(InvalidInput) as refusal:
        await site.providers.add(site.world.demo.admin, ProviderDraft(**wrong))
    assert set(refusal.value.fields) == {'name', 'client_id', 'issuer', 'role_claim', 'default_roles'}
    odd = ['https://u:p@company.example', 'https://company.example/#a', 'https://company.example/?a', 'https://', 'x']
    for issuer in odd:
        with pytest.raises(InvalidInput):
            await site.providers.add(site.world.demo.admin, ProviderDraft(**DRAFT | {'issuer': issuer}))


async def test_only_administrators_of_the_organisation_see_or_change_it(site: Site, there: HostileProvider) -> None:
    world, providers = site.world, site.providers
    provider = await site.provider(world.demo, there.issuer)
    for viewer in (world.demo.instructor, world.demo.reviewer, world.demo.student, world.demo.site):
        for attempt in (
            providers.all(viewer),
            providers.get(viewer, provider.id),
            providers.check(viewer, provider.id),
        ):
            with pytest.raises(Forbidden):
                await attempt
        for attempt in (
            providers.change(viewer, provider.id, provider.draft(name='Mine')),
            providers.disable(viewer, provider.id),
        ):
            with pytest.raises(Forbidden):
                await attempt
    there.hits.clear()
    for act in (providers.get, providers.check, providers.enable, providers.disable, providers.remove):
        with pytest.raises(NotFound):
            await act(world.other.admin, provider.id)
    assert there.hits == [], 'nobody is asked on behalf of a stranger'
    assert await providers.all(world.other.admin) == []
    assert [one.name for one in await providers.all(world.demo.admin)] == ['Company login']
    with pytest.raises(ProviderExists):
        await site.provider(world.demo, there.issuer)
    assert await site.provider(world.other, there.issuer), 'two organisations may share a provider'


@sqlite
async def test_a_check_says_in_words_what_it_found(site: Site, there: HostileProvider) -> None:
    demo = site.world.demo
    provider = await site.provider(demo, there.issuer)

    async def said() -> list[tuple[str, str]]:
        return [(found.level, str(found)) for found in await site.providers.check(demo.admin, provider.id)]

    assert {level for level, _ in await said()} == {'ok'}
    there.change = {'code_challenge_methods_supported': [], 'scopes_supported': ['openid']}
    assert [level for level, _ in await said()] == ['ok', 'ok', 'warn', 'warn']
    there.change = {'token_endpoint_auth_methods_supported': ['private_key_jwt']}
    assert ('bad', 'The provider takes no client secret. Choose another kind of client there.') in await said()
    there.change = {'issuer': 'https://login.example'}
    assert 'speaks for https://login.example' in (await said())[0][1]


@sqlite
async def test_a_removed_provider_leaves_accounts_and_no_way_in(site: Site, there: HostileProvider) -> None:
    demo = site.world.demo
    provider = await site.provider(demo, there.issuer)
    signed_in = await site.sign_in(provider, there)
    assert (await site.providers.get(demo.admin, provider.id)).people == 1
    await site.providers.remove(demo.admin, provider.id)
    with pytest.raises(NotSignedIn):
        await site.identity.from_cookie(signed_in.secret)
    with pytest.raises(NotFound):
        await site.go(provider.id)
    async with site.world.database.reading() as tx:
        assert await tx.get(User, signed_in.viewer.user_id) is not None
        assert await checks.crossing_references(tx) == []


@sqlite
async def test_nobody_disconnects_their_only_way_in(site: Site, there: HostileProvider) -> None:
    demo = site.world.demo
    provider = await site.provider(demo, there.issuer)
    newcomer = (await site.sign_in(provider, there)).viewer
    await site.connect(provider, there, demo.student, sub='student')
    [mine] = await site.own.all(newcomer)
    assert mine.id is not None and mine.last_used_at is not None
    with pytest.raises(OnlyWayIn):
        await site.own.disconnect(newcomer, mine.id)
    with pytest.raises(NotFound):
        await site.own.disconnect(demo.student, mine.id)
    async with site.world.database.writing() as tx:
        user = await tx.get_one(User, demo.student.user_id)
        user.password_hash = '$argon2id$'
        tx.add(user)
    [own] = await site.own.all(demo.student)
    assert own.id is not None
    await site.own.disconnect(demo.student, own.id)
    assert [one.id for one in await site.own.all(demo.student)] == [None]
    assert await site.own.all(site.world.other.student) == []
