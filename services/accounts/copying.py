"""Everything the platform knows about one person, as files to take away. Made when it is asked for, kept nowhere."""

import asyncio
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services import security_log
from services.accounts.devices import program_and_system
from services.clock import now
from services.limits import EXPORT
from services.viewer import Viewer
from services.work import Gate, Work
from storage import own_account as rows
from storage.database import Scope
from storage.enrollments import Enrollment
from storage.identity import Organization, Session, User, places_of, roles_of
from storage.organizations import groups_of

_README = """These files hold what Coursewright knows about you.

account.json           who you are and how you want to see the platform
devices-and-tokens.json  where you were signed in, and the API tokens you made
sign-ins.json          what happened at the door in your name
organizations/*.json   for each organisation: your roles and groups, the courses you learn with every lesson
                       finished and every answer, what you were told, and what you did (the audit trail)

Courses, documents and reviews that you worked on belong to the organisation; the audit trail lists your part in them.
All times are in UTC.
"""


@dataclass(frozen=True, kw_only=True)
class PersonalCopy:
    name: str
    media_type: str
    content: bytes


class CopyService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def make(self, viewer: Viewer) -> PersonalCopy:
        """A ZIP of JSON files over all organisations that the person belongs to."""
        async with self._gate.writing(viewer, in_person=True) as work:
            await self._gate.limits.spend(EXPORT, str(work.viewer.user_id))
            files = await _collected(work)
            user = await work.tx.get_one(User, work.viewer.user_id)
            work.record('user.data_exported', user)
            security_log.note(
                work.tx,
                'data_export',
                allowed=True,
                email=user.email,
                user_id=user.id,
                organization_id=work.viewer.organization_id,
            )
        content = await asyncio.to_thread(_zipped, files)
        return PersonalCopy(name=f'coursewright-{now():%Y-%m-%d}.zip', media_type='application/zip', content=content)


async def _collected(work: Work) -> dict[str, Any]:
    tx, user = work.tx, await work.tx.get_one(User, work.viewer.user_id)
    places = await places_of(tx, user.id)
    names = {place.id: place.name for place in places}
    files: dict[str, Any] = {
        'account.json': _account(user, places),
        'devices-and-tokens.json': [
            _session(session, names.get(session.organization_id, ''))
            for session in await rows.all_sessions(tx, user.id)
        ],
        'sign-ins.json': [
            {
                'at': event.created_at,
                'kind': event.kind,
                'outcome': event.outcome,
                'address': event.address,
                'detail': event.detail,
            }
            for event in await rows.events_at_the_door(tx, user.id)
        ],
    }
    for place in places:
        files[f'organizations/{place.slug}.json'] = await _membership(Scope(tx, place.id), place, user.id)
    return files


def _account(user: User, places: Any) -> dict[str, Any]:
    return {
        'id': user.id,
        'email': user.email,
        'full_name': user.full_name,
        'language': user.locale,
        'appearance': user.theme,
        'time_zone': user.time_zone,
        'created_at': user.created_at,
        'email_verified_at': user.email_verified_at,
        'password_changed_at': user.password_changed_at,
        'second_factor_since': user.second_factor_at,
        'organizations': [place.name for place in places],
    }


def _session(session: Session, organization: str) -> dict[str, Any]:
    program, system = program_and_system(session.user_agent)
    return {
        'kind': session.kind,
        'name': session.name or ' / '.join(part for part in (program, system) if part),
        'organization': organization,
        'scopes': session.scopes,
        'address': session.address,
        'user_agent': session.user_agent,
        'created_at': session.created_at,
        'last_seen_at': session.last_seen_at,
        'expires_at': session.expires_at,
        'ended_at': session.revoked_at,
    }


async def _membership(scope: Scope, place: Organization, user_id: UUID) -> dict[str, Any]:
    return {
        'organization': place.name,
        'roles': sorted(await roles_of(scope.tx, user_id, place.id)),
        'groups': [name for _id, name in (await groups_of(scope, [user_id]))[user_id]],
        'courses': [
            {
                'course': version.title or course.title,
                'version': version.number,
                **await _learned(scope, enrollment),
            }
            for enrollment, course, version in await rows.learning_of(scope, user_id)
        ],
        'told': [
            {'at': one.created_at, 'text': one.text, 'subject': one.subject, 'read_at': one.read_at}
            for one in await rows.told(scope, user_id)
        ],
        'acts': [
            {
                'at': act.created_at,
                'action': act.action,
                'subject': f'{act.subject_type} {act.subject_id}',
                'before': act.before,
                'after': act.after,
                'because': act.because,
                'address': act.address,
            }
            for act in await rows.acts_of(scope, user_id)
        ],
    }


async def _learned(scope: Scope, enrollment: Enrollment) -> dict[str, Any]:
    return {
        'enrolled_at': enrollment.created_at,
        'status': enrollment.status,
        'last_seen_at': enrollment.last_seen_at,
        'completed_at': enrollment.completed_at,
        'lessons_done': [
            {'lesson': lesson.title, 'at': done.completed_at}
            for done, lesson in await rows.lessons_done(scope, enrollment.id)
        ],
        'attempts': [
            {
                'quiz': quiz.title,
                'at': attempt.created_at,
                'score': attempt.score,
                'of': attempt.max_score,
                'passed': attempt.passed,
                'answers': attempt.answers,
                'right': attempt.results,
            }
            for attempt, quiz in await rows.attempts_made(scope, enrollment.id)
        ],
    }


def _zipped(files: dict[str, Any]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('README.txt', _README)
        for name, content in files.items():
            archive.writestr(name, json.dumps(content, default=_plain, ensure_ascii=False, indent=2))
    return target.getvalue()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
