"""API tokens: kept as hashes, no more than their scopes, and gone within a second."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.accounts.profile import ProfileService
from services.accounts.tokens import MOST_DAYS, TokenService, grantable
from services.clock import now
from services.errors import Conflict, Forbidden, InvalidInput, NotFound, NotSignedIn
from services.identity import IdentityService, Presence
from services.viewer import Permission, Role, Viewer
from storage.checks import security_events
from storage.database import Scope
from storage.identity import Session, UserRole
from tests.services.world import World


@pytest.fixture
def tokens(world: World) -> TokenService:
    return TokenService(world.gate)


@pytest.fixture
def identity(world: World) -> IdentityService:
    return IdentityService(world.gate, 'secret')


async def test_a_token_is_told_once_and_kept_as_a_hash(world: World, tokens: TokenService) -> None:
    made = await tokens.make(world.demo.instructor, ' Nightly import ', ['course.read'], days=30)
    assert made.secret.startswith('cwt_')
    assert made.secret.removeprefix('cwt_').isalnum()
    [listed] = await tokens.list(world.demo.instructor)
    assert (listed.name, listed.scopes, listed.hint) == ('Nightly import', ('course.read',), made.secret[-4:])
    assert timedelta(days=29) < listed.expires_at - now() < timedelta(days=31)
    assert listed.last_used_at is None
    async with world.database.reading() as tx:
        kept = await tx.get_one(Session, made.id)
        assert made.secret not in str(kept.model_dump())
        assert all(made.secret not in str(event.model_dump()) for event in await security_events(tx))
    assert await world.audit(world.demo) == ['token.created']
    assert await tokens.list(world.demo.student) == []


async def test_a_token_says_who_it_is_only_as_a_bearer_token(
    world: World, tokens: TokenService, identity: IdentityService
) -> None:
    made = await tokens.make(world.demo.instructor, 'Import', ['course.read'])
    viewer = await identity.from_token(made.secret)
    assert (viewer.user_id, viewer.scopes) == (world.demo.instructor.user_id, {'course.read'})
    with pytest.raises(NotSignedIn):
        await identity.from_cookie(made.secret)
    for wrong in (made.secret[:-1], made.secret.upper(), 'cwt_', 'cwt_' + 'a' * 43):
        with pytest.raises(NotSignedIn):
            await identity.from_token(wrong)


async def test_a_token_may_do_what_its_scope_names_and_nothing_else(
    world: World, tokens: TokenService, identity: IdentityService
) -> None:
    everything = await _all_powerful(world)
    for scope in Permission:
        program = await identity.from_token((await tokens.make(everything, 'Program', [scope])).secret)
        assert {permission for permission in Permission if await _passes(world, program, permission)} == {scope}
        unnamed = await _passes(world, program, None)
        assert unnamed == (scope is Permission.LEARN)  # one's own lessons
        assert await _passes(world, everything, scope)
    for act in (
        tokens.make(program, 'Another', ['learn']),
        tokens.list(program),
        ProfileService(world.gate, ('en',)).update(program, full_name='Somebody else'),
        identity.set_theme(program, 'dark'),
    ):
        with pytest.raises(Forbidden):
            await act


async def test_a_role_that_is_taken_away_is_taken_from_the_token_too(
    world: World, tokens: TokenService, identity: IdentityService
) -> None:
    made = await tokens.make(world.demo.editor, 'Editor', ['draft.write', 'course.read'])
    async with world.database.writing() as tx:
        scope = Scope(tx, world.demo.organization_id)
        mine = scope.rows(UserRole).where(UserRole.user_id == world.demo.editor.user_id)
        for row in (await tx.exec(mine)).all():
            row.role = Role.STUDENT
            tx.add(row)
    await world.bus.publish('sessions')
    program = await identity.from_token(made.secret)
    assert not program.may(Permission.DRAFT_WRITE)
    assert not await _passes(world, program, Permission.COURSE_READ)


async def test_a_revoked_and_an_expired_token_are_refused(
    world: World, tokens: TokenService, identity: IdentityService
) -> None:
    instructor = world.demo.instructor
    revoked = await tokens.make(instructor, 'Revoked', ['course.read'])
    expired = await tokens.make(instructor, 'Expired', ['course.read'])
    program = await identity.from_token(revoked.secret)
    heard = world.heard('sessions', f'session:{revoked.id}')
    await tokens.revoke(instructor, revoked.id)
    assert heard == ['sessions', f'session:{revoked.id}']
    with pytest.raises(NotSignedIn):
        await identity.from_token(revoked.secret)
    with pytest.raises(NotSignedIn):  # a request that had begun
        async with world.gate.reading(program, Permission.COURSE_READ):
            pass
    async with world.database.writing() as tx:
        session = await tx.get_one(Session, expired.id)
        session.expires_at = now() - timedelta(seconds=1)
        tx.add(session)
    with pytest.raises(NotSignedIn):
        await identity.from_token(expired.secret)
    [listed] = await tokens.list(instructor)
    assert (listed.name, listed.expired) == ('Expired', True)
    assert await world.audit(world.demo) == ['token.created', 'token.created', 'token.revoked']


async def test_when_a_token_was_used_last_is_written_down_in_the_background(
    world: World, tokens: TokenService, identity: IdentityService
) -> None:
    made = await tokens.make(world.demo.student, 'Import', ['learn'])
    presence = Presence(world.database, idle=timedelta(hours=1))
    world.gate.saw = presence.saw
    await identity.from_token(made.secret)
    await presence.write()
    [listed] = await tokens.list(world.demo.student)
    assert listed.last_used_at is not None


async def test_only_its_owner_revokes_a_token(world: World, tokens: TokenService) -> None:
    made = await tokens.make(world.demo.instructor, 'Import', ['course.read'])
    for somebody in (world.demo.admin, world.other.instructor):
        with pytest.raises(NotFound):
            await tokens.revoke(somebody, made.id)
    for nothing in (uuid4(), world.demo.instructor.session_id):
        with pytest.raises(NotFound):
            await tokens.revoke(world.demo.instructor, nothing)
    await tokens.revoke(world.demo.instructor, made.id)
    with pytest.raises(NotFound):
        await tokens.revoke(world.demo.instructor, made.id)


async def test_what_a_token_cannot_be_is_refused_beside_its_field(world: World, tokens: TokenService) -> None:
    for field, given in (
        ('name', {'name': ' \t'}),
        ('name', {'name': 'x' * 81}),
        ('scopes', {'scopes': []}),
        ('scopes', {'scopes': ['people.manage']}),
        ('scopes', {'scopes': ['course.read', 'everything']}),
        ('days', {'days': 0}),
        ('days', {'days': MOST_DAYS + 1}),
    ):
        wanted = {'name': 'Import', 'scopes': ['course.read'], 'days': 90} | given
        with pytest.raises(InvalidInput) as refusal:
            await tokens.make(world.demo.instructor, **wanted)  # type: ignore[arg-type]
        assert field in refusal.value.fields, given
    assert await tokens.list(world.demo.instructor) == []


async def test_there_is_an_end_to_how_many(world: World, tokens: TokenService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('services.accounts.tokens.MOST_TOKENS', 2)
    for name in ('One', 'Two'):
        await tokens.make(world.demo.student, name, ['learn'])
    with pytest.raises(Conflict):
        await tokens.make(world.demo.student, 'Three', ['learn'])


def test_a_student_can_give_what_a_student_may(world: World) -> None:
    assert grantable(world.demo.student) == [Permission.LEARN]


async def _all_powerful(world: World) -> Viewer:
    """An administrator of the organisation who also runs the installation."""
    async with world.database.writing() as tx:
        Scope(tx, world.demo.organization_id).add(UserRole(user_id=world.demo.admin.user_id, role=Role.SITE_ADMIN))
    await world.bus.publish('sessions')
    return world.demo.admin


async def _passes(world: World, viewer: Viewer, permission: Permission | None) -> bool:
    try:
        async with world.gate.writing(viewer, permission):
            return True
    except Forbidden:
        return False
