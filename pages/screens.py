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
    learn,
    parts,
    reviews,
    search,
    settings,
    site,
    studio,
)
from services.viewer import Permission, Viewer

Build = Callable[..., Awaitable[Any] | None]


@dataclass(frozen=True, kw_only=True)
class Screen:
    """`path` may hold `{names}`, given to `build` as text; `icon` is set for screens of the menu, `area` for those that
    share a row of links (pages/areas.py), `area_title` for a name there that differs from the menu's."""

    path: str
    build: Build
    title: str
    icon: str = ''
    area: str = ''
    area_title: str = ''
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
            area_title=_('Documents'),
            icon='folder_open',
            area='knowledge',
            permission=Permission.KNOWLEDGE_READ,
        ),
        Screen(
            path='/analytics',
            build=analytics.index,
            title=_('Analytics'),
            icon='monitoring',
            permission=Permission.ANALYTICS_READ,
        ),
        Screen(
            path='/settings',
            build=settings.index,
            title=_('Settings'),
            area_title=_('Profile'),
            icon='settings',
            area='settings',
            permission=Permission.ORGANIZATION_MANAGE,
        ),
        Screen(
            path='/site',
            build=site.index,
            title=_('Installation'),
            area_title=_('Organisations'),
            icon='dns',
            area='site',
            permission=Permission.SITE_OPERATE,
        ),
        Screen(path='/courses/new', build=brief.index, title=_('New course'), permission=Permission.COURSE_WRITE),
        Screen(path='/parts', build=parts.index, title=_('Draft a part'), permission=Permission.COURSE_WRITE),
        Screen(path='/parts/{part_id}', build=parts.one, title=_('Part'), permission=Permission.COURSE_WRITE),
        Screen(path='/courses/{course_id}', build=course.index, title=_('Course'), permission=Permission.COURSE_READ),
        Screen(
            path='/courses/{course_id}/check',
            build=course.checking.index,
            title=_('Publish check'),
            permission=Permission.COURSE_READ,
        ),
        Screen(
            path='/courses/{course_id}/sources',
            build=course.sources.index,
            title=_('Sources'),
            permission=Permission.COURSE_READ,
        ),
        Screen(path='/studio/{workflow_id}', build=studio.index, title=_('Studio'), permission=Permission.DRAFT_READ),
        Screen(
            path='/knowledge/collections',
            build=knowledge.collected.index,
            title=_('Collections'),
            area='knowledge',
            permission=Permission.KNOWLEDGE_READ,
        ),
        Screen(
            path='/knowledge/use',
            build=knowledge.use.index,
            title=_('Use'),
            area='knowledge',
            permission=Permission.KNOWLEDGE_READ,
        ),
        Screen(
            path='/knowledge/{document_id}',
            build=knowledge.document.index,
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
            path='/settings/members',
            build=settings.members.index,
            title=_('Members'),
            area='settings',
            permission=Permission.PEOPLE_MANAGE,
        ),
        Screen(
            path='/settings/members/import',
            build=settings.member_import.index,
            title=_('Import people'),
            permission=Permission.PEOPLE_MANAGE,
        ),
        Screen(
            path='/settings/groups',
            build=settings.groups.index,
            title=_('Groups'),
            area='settings',
            permission=Permission.PEOPLE_MANAGE,
        ),
        Screen(
            path='/settings/invitations',
            build=settings.invitations.index,
            title=_('Invitations'),
            area='settings',
            permission=Permission.PEOPLE_MANAGE,
        ),
        Screen(
            path='/settings/sign-in',
            build=company_sign_in.index,
            title=_('Company sign-in'),
            area='settings',
            permission=Permission.ORGANIZATION_MANAGE,
        ),
        Screen(
            path='/settings/policy',
            build=settings.policy.index,
            title=_('Policy'),
            area='settings',
            permission=Permission.ORGANIZATION_MANAGE,
        ),
        Screen(
            path='/settings/reviews',
            build=settings.reviews.index,
            title=_('Reviews'),
            area='settings',
            permission=Permission.ORGANIZATION_MANAGE,
        ),
        Screen(
            path='/settings/ai',
            build=settings.ai.index,
            title=_('AI'),
            area='settings',
            permission=Permission.ORGANIZATION_MANAGE,
        ),
        Screen(
            path='/settings/ai/history',
            build=settings.ai_history.index,
            title=_('History of calls'),
            permission=Permission.ORGANIZATION_MANAGE,
        ),
        Screen(
            path='/settings/ai/prices',
            build=settings.ai_prices.index,
            title=_('Prices'),
            permission=Permission.ORGANIZATION_MANAGE,
        ),
        Screen(
            path='/settings/ai/style',
            build=settings.ai_learning.index,
            title=_('House style'),
            permission=Permission.ORGANIZATION_MANAGE,
        ),
        Screen(
            path='/settings/ai/ledger',
            build=settings.ai_ledger.index,
            title=_('AI ledger'),
            area='settings',
            permission=Permission.AUDIT_READ,
        ),
        Screen(
            path='/settings/mail',
            build=settings.mail.index,
            title=_('Outbox'),
            area='settings',
            permission=Permission.ORGANIZATION_MANAGE,
        ),
        Screen(
            path='/settings/audit',
            build=settings.audit.index,
            title=_('Audit trail'),
            area='settings',
            permission=Permission.AUDIT_READ,
        ),
        Screen(
            path='/settings/security',
            build=settings.security.index,
            title=_('Security log'),
            area='settings',
            permission=Permission.AUDIT_READ,
        ),
        Screen(
            path='/site/flags',
            build=site.flags.index,
            title=_('Features'),
            area='site',
            permission=Permission.SITE_OPERATE,
        ),
        Screen(
            path='/site/security',
            build=site.security.index,
            title=_('Security log'),
            area='site',
            permission=Permission.SITE_OPERATE,
        ),
        Screen(
            path='/site/health',
            build=site.health.index,
            title=_('Health'),
            area='site',
            permission=Permission.SITE_OPERATE,
        ),
    )
