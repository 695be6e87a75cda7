"""How an organisation looks on its own pages: its logo, and one colour that everything else is derived from."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from services.errors import InvalidInput, NotFound
from services.organizations import logos
from services.organizations.access import changing, existing, looking, may_manage
from services.organizations.views import LookView
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage.files import FileStore
from storage.identity import Organization

# Nothing else ever becomes part of a page's style.
_COLOUR = re.compile(r'#[0-9a-f]{6}')


@dataclass(frozen=True, kw_only=True)
class Logo:
    path: Path
    sha256: str
    media_type: str = logos.MEDIA_TYPE


class LookService:
    def __init__(self, gate: Gate, store: FileStore) -> None:
        self._gate = gate
        self._store = store

    async def own(self, viewer: Viewer) -> LookView:
        """Of the organisation whose pages the viewer is on."""
        async with self._gate.database.reading() as tx:
            current = await self._gate.current(tx, viewer.session_id)
            return _look(await existing(tx, current, current.organization_id))

    async def get(self, viewer: Viewer, organization_id: UUID) -> LookView:
        current = await may_manage(self._gate, viewer, organization_id)
        async with looking(self._gate, current, organization_id) as (_scope, organization):
            return _look(organization)

    async def set_accent(self, viewer: Viewer, organization_id: UUID, accent: str) -> LookView:
        """'#rrggbb', or '' for the product's own."""
        current = await may_manage(self._gate, viewer, organization_id)
        colour = accent.strip().lower()
        if colour and not _COLOUR.fullmatch(colour):
            fault = 'Write the colour as # and six digits or letters from a to f: #0f5f5c.'
            raise InvalidInput(fault, fields={'accent': fault})
        async with changing(self._gate, current, organization_id) as (work, organization):
            if organization.accent != colour:
                before, organization.accent = organization.accent, colour
                _changed(work, organization, 'accent', before, colour)
            return _look(organization)

    async def set_logo(self, viewer: Viewer, organization_id: UUID, content: bytes) -> LookView:
        """A PNG, JPEG or WebP of at most 2 MB and 16 million pixels; kept as a small PNG without metadata."""
        await may_manage(self._gate, viewer, organization_id)
        logos.check_size(content)
        clean = await asyncio.to_thread(logos.made_anew, content)
        current = await may_manage(self._gate, viewer, organization_id)  # as they are now, after the work
        sha256, _size = await self._store.write(organization_id, _once(clean), 4 * logos.LIMIT)
        return await self._keep_logo(current, organization_id, sha256)

    async def remove_logo(self, viewer: Viewer, organization_id: UUID) -> LookView:
        current = await may_manage(self._gate, viewer, organization_id)
        return await self._keep_logo(current, organization_id, '')

    async def logo(self, viewer: Viewer, organization_id: UUID) -> Logo:
        """For everybody who is in the organisation, and for operators."""
        async with self._gate.database.reading() as tx:
            current = await self._gate.current(tx, viewer.session_id)
            if current.organization_id != organization_id and not current.may(Permission.SITE_OPERATE):
                raise NotFound()
            organization = await existing(tx, current, organization_id)
        if not organization.logo_sha256:
            raise NotFound()
        path = self._store.path(organization.id, organization.logo_sha256)
        return Logo(path=path, sha256=organization.logo_sha256)

    async def _keep_logo(self, current: Viewer, organization_id: UUID, sha256: str) -> LookView:
        async with changing(self._gate, current, organization_id) as (work, organization):
            if organization.logo_sha256 != sha256:
                before, organization.logo_sha256 = organization.logo_sha256, sha256
                _changed(work, organization, 'logo_sha256', before, sha256)
            return _look(organization)


def _changed(work: Work, organization: Organization, what: str, before: str, after: str) -> None:
    work.tx.add(organization)
    work.record('organization.look_changed', organization, before={what: before}, after={what: after})
    work.changed(f'organization:{organization.id}')


def _look(organization: Organization) -> LookView:
    version = organization.logo_sha256[:12]
    return LookView(
        organization_id=organization.id,
        name=organization.name,
        accent=organization.accent if _COLOUR.fullmatch(organization.accent) else '',
        logo=f'/api/v1/organizations/{organization.id}/logo?v={version}' if version else '',
    )


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
