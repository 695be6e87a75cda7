"""What each role may, said a second time and by hand: a slip in the policy has to be made twice to pass."""

from uuid import UUID

import pytest

from services.errors import Forbidden
from services.viewer import POLICY, Permission, Role, Suspended, Viewer

P = Permission
NOBODY = UUID(int=0)
WRITES = {P.COURSE_READ, P.DRAFT_READ, P.DRAFT_WRITE, P.KNOWLEDGE_READ}
REVIEWS = {P.COURSE_READ, P.DRAFT_READ, P.DRAFT_APPROVE, P.KNOWLEDGE_READ}
TEACHES = WRITES | REVIEWS | {
    P.LEARN,
    P.COURSE_WRITE,
    P.COURSE_PUBLISH,
    P.ENROLL,
    P.ANALYTICS_READ,
    P.KNOWLEDGE_WRITE,
    P.PEOPLE_READ,
}  # fmt: skip
MAY = {
    Role.SITE_ADMIN: {P.SITE_OPERATE},
    Role.ORG_ADMIN: TEACHES | {P.PEOPLE_MANAGE, P.ORGANIZATION_MANAGE, P.AUDIT_READ, P.PUBLISH_OVERRIDE},
    Role.INSTRUCTOR: TEACHES,
    Role.STUDENT: {P.LEARN},
    Role.ADMIN: WRITES | REVIEWS | {P.COURSE_WRITE, P.COURSE_PUBLISH, P.PUBLISH_OVERRIDE},
    Role.EDITOR: WRITES,
    Role.REVIEWER: REVIEWS,
    Role.VIEWER: {P.COURSE_READ, P.DRAFT_READ},
}


def who(*roles: Role, scopes: frozenset[str] | None = None) -> Viewer:
    return Viewer(
        user_id=NOBODY,
        organization_id=NOBODY,
        session_id=NOBODY,
        email='ada@demo.example',
        full_name='Ada',
        organization_name='Demo Academy',
        roles=frozenset(roles),
        scopes=scopes,
    )


def test_every_role_has_its_say() -> None:
    assert set(MAY) == set(Role) == set(POLICY)


@pytest.mark.parametrize('role', list(Role))
def test_a_role_may_this_and_nothing_else(role: Role) -> None:
    assert who(role).permissions == MAY[role]
    for permission in Permission:
        assert who(role).may(permission) is (permission in MAY[role])
        if permission in MAY[role]:
            who(role).require(permission)
        else:
            with pytest.raises(Forbidden):
                who(role).require(permission)


def test_several_roles_add_up() -> None:
    assert who(Role.STUDENT, Role.VIEWER).permissions == MAY[Role.STUDENT] | MAY[Role.VIEWER]
    assert who().permissions == frozenset()


@pytest.mark.parametrize('permission', list(Permission))
def test_a_token_may_no_more_than_its_scopes_and_no_more_than_the_person(permission: Permission) -> None:
    assert who(Role.INSTRUCTOR, scopes=frozenset({permission})).permissions == MAY[Role.INSTRUCTOR] & {permission}
    assert who(Role.INSTRUCTOR, scopes=frozenset()).permissions == frozenset()


def test_what_is_done_in_person_is_done_by_no_token() -> None:
    who(Role.ORG_ADMIN).require_in_person()
    for scopes in (frozenset(), frozenset(Permission)):
        with pytest.raises(Forbidden) as refused:
            who(Role.ORG_ADMIN, scopes=scopes).require_in_person()
        assert str(refused.value) == 'An API token may not do this. Sign in.'


def test_a_suspended_organisation_is_named_and_says_who_stands_before_it() -> None:
    shut = Suspended('Demo Academy', who())
    assert str(shut) == 'Demo Academy is suspended. Nothing is lost; ask its administrator.'
    assert (shut.organization_name, shut.viewer) == ('Demo Academy', who())
    assert Suspended('Demo Academy').viewer is None
