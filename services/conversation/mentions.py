"""Who is named in a message: '@Hanne Brekke' or '@hanne@nordfeld.example', as typed or picked from the list."""

import re
from collections.abc import Iterable

from services.viewer import POLICY, Permission, Role
from services.work import Work
from storage.identity import User, members


async def colleagues(work: Work) -> list[User]:
    """Everybody of the organisation who may read drafts, by name."""
    roles = frozenset(str(role) for role in Role if Permission.DRAFT_READ in POLICY[role])
    return list(await members(work.tx, work.scope.organization_id, roles))


def named_in(text: str, people: Iterable[User]) -> list[User]:
    """Each once. The longest name that fits is meant: '@Ann Lee' is not '@Ann'."""
    known: dict[str, list[User]] = {}
    for person in people:
        for name in (person.full_name, person.email):
            known.setdefault(name.casefold(), []).append(person)
    if '@' not in text or not known:
        return []
    longest_first = sorted(known, key=len, reverse=True)
    pattern = '@(' + '|'.join(re.escape(name) for name in longest_first) + r')(?!\w)'
    found: dict[object, User] = {}
    for match in re.finditer(pattern, text.casefold()):
        found.update({person.id: person for person in known[match[1]]})
    return list(found.values())
