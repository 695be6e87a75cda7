"""Signing in through an organisation's own provider: who is let in, as whom, and where to."""

import pytest

from services.errors import NotFound, NotSignedIn, PlatformError
from services.identity.accounts import ElsewhereByPassword
from services.sign_on.errors import SignOnRefused
from services.viewer import Role
from tests.doubles.hostile_provider import HostileProvider
from tests.services.sign_on.site import Site

# The others run on both databases.
sqlite = pytest.mark.parametrize('database_url', ['sqlite'], indirect=True)


async def test_a_new_person_gets_an_account_with_the_roles_of_the_map(site: Site, there: HostileProvider) -> None:
    provider = await site.provider(site.world.demo, there.issuer)
    signed_in = await site.sign_in(provider, there, groups=['teachers', 'unknown'])
    assert (signed_in.viewer.email, signed_in.viewer.full_name) == ('ada@company.example', 'Ada King')
    assert signed_in.viewer.roles == {Role.INSTRUCTOR, Role.EDITOR, Role.STUDENT}
    assert signed_in.viewer.organization_id == site.world.demo.organization_id
    assert (await site.identity.from_cookie(signed_in.secret)).user_id == signed_in.viewer.user_id
    assert signed_in.max_age <= 12 * 3600, 'the provider is asked again every working day'
    assert (await site.world.audit(site.world.demo))[-1] == 'member.joined'
    again = await site.sign_in(provider, there, groups=['teachers'], email='new.address@company.example')
    assert again.viewer.user_id == signed_in.viewer.user_id, 'the subject says who it is, not the address'


async def test_roles_follow_the_claim_and_what_people_gave_by_hand_stays(site: Site, there: HostileProvider) -> None:
    demo = site.world.demo
    provider = await site.provider(demo, there.issuer, default_roles=[])
    await site.connect(provider, there, demo.reviewer)
    first = await site.sign_in(provider, there, groups=['teachers'])
    assert first.viewer.roles == {Role.REVIEWER, Role.INSTRUCTOR, Role.EDITOR}
    second = await site.sign_in(provider, there, groups='bosses')
    assert second.viewer.roles == {Role.REVIEWER, Role.ORG_ADMIN}
    assert (await site.identity.from_cookie(first.secret)).roles == second.viewer.roles, 'open sessions follow too'
    assert (await site.sign_in(provider, there)).viewer.roles == {Role.REVIEWER}
    assert (await site.world.audit(demo)).count('member.roles_changed') == 3


@sqlite
async def test_a_map_that_leaves_no_role_ends_what_is_open_and_may_let_in_again(
    site: Site, there: HostileProvider
) -> None:
    provider = await site.provider(site.world.demo, there.issuer, default_roles=[])
    first = await site.sign_in(provider, there, groups=['teachers'])
    with pytest.raises(SignOnRefused, match='no role'):
        await site.sign_in(provider, there, groups=[])
    with pytest.raises(NotSignedIn):
        await site.identity.from_cookie(first.secret)
    again = await site.sign_in(provider, there, groups=['teachers'])
    assert again.viewer.roles == {Role.INSTRUCTOR, Role.EDITOR}


@sqlite
async def test_the_map_never_makes_somebody_run_the_installation(site: Site, there: HostileProvider) -> None:
    demo = site.world.demo
    with pytest.raises(PlatformError, match='cannot give the role'):
        await site.provider(demo, there.issuer, role_map={'x': ['site_admin']})
    provider = await site.provider(demo, there.issuer)
    await site.planted(provider, role_map={'x': ['site_admin']}, default_roles=['student', 'site_admin'])
    assert (await site.sign_in(provider, there, groups=['x'])).viewer.roles == {Role.STUDENT}
    with pytest.raises(SignOnRefused, match='You run this installation'):
        await site.connect(provider, there, demo.site, sub='operator')


@sqlite
async def test_the_last_administrator_stays_one(site: Site, there: HostileProvider) -> None:
    demo = site.world.demo
    provider = await site.provider(demo, there.issuer)
    boss = await site.sign_in(provider, there, groups=['bosses'])
    await site.take(demo, demo.admin.user_id, 'org_admin')
    assert Role.ORG_ADMIN in (await site.sign_in(provider, there)).viewer.roles
    assert boss.viewer.user_id != demo.admin.user_id


async def test_an_address_that_is_known_here_opens_nothing(site: Site, there: HostileProvider) -> None:
    """Neither a member's own, nor that of a stranger who belongs to another organisation."""
    provider = await site.provider(site.world.demo, there.issuer)
    before = await site.rows()
    for victim in (site.world.demo.admin, site.world.other.admin, site.world.other.site):
        with pytest.raises(SignOnRefused, match='No account here belongs to this sign-in'):
            await site.sign_in(provider, there, email=victim.email.upper(), sub=victim.email)
    assert await site.rows() == before
    assert [event.email for event in await site.refusals()][-1] == site.world.other.site.email


