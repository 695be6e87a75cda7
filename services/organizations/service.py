"""Organisations of an installation: made together with their administrator, suspended, deleted, and brought back."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from services import fields, security_log
from services.clock import now
from services.errors import Conflict, Forbidden, InvalidInput
from services.organizations import typed
from services.organizations.access import changing, looking, may_manage
from services.organizations.appointing import appoint
from services.organizations.typed import SlugTaken
from services.organizations.views import Created, OrganizationView, view
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import installation
from storage.database import Scope
from storage.identity import Organization, organization_by_slug

RESTORABLE = timedelta(days=30)
_PROFILE = {
    'name': typed.name,
    'address': typed.address,
    'contact_email': typed.contact_email,
    'phone': typed.phone,
}
Rest = Callable[[Work], Awaitable[None]]


class OrganizationService:
    """`rest` stops what runs for an organisation that is suspended or deleted, `resume` begins it again."""

    def __init__(self, gate: Gate, *, address: str, rest: Rest, resume: Rest) -> None:
        self._gate = gate
        self._address = address.rstrip('/')
        self._rest = rest
        self._resume = resume

    async def create(
        self,
        viewer: Viewer,
        *,
        name: str,
        slug: str = '',
        address: str = '',
        contact_email: str = '',
        phone: str = '',
        admin_email: str,
        admin_name: str = '',
    ) -> Created:
        """With its administrator, both or neither: a person with an account, or a new one who gets a link by mail."""
        current = await self._gate.check(viewer, Permission.SITE_OPERATE)
        kept = typed.each(
            {
                **{
                    field: (_PROFILE[field], words)
                    for field, words in {
                        'name': name,
                        'address': address,
                        'contact_email': contact_email,
                        'phone': phone,
                    }.items()
                },
                'slug': (typed.slug, slug.strip() or typed.slug_of(name)),
                'admin_email': (lambda words: fields.email('admin_email', words), admin_email),
                'admin_name': (lambda words: fields.line('admin_name', words, limit=120), admin_name),
            }
        )
        email, full_name = kept.pop('admin_email'), kept.pop('admin_name')
        organization = Organization.model_validate({'id': uuid4(), **kept})
        async with self._gate.platform(organization.id) as work:
            work.person = current
            await self._keep(work, organization)
            link = await appoint(work, organization, email, full_name, address=self._address)
            work.record('organization.created', organization, after={**kept, 'administrator': email})
            self._note(work, organization, 'created')
            return Created(
                organization=view(organization, await installation.counts(work.scope), None),
                admin_email=email,
                admin_link=link,
            )

    async def list(
        self,
        viewer: Viewer,
        *,
        search: str = '',
        status: str = '',
        order: str = 'created',
        descending: bool = True,
        limit: int = 25,
        offset: int = 0,
    ) -> tuple[Sequence[OrganizationView], int]:
        """All of them for operators; their own for administrators of one. `status`: active, suspended or deleted."""
        if not viewer.may(Permission.SITE_OPERATE):
            await self._gate.check(viewer, Permission.ORGANIZATION_MANAGE)
            return [await self.get(viewer, viewer.organization_id)], 1
        await self._gate.check(viewer, Permission.SITE_OPERATE)
        async with self._gate.database.reading() as tx:
            found, total = await installation.organizations(
                tx,
                search=fields.line('search', search),
                status=status,
                order=order,
                descending=descending,
                limit=min(max(limit, 1), 100),
                offset=max(offset, 0),
            )
            return [await _view(Scope(tx, one.id), one) for one in found], total

    async def get(self, viewer: Viewer, organization_id: UUID) -> OrganizationView:
        current = await may_manage(self._gate, viewer, organization_id)
        async with looking(self._gate, current, organization_id) as (scope, organization):
            return await _view(scope, organization)

    async def update(self, viewer: Viewer, organization_id: UUID, **changes: str) -> OrganizationView:
        """Any of name, address, contact_email and phone; `slug` only by operators, since links are made with it."""
        current = await may_manage(self._gate, viewer, organization_id)
        if 'slug' in changes and not current.may(Permission.SITE_OPERATE):
            raise Forbidden('The short name is part of links. Ask those who run this installation to change it.')
        checks = {**_PROFILE, 'slug': typed.slug}
        kept = typed.each({field: (checks[field], words) for field, words in changes.items()})
        async with changing(self._gate, current, organization_id) as (work, organization):
            before = {field: getattr(organization, field) for field in kept}
            changed = {field: words for field, words in kept.items() if words != before[field]}
            if changed:
                for field, words in changed.items():
                    setattr(organization, field, words)
                await self._keep(work, organization)
                work.record('organization.updated', organization, before={f: before[f] for f in changed}, after=changed)
                work.changed('sessions')  # who is signed in carries the organisation's name
            return await _view(work.scope, organization)

    async def suspend(self, viewer: Viewer, organization_id: UUID, *, because: str = '') -> OrganizationView:
        """Nobody gets in any more and nothing new begins; nothing is lost. Does nothing to a suspended one."""
        current = await self._gate.check(viewer, Permission.SITE_OPERATE)
        reason = fields.line('because', because, limit=300)
        async with changing(self._gate, current, organization_id) as (work, organization):
            _not_own(current, organization)
            if organization.deleted_at:
                raise Conflict('This organisation is deleted. Restore it first.')
            if organization.is_active:
                organization.is_active = False
                await self._keep(work, organization)
                await self._rest(work)
                work.record('organization.suspended', organization, because=reason)
                self._note(work, organization, 'suspended', reason)
            return await _view(work.scope, organization)

    async def restore(self, viewer: Viewer, organization_id: UUID) -> OrganizationView:
        """Brings a deleted organisation back as it was, or lets people into a suspended one again."""
        current = await self._gate.check(viewer, Permission.SITE_OPERATE)
        async with changing(self._gate, current, organization_id) as (work, organization):
            if organization.deleted_at:
                if organization.deleted_at + RESTORABLE < now():
                    raise Conflict('This organisation was deleted more than 30 days ago and cannot be restored.')
                organization.deleted_at = None
                did = 'undeleted'
            elif not organization.is_active:
                organization.is_active = True
                did = 'restored'
            else:
                return await _view(work.scope, organization)
            await self._keep(work, organization)
            if organization.is_active:
                await self._resume(work)
            work.record(f'organization.{did}', organization)
            self._note(work, organization, did)
            return await _view(work.scope, organization)

    async def delete(self, viewer: Viewer, organization_id: UUID, *, name: str) -> OrganizationView:
        """`name` has to be the organisation's, typed by whoever deletes it. Restorable for 30 days."""
        current = await may_manage(self._gate, viewer, organization_id)
        if not current.may(Permission.SITE_OPERATE):
            raise Forbidden('Only those who run this installation delete an organisation. Ask them to.')
        async with changing(self._gate, current, organization_id) as (work, organization):
            _not_own(current, organization)
            if ' '.join(name.split()).casefold() != organization.name.casefold():
                fault = 'Type the name exactly as it stands there: {name}.'
                raise InvalidInput(fault, fields={'name': fault.format(name=organization.name)}, name=organization.name)
            if not organization.deleted_at:
                organization.deleted_at = now()
                await self._keep(work, organization)
                await self._rest(work)
                work.record('organization.deleted', organization)
                self._note(work, organization, 'deleted')
            return await _view(work.scope, organization)

    async def _keep(self, work: Work, organization: Organization) -> None:
        """SlugTaken where another organisation has the short name, and nothing of this transaction stays."""
        with work.tx.no_autoflush:
            other = await organization_by_slug(work.tx, organization.slug)
        if other is not None and other.id != organization.id:
            raise SlugTaken()
        work.tx.add(organization)
        try:
            await work.tx.flush()
        except IntegrityError as error:
            if 'slug' not in str(error.orig):
                raise
            raise SlugTaken() from error
        work.changed('organizations', f'organization:{organization.id}')

    def _note(self, work: Work, organization: Organization, did: str, because: str = '') -> None:
        """In the security log too, and whoever is signed in there is looked at again."""
        security_log.note(
            work.tx,
            f'organization_{did}',
            allowed=True,
            email=work.viewer.email,
            user_id=work.viewer.user_id,
            organization_id=organization.id,
            detail=because,
        )
        work.changed('sessions', 'security')


async def _view(scope: Scope, organization: Organization) -> OrganizationView:
    until = organization.deleted_at + RESTORABLE if organization.deleted_at else None
    return view(organization, await installation.counts(scope), until)


def _not_own(current: Viewer, organization: Organization) -> None:
    if current.organization_id == organization.id:
        raise Conflict('You are signed in here, and would lock yourself out. Switch to another organisation first.')
