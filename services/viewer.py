"""Who is asking, and the one table that says what each role may do."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.errors import Forbidden, PlatformError


class Role(StrEnum):
    """Teaching roles (the first four) and review roles (the last four); a person holds several."""

    SITE_ADMIN = 'site_admin'
    ORG_ADMIN = 'org_admin'
    INSTRUCTOR = 'instructor'
    STUDENT = 'student'
    ADMIN = 'admin'
    EDITOR = 'editor'
    REVIEWER = 'reviewer'
    VIEWER = 'viewer'


class Permission(StrEnum):
    LEARN = 'learn'
    COURSE_READ = 'course.read'
    COURSE_WRITE = 'course.write'
    COURSE_PUBLISH = 'course.publish'
    PUBLISH_OVERRIDE = 'course.publish_override'
    DRAFT_READ = 'draft.read'
    DRAFT_WRITE = 'draft.write'
    DRAFT_APPROVE = 'draft.approve'
    ENROLL = 'enroll'
    ANALYTICS_READ = 'analytics.read'
    KNOWLEDGE_READ = 'knowledge.read'
    KNOWLEDGE_WRITE = 'knowledge.write'
    PEOPLE_READ = 'people.read'
    PEOPLE_MANAGE = 'people.manage'
    ORGANIZATION_MANAGE = 'organization.manage'
    AUDIT_READ = 'audit.read'
    SITE_OPERATE = 'site.operate'


_EDITOR = {Permission.COURSE_READ, Permission.DRAFT_READ, Permission.DRAFT_WRITE, Permission.KNOWLEDGE_READ}
_REVIEWER = {Permission.COURSE_READ, Permission.DRAFT_READ, Permission.DRAFT_APPROVE, Permission.KNOWLEDGE_READ}
_ADMINISTRATION = {
    Permission.PEOPLE_MANAGE,
    Permission.ORGANIZATION_MANAGE,
    Permission.AUDIT_READ,
    Permission.PUBLISH_OVERRIDE,
}
_ALL_BUT_SITE = frozenset(Permission) - {Permission.SITE_OPERATE}

POLICY: dict[Role, frozenset[Permission]] = {
    Role.SITE_ADMIN: frozenset({Permission.SITE_OPERATE}),
    Role.ORG_ADMIN: _ALL_BUT_SITE,
    Role.INSTRUCTOR: _ALL_BUT_SITE - _ADMINISTRATION,
    Role.STUDENT: frozenset({Permission.LEARN}),
    Role.ADMIN: frozenset(
        _EDITOR | _REVIEWER | {Permission.COURSE_WRITE, Permission.COURSE_PUBLISH, Permission.PUBLISH_OVERRIDE}
    ),
    Role.EDITOR: frozenset(_EDITOR),
    Role.REVIEWER: frozenset(_REVIEWER),
    Role.VIEWER: frozenset({Permission.COURSE_READ, Permission.DRAFT_READ}),
}


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """A signed-in person in one organisation, as read from the database when the request began."""

    user_id: UUID
    organization_id: UUID
    session_id: UUID
    email: str
    full_name: str
    organization_name: str
    roles: frozenset[Role]
    locale: str = 'en'
    time_zone: str = 'UTC'
    scopes: frozenset[str] | None = None  # of an API token: no more than these permissions, whatever the roles
    owes_second_factor: bool = False  # the organisation asks for one: nothing but the own account until it is there

    @property
    def permissions(self) -> frozenset[Permission]:
        return frozenset(permission for permission in Permission if self.may(permission))

    def may(self, permission: Permission) -> bool:
        if self.scopes is not None and permission not in self.scopes:
            return False
        return any(permission in POLICY[role] for role in self.roles)

    def require(self, permission: Permission) -> None:
        if not self.may(permission):
            raise Forbidden()

    def require_in_person(self) -> None:
        """Passwords, tokens and the account belong to who signed in; a token cannot make itself another."""
        if self.scopes is not None:
            raise Forbidden('An API token may not do this. Sign in.')


class Suspended(PlatformError):
    """`viewer` is who was kept out, without a role: they may still go to another organisation of theirs."""

    status_code = 403
    code = 'suspended'

    def __init__(self, organization_name: str, viewer: Viewer | None = None) -> None:
        super().__init__(
            '{organization} is suspended. Nothing is lost; ask its administrator.', organization=organization_name
        )
        self.organization_name = organization_name
        self.viewer = viewer
