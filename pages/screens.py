"""One table that is menu, routing and guard."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from components.i18n import _
from pages import (
    account,
    analytics,
    brief,
    company_sign_in,
    course,
    course_analytics,
    courses,
    home,
    knowledge,
    knowledge_document,
    learn,
    reviews,
    search,
    studio,
)
from services.viewer import Permission, Viewer

Build = Callable[..., Awaitable[Any] | None]


@dataclass(frozen=True, kw_only=True)
class Screen:
    """`path` may hold `{names}`, given to `build` as text; `icon` is set for screens of the menu, `area` for those that
    share a row of links (pages/areas.py)."""

    path: str
    build: Build
    title: str
    icon: str = ''
    area: str = ''
    permission: Permission | None = None

    def open_to(self, viewer: Viewer) -> bool:
        return self.permission is None or viewer.may(self.permission)


def screens() -> tuple[Screen, ...]:
    """In the order of the menu; titles in the language of whoever looks."""
    return (
        Screen(path='/', build=home.index, title=_('Home'), icon='home'),
        Screen(path='/courses', build=courses.index, title=_('Courses'), icon='book_2'),
        Screen(
            path='/reviews',
            build=reviews.index,
            title=_('Reviews'),
            icon='rate_review',
            permission=Permission.DRAFT_APPROVE,
        ),
        Screen(
            path='/knowledge',
            build=knowledge.index,
            title=_('Knowledge'),
            icon='folder_open',
            permission=Permission.KNOWLEDGE_READ,
        ),
        Screen(
            path='/analytics',
            build=analytics.index,
            title=_('Analytics'),
            icon='monitoring',
            permission=Permission.ANALYTICS_READ,
        ),
        Screen(path='/courses/new', build=brief.index, title=_('New course'), permission=Permission.COURSE_WRITE),
        Screen(path='/courses/{course_id}', build=course.index, title=_('Course'), permission=Permission.COURSE_READ),
        Screen(path='/studio/{workflow_id}', build=studio.index, title=_('Studio'), permission=Permission.DRAFT_READ),
        Screen(
            path='/knowledge/{document_id}',
            build=knowledge_document.index,
            title=_('Document'),
            permission=Permission.KNOWLEDGE_READ,
        ),
        Screen(path='/learn/{course_id}', build=learn.index, title=_('Learn')),
        Screen(path='/learn/{course_id}/{lesson_id}', build=learn.lesson, title=_('Learn')),
        Screen(
            path='/analytics/{course_id}',
            build=course_analytics.index,
            title=_('Analytics'),
            permission=Permission.ANALYTICS_READ,
        ),
        Screen(path='/search', build=search.index, title=_('Search')),
        Screen(path='/account', build=account.profile.index, title=_('Account'), area='account'),
        Screen(path='/account/security', build=account.security.index, title=_('Security'), area='account'),
        Screen(path='/account/tokens', build=account.tokens.index, title=_('API tokens'), area='account'),
        Screen(
            path='/account/company-sign-in',
            build=company_sign_in.connected,
            title=_('Company sign-in'),
            area='account',
        ),
        Screen(
            path='/settings/sign-in',
            build=company_sign_in.index,
            title=_('Company sign-in'),
            area='settings',
            permission=Permission.ORGANIZATION_MANAGE,
        ),
    )
