"""What an administrator sets up: the providers of an organisation, who gets which role, and whether it all holds."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from services import fields
from services.clock import now
from services.errors import Conflict, InvalidInput
from services.members.membership import ASSIGNABLE
from services.sealing import Sealer
from services.sign_on.checking import Finding, Findings
from services.sign_on.discovery import Discovery
from services.sign_on.errors import ProviderFaulty
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import sign_on as rows
from storage.identity import Organization
from storage.sign_on import IdentityProvider

MOST_PROVIDERS, MOST_ENTRIES, _LONGEST = 20, 100, 200


class ProviderNotReady(Conflict):
    code = 'provider_not_ready'


class ProviderExists(Conflict):
    code = 'provider_exists'

    def __init__(self) -> None:
        super().__init__('There is a sign-in with this issuer already. Change that one.')


@dataclass(frozen=True, kw_only=True)
class ProviderDraft:
    """`client_secret` None keeps the one that is stored; '' is a public client, which has none."""

    name: str
    issuer: str
    client_id: str
    client_secret: str | None = None
    creates_accounts: bool = True
    offered_by_domain: bool = False
    role_claim: str = ''
    role_map: dict[str, list[str]] = field(default_factory=dict)
    default_roles: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ProviderView:
    """Never the secret: `has_secret` says that there is one. `people` are connected through it."""

    id: UUID
    name: str
    issuer: str
    client_id: str
    has_secret: bool
    is_enabled: bool
    creates_accounts: bool
    offered_by_domain: bool
    role_claim: str
    role_map: dict[str, list[str]]
    default_roles: list[str]
    people: int
    redirect_uri: str

    def draft(self, **changes: Any) -> ProviderDraft:
        """To change it from; the secret that is stored stays."""
        return ProviderDraft(**{name: getattr(self, name) for name in _SHOWN} | changes)


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """Where people find the buttons: the organisation's own sign-in page, and the domains that lead to them."""

    url: str
    email_domains: tuple[str, ...]


