"""How people get into an organisation: what their passwords and addresses must be, and who may come by themselves."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from uuid import UUID

from services.errors import InvalidInput
from services.organizations.access import changing, looking, may_manage
from services.organizations.views import Policy
from services.viewer import Viewer
from services.work import Gate
from storage.identity import Organization

SHORTEST, LONGEST = 8, 64
_MOST_DOMAINS = 50
_DOMAIN = re.compile(r'(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]')


class PolicyService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def get(self, viewer: Viewer, organization_id: UUID) -> Policy:
        current = await may_manage(self._gate, viewer, organization_id)
        async with looking(self._gate, current, organization_id) as (_scope, organization):
            return policy_of(organization)

    async def set(self, viewer: Viewer, organization_id: UUID, policy: Policy) -> Policy:
        """From now on: whoever is in stays in, but a second factor that is asked for is asked for at once."""
        current = await may_manage(self._gate, viewer, organization_id)
        wanted = _as_columns(_checked(policy))
        async with changing(self._gate, current, organization_id) as (work, organization):
            before = _as_columns(policy_of(organization))
            changed = {name: value for name, value in wanted.items() if value != before[name]}
            if changed:
                for name, value in changed.items():
                    setattr(organization, name, value)
                work.tx.add(organization)
                work.record(
                    'organization.policy_changed',
                    organization,
                    before={name: before[name] for name in changed},
                    after=changed,
                )
                work.changed('sessions', f'organization:{organization.id}')
            return policy_of(organization)


def policy_of(organization: Organization) -> Policy:
    return Policy(
        password_length=organization.password_length,
        work_email_only=organization.work_email_only,
        email_domains=tuple(organization.email_domains),
        self_signup=organization.self_signup,
        second_factor_required=organization.second_factor_required,
    )


def domains_in(typed: str) -> tuple[str, ...]:
    """What somebody typed into one field: names of domains, between spaces, commas, semicolons or lines."""
    return _domains(re.split(r'[\s,;]+', typed))


def _checked(policy: Policy) -> Policy:
    faults = {}
    if not SHORTEST <= policy.password_length <= LONGEST:
        faults['password_length'] = f'Choose a length from {SHORTEST} to {LONGEST} characters.'
    domains = _domains(policy.email_domains)
    wrong = [domain for domain in domains if not _DOMAIN.fullmatch(domain)]
    if wrong:
        faults['email_domains'] = f'“{wrong[0][:80]}” is not a domain. Write it like company.com.'
    elif len(domains) > _MOST_DOMAINS:
        faults['email_domains'] = f'Name at most {_MOST_DOMAINS} domains.'
    if faults:
        raise InvalidInput(' '.join(faults.values()), fields=faults)
    return Policy(**{**asdict(policy), 'email_domains': domains})


def _domains(words: Iterable[str]) -> tuple[str, ...]:
    plain = (_ascii(word.strip().lower().removeprefix('@').rstrip('.')) for word in words)
    return tuple(dict.fromkeys(word for word in plain if word))


def _ascii(domain: str) -> str:
    """bücher.example as mail servers write it; what cannot be written so stays, and is refused."""
    try:
        return domain.encode('idna').decode()
    except UnicodeError:
        return domain


def _as_columns(policy: Policy) -> dict[str, object]:
    return {**asdict(policy), 'email_domains': list(policy.email_domains)}