async def test_a_session_that_an_organisation_vouches_for_goes_nowhere_else(site: Site, there: HostileProvider) -> None:
    """Whoever runs its provider could say anything: it opens what that organisation owns, and nothing beside it."""
    world = site.world
    provider = await site.provider(world.other, there.issuer)
    await site.give(world.other, world.demo.instructor.user_id, 'instructor')
    session = await site.session(world.other, world.demo.instructor.user_id)
    await site.connect(provider, there, session)
    signed_in = await site.sign_in(provider, there)
    assert signed_in.viewer.user_id == world.demo.instructor.user_id
    assert signed_in.viewer.organization_id == world.other.organization_id
    with pytest.raises(ElsewhereByPassword):
        await site.identity.switch(signed_in.viewer, world.demo.organization_id)


@sqlite
async def test_what_the_administrator_asks_of_newcomers_holds(site: Site, there: HostileProvider) -> None:
    demo = site.world.demo
    provider = await site.provider(demo, there.issuer)
    before = await site.rows()
    for wrong in ({'email_verified': False}, {'email_verified': 'true'}, {'email_verified': None}, {'email': None}):
        with pytest.raises(SignOnRefused, match='does not confirm your e-mail'):
            await site.sign_in(provider, there, **wrong)
    with pytest.raises(SignOnRefused, match='did not work'):
        await site.sign_in(provider, there, email='no address')
    await site.organization(demo, email_domains=['demo.example'])
    with pytest.raises(SignOnRefused, match='No account here'):
        await site.sign_in(provider, there)
    await site.organization(demo, email_domains=[], work_email_only=True)
    with pytest.raises(SignOnRefused, match='No account here'):
        await site.sign_in(provider, there, email='ada@gmail.com')
    assert await site.rows() == before
    await site.organization(demo, email_domains=['company.example'])
    assert (await site.sign_in(provider, there)).viewer.email == 'ada@company.example'
    await site.providers.change(demo.admin, provider.id, provider.draft(creates_accounts=False))
    assert await site.sign_in(provider, there), 'who is known already'
    with pytest.raises(SignOnRefused, match='No account here'):
        await site.sign_in(provider, there, sub='grace', email='grace@company.example')


@sqlite
async def test_connecting_needs_the_session_that_asked_for_it_and_happens_once(
    site: Site, there: HostileProvider
) -> None:
    demo = site.world.demo
    provider = await site.provider(demo, there.issuer)
    with pytest.raises(SignOnRefused):
        await site.sign_on.start(provider.id, next='/', viewer=demo.student, ticket='')
    with pytest.raises(SignOnRefused):
        ticket = await site.sign_on.ticket(demo.classmate, provider.id)
        await site.sign_on.start(provider.id, next='/', viewer=demo.student, ticket=ticket)
    with pytest.raises(NotFound):
        await site.sign_on.ticket(site.world.other.student, provider.id)
    departure = await site.go(provider.id, demo.student)
    answer = there.authorize(departure.url)
    for viewer in (demo.classmate, None):
        with pytest.raises(SignOnRefused, match='Start again'):
            await site.sign_on.finish(provider.id, departure.flow, answer, viewer=viewer)
    await site.connect(provider, there, demo.student)
    assert (await site.sign_in(provider, there)).viewer.user_id == demo.student.user_id
    with pytest.raises(SignOnRefused, match='belongs to an account already'):
        await site.connect(provider, there, demo.classmate)


@sqlite
async def test_whom_an_administrator_removed_no_provider_lets_in(site: Site, there: HostileProvider) -> None:
    provider = await site.provider(site.world.demo, there.issuer)
    signed_in = await site.sign_in(provider, there)
    await site.remove(signed_in.viewer)
    with pytest.raises(SignOnRefused, match='no longer a member'):
        await site.sign_in(provider, there)


async def test_switched_off_or_suspended_nobody_comes_in_and_sessions_end(site: Site, there: HostileProvider) -> None:
    demo = site.world.demo
    provider = await site.provider(demo, there.issuer)
    signed_in, departure = await site.sign_in(provider, there), await site.go(provider.id)
    answer = there.authorize(departure.url)
    await site.providers.disable(demo.admin, provider.id)
    with pytest.raises(NotSignedIn):
        await site.identity.from_cookie(signed_in.secret)
    for attempt in (site.go(provider.id), site.come(provider.id, departure, answer)):
        with pytest.raises(NotFound):
            await attempt
    await site.providers.enable(demo.admin, provider.id)
    await site.organization(demo, is_active=False)
    with pytest.raises(NotFound):
        await site.come(provider.id, departure, answer)
    assert await site.sign_on.offered('demo') == []


@sqlite
async def test_strangers_see_what_the_administrator_switched_on(site: Site, there: HostileProvider) -> None:
    demo = site.world.demo
    await site.organization(demo, email_domains=['demo.example'])
    provider = await site.provider(demo, there.issuer)
    assert [offer.name for offer in await site.sign_on.offered('demo')] == ['Company login']
    assert await site.sign_on.offered('nowhere') == await site.sign_on.offered('other') == []
    assert await site.sign_on.offered_to('anybody@demo.example') == []
    await site.providers.change(demo.admin, provider.id, provider.draft(offered_by_domain=True))
    assert [offer.organization for offer in await site.sign_on.offered_to('Nobody@Demo.example')] == ['Demo Academy']
    assert await site.sign_on.offered_to('somebody@elsewhere.example') == []
