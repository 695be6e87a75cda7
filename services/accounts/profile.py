"""Who the person is, how they want to see the platform, and what was done in their name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from services import fields
from services.errors import InvalidInput, NotFound
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import own_account as rows
from storage.audit import AuditEvent
from storage.identity import SecurityEvent, User, places_of, roles_of

THEMES = ('auto', 'light', 'dark')
_NAME_LIMIT = 120
# In the security log too, and said once.
_ALSO_AT_THE_DOOR = (
    'user.second_factor_switched_on', 'user.second_factor_switched_off', 'user.recovery_codes_renewed',
    'user.password_changed', 'user.signed_out', 'user.data_exported', 'token.created', 'token.revoked',
)  # fmt: skip
_REGIONS = ('Africa', 'America', 'Antarctica', 'Arctic', 'Asia', 'Atlantic', 'Australia', 'Europe', 'Indian', 'Pacific')


@dataclass(frozen=True, kw_only=True)
class Place:
    """An organisation that the person belongs to."""

    id: UUID
    name: str
    roles: tuple[str, ...]
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class Profile:
    id: UUID
    email: str
    full_name: str
    locale: str
    theme: str
    time_zone: str
    created_at: datetime
    has_password: bool
    password_changed_at: datetime | None
    second_factor: bool
    organizations: tuple[Place, ...]


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member as another member sees them. `second_factor` and `joined_at` only for whoever manages people."""

    id: UUID
    full_name: str
    email: str
    roles: tuple[str, ...]
    second_factor: bool | None = None
    joined_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Activity:
    """`kind` is of the security log, or an action of the audit trail such as course.published."""

    at: datetime
    kind: str
    allowed: bool
    detail: str
    address: str


class ProfileService:
    def __init__(self, gate: Gate, locales: Collection[str]) -> None:
        """`locales` are those that the platform speaks."""
        self._gate = gate
        self._locales = tuple(locales)

    async def get(self, viewer: Viewer) -> Profile:
        async with self._gate.reading(viewer, in_person=True) as work:
            return await _profile(work)

    async def update(
        self,
        viewer: Viewer,
        *,
        full_name: str | None = None,
        locale: str | None = None,
        theme: str | None = None,
        time_zone: str | None = None,
    ) -> Profile:
        """Changes what is given, and leaves the rest."""
        wanted = {
            name: value
            for name, value in (
                ('full_name', None if full_name is None else person_name(full_name)),
                ('locale', locale),
                ('theme', theme),
                ('time_zone', time_zone),
            )
            if value is not None
        }
        self._check(wanted)
        async with self._gate.writing(viewer, in_person=True) as work:
            user = await work.tx.get_one(User, work.viewer.user_id)
            before = {name: getattr(user, name) for name, value in wanted.items() if getattr(user, name) != value}
            if before:
                after = {name: wanted[name] for name in before}
                for name, value in after.items():
                    setattr(user, name, value)
                work.tx.add(user)
                work.record('user.updated', user, before=before, after=after)
                # Every session of the person says the new name from now on.
                work.changed('sessions', f'account:{user.id}', f'members:{work.viewer.organization_id}')
            await work.tx.flush()
            return await _profile(work)

    async def person(self, viewer: Viewer, user_id: UUID) -> Person:
        """Oneself, or a member of the same organisation for whoever may see people; NotFound otherwise."""
        async with self._gate.reading(viewer) as work:
            me = work.viewer
            roles = await roles_of(work.tx, user_id, me.organization_id)
            user = await work.tx.get(User, user_id)
            seen = user_id == me.user_id or me.may(Permission.PEOPLE_READ)
            if user is None or user.deleted_at is not None or not roles or not seen:
                raise NotFound()
            manages = me.may(Permission.PEOPLE_MANAGE)
            return Person(
                id=user.id,
                full_name=user.full_name,
                email=user.email,
                roles=tuple(sorted(roles)),
                second_factor=user.second_factor_at is not None if manages else None,
                joined_at=user.created_at if manages else None,
            )

    async def activity(self, viewer: Viewer, *, limit: int = 50) -> Sequence[Activity]:
        """What happened at the door in the person's name, and what they did in this organisation; newest first."""
        async with self._gate.reading(viewer, in_person=True) as work:
            door = await rows.events_at_the_door(work.tx, work.viewer.user_id, limit=limit)
            acts = await rows.acts_of(work.scope, work.viewer.user_id, but=_ALSO_AT_THE_DOOR, limit=limit)
            found = [*map(_at_the_door, door), *map(_act, acts)]
            return sorted(found, key=lambda one: one.at, reverse=True)[:limit]

    def _check(self, wanted: dict[str, str]) -> None:
        faults = {}
        if 'locale' in wanted and wanted['locale'] not in self._locales:
            faults['locale'] = f'The platform does not speak this language. Choose one of: {", ".join(self._locales)}.'
        if 'theme' in wanted and wanted['theme'] not in THEMES:
            faults['theme'] = f'There is no such appearance. Choose one of: {", ".join(THEMES)}.'
        if 'time_zone' in wanted and wanted['time_zone'] not in time_zones():
            faults['time_zone'] = 'There is no such time zone. Choose one like Europe/Berlin.'
        if faults:
            raise InvalidInput(' '.join(faults.values()), fields=faults)


def person_name(typed: str) -> str:
    name = fields.line('full_name', typed, limit=_NAME_LIMIT)
    if not name:
        fault = 'Enter a name: others see it beside what you do.'
        raise InvalidInput(fault, fields={'full_name': fault})
    return name


@cache
def time_zones() -> tuple[str, ...]:
    """Those that are named after a place, and UTC; in the order of the alphabet."""
    return ('UTC', *sorted(zone for zone in available_timezones() if zone.split('/')[0] in _REGIONS))


async def _profile(work: Work) -> Profile:
    user = await work.tx.get_one(User, work.viewer.user_id)
    places = [
        Place(
            id=place.id,
            name=place.name,
            roles=tuple(sorted(await roles_of(work.tx, user.id, place.id))),
            is_active=place.is_active,
        )
        for place in await places_of(work.tx, user.id)
    ]
    kept: dict[str, Any] = {
        name: getattr(user, name)
        for name in ('id', 'email', 'full_name', 'locale', 'theme', 'time_zone', 'created_at', 'password_changed_at')
    }
    return Profile(
        **kept,
        has_password=user.has_password,
        second_factor=user.second_factor_at is not None,
        organizations=tuple(places),
    )


def _at_the_door(event: SecurityEvent) -> Activity:
    return Activity(
        at=event.created_at,
        kind=event.kind,
        allowed=event.outcome == 'success',
        detail=event.detail,
        address=event.address,
    )


def _act(event: AuditEvent) -> Activity:
    return Activity(at=event.created_at, kind=event.action, allowed=True, detail=event.because, address=event.address)