class ProviderService:
    def __init__(self, gate: Gate, sealer: Sealer, discovery: Discovery, *, address: str) -> None:
        self._gate = gate
        self._sealer = sealer
        self._discovery = discovery
        self._findings = Findings(discovery)
        self._address = address.rstrip('/')

    async def all(self, viewer: Viewer) -> Sequence[ProviderView]:
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            return [self._view(row, people) for row, people in await rows.providers(work.scope)]

    async def entrance(self, viewer: Viewer) -> Entrance:
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            home = await work.tx.get_one(Organization, work.scope.organization_id)
            url = f'{self._address}/sign-in?{urlencode({"organization": home.slug})}'
            return Entrance(url=url, email_domains=tuple(home.email_domains))

    async def get(self, viewer: Viewer, provider_id: UUID) -> ProviderView:
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            return await self._seen(work, await work.get(IdentityProvider, provider_id))

    async def add(self, viewer: Viewer, draft: ProviderDraft) -> ProviderView:
        """Switched off at first: check it, then `enable`."""
        await self._gate.check(viewer, Permission.ORGANIZATION_MANAGE)
        draft = self._fit(draft)
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            there = await rows.providers(work.scope)
            if len(there) >= MOST_PROVIDERS:
                raise Conflict('An organisation has at most {most} company sign-ins.', most=MOST_PROVIDERS)
            if any(row.issuer == draft.issuer for row, _ in there):
                raise ProviderExists()
            values = asdict(draft) | {'client_secret': self._sealed(draft.client_secret or '')}
            row = work.add(IdentityProvider(**values))
            work.record('identity_provider.added', row, after=_told(row))
            work.changed(f'identity_providers:{work.scope.organization_id}')
            return await self._seen(work, row)

    async def change(self, viewer: Viewer, provider_id: UUID, draft: ProviderDraft) -> ProviderView:
        await self._gate.check(viewer, Permission.ORGANIZATION_MANAGE)
        draft = self._fit(draft)
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            row = await work.get(IdentityProvider, provider_id, lock=True)
            moved = (row.issuer, row.client_id) != (draft.issuer, draft.client_id)
            if moved and row.client_secret and draft.client_secret is None:
                # Otherwise a stored secret, which nobody may read, could be sent to a server of one's own.
                fault = 'Enter the client secret again: the issuer or the client id is another one now.'
                raise InvalidInput(fault, fields={'client_secret': fault})
            if any(
                other.issuer == draft.issuer and other.id != row.id for other, _ in await rows.providers(work.scope)
            ):
                raise ProviderExists()
            before = _told(row)
            for name, value in asdict(draft).items():
                if name != 'client_secret':
                    setattr(row, name, value)
            if draft.client_secret is not None:
                row.client_secret = self._sealed(draft.client_secret)
            work.tx.add(row)
            after = _told(row) | ({'client_secret': 'replaced'} if draft.client_secret is not None else {})
            changed = [name for name in after if after[name] != before.get(name)]
            if changed:
                work.record(
                    'identity_provider.changed',
                    row,
                    before={name: before.get(name) for name in changed},
                    after={name: after[name] for name in changed},
                )
            work.changed(f'identity_providers:{work.scope.organization_id}')
            work.then(lambda: self._discovery.forget(provider_id))
            return await self._seen(work, row)

    async def enable(self, viewer: Viewer, provider_id: UUID) -> ProviderView:
        """Only what passes the check: a button that leads nowhere helps nobody."""
        bad = [found for found in await self.check(viewer, provider_id) if found.level == 'bad']
        if bad:
            raise ProviderNotReady(bad[0].message, **bad[0].params)
        return await self._switch(viewer, provider_id, on=True)

    async def disable(self, viewer: Viewer, provider_id: UUID) -> ProviderView:
        """Also ends what is signed in through it."""
        return await self._switch(viewer, provider_id, on=False)

    async def remove(self, viewer: Viewer, provider_id: UUID) -> None:
        """People keep their accounts and roles; who has no password sets one through the mail for a forgotten one."""
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            row = await work.get(IdentityProvider, provider_id, lock=True)
            await self._end_sessions(work, row)
            await rows.forget_identities(work.tx, row.id)
            work.record('identity_provider.removed', row, before=_told(row))
            await work.tx.delete(row)
            work.changed(f'identity_providers:{work.scope.organization_id}')

    async def check(self, viewer: Viewer, provider_id: UUID) -> Sequence[Finding]:
        """Asks the provider now and says in words what was found."""
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            row = await work.get(IdentityProvider, provider_id)
        return await self._findings.of(row)

    async def _switch(self, viewer: Viewer, provider_id: UUID, *, on: bool) -> ProviderView:
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            row = await work.get(IdentityProvider, provider_id, lock=True)
            if row.is_enabled is not on:
                row.is_enabled = on
                work.tx.add(row)
                work.record(f'identity_provider.{"enabled" if on else "disabled"}', row)
                if not on:
                    await self._end_sessions(work, row)
            work.changed(f'identity_providers:{work.scope.organization_id}')
            return await self._seen(work, row)

    async def _end_sessions(self, work: Work, row: IdentityProvider) -> None:
        ended = await rows.end_sessions_of(work.tx, row.id, now())
        work.changed('sessions', *(f'session:{session_id}' for session_id in ended))

    async def _seen(self, work: Work, row: IdentityProvider) -> ProviderView:
        people = {found.id: count for found, count in await rows.providers(work.scope)}
        return self._view(row, people.get(row.id, 0))

    def _view(self, row: IdentityProvider, people: int) -> ProviderView:
        values = {name: getattr(row, name) for name in _SHOWN}
        return ProviderView(
            **values,
            id=row.id,
            has_secret=bool(row.client_secret),
            is_enabled=row.is_enabled,
            people=people,
            redirect_uri=f'{self._address}/auth/oidc/{row.id}/callback',
        )

    def _sealed(self, secret: str) -> str:
        return self._sealer.seal(secret) if secret else ''

    def _fit(self, draft: ProviderDraft) -> ProviderDraft:
        """As it is kept; InvalidInput with every fault beside its field."""
        faults: dict[str, str] = {}
        kept = replace(
            draft,
            name=fields.line('name', draft.name, limit=60),
            issuer=fields.line('issuer', draft.issuer, limit=_LONGEST),
            client_id=fields.line('client_id', draft.client_id, limit=_LONGEST),
            client_secret=None if draft.client_secret is None else draft.client_secret.strip(),
            role_claim=fields.line('role_claim', draft.role_claim, limit=_LONGEST),
            role_map={
                fields.line('role_map', value, limit=_LONGEST): _roles(roles, 'role_map', faults)
                for value, roles in draft.role_map.items()
            },
            default_roles=_roles(draft.default_roles, 'default_roles', faults),
        )
        if not kept.name:
            faults['name'] = 'Name it as people know it: it stands on the button of the sign-in page.'
        if not kept.client_id:
            faults['client_id'] = 'Enter the client id that the provider gave you.'
        if kept.client_secret is not None and len(kept.client_secret) > 1000:
            faults['client_secret'] = 'This is too long for a client secret.'  # noqa: S105
        if len(kept.role_map) > MOST_ENTRIES or '' in kept.role_map:
            faults['role_map'] = f'Name every value, and at most {MOST_ENTRIES}.'
        elif kept.role_map and not kept.role_claim:
            faults['role_claim'] = 'Name the claim whose values are mapped to roles, for instance groups.'
        try:
            self._discovery.check_url(kept.issuer, 'issuer')
        except ProviderFaulty as error:
            faults['issuer'] = str(error)
        if faults:
            raise InvalidInput(' '.join(faults.values()), fields=faults)
        return kept


_SHOWN = (
    'name', 'issuer', 'client_id', 'creates_accounts', 'offered_by_domain', 'role_claim', 'role_map', 'default_roles'
)  # fmt: skip


def _told(row: IdentityProvider) -> dict[str, object]:
    """For the audit trail: everything but the secret."""
    return {name: getattr(row, name) for name in _SHOWN}


def _roles(roles: Sequence[str], name: str, faults: dict[str, str]) -> list[str]:
    unknown = [role for role in roles if role not in ASSIGNABLE]
    if unknown:
        faults[name] = f'A provider cannot give the role “{unknown[0][:40]}”. Choose from: {", ".join(ASSIGNABLE)}.'
    return sorted(set(roles))
