"""A table of people as somebody's program wrote it: which column is what, and what is wrong with which row."""

import re
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from services import csv_files, fields
from services.errors import InvalidInput
from services.members.membership import ASSIGNABLE
from services.viewer import Role

MOST_ROWS = 100_000
_LONGEST_NAME, _MOST_GROUPS, _LONGEST_GROUP = 120, 20, 80

_COLUMNS = {
    'email': {'email', 'emailaddress', 'mail', 'emailadresse', 'epost', 'correo', 'courriel', 'username', 'login'},
    'name': {'name', 'fullname', 'displayname', 'vollername', 'nombre', 'nom', 'person'},
    'first': {'firstname', 'givenname', 'forename', 'vorname', 'prenom'},
    'last': {'lastname', 'surname', 'familyname', 'nachname', 'apellido'},
    'roles': {'role', 'roles', 'rolle', 'rollen', 'teachingrole', 'teachingroles', 'reviewrole', 'reviewroles', 'rol'},
    'groups': {'group', 'groups', 'gruppe', 'gruppen', 'team', 'teams', 'cohort', 'department', 'grupo', 'class'},
}
_ROLES = {
    **{str(role).replace('_', ''): role for role in Role},
    'teacher': Role.INSTRUCTOR,
    'trainer': Role.INSTRUCTOR,
    'learner': Role.STUDENT,
    'participant': Role.STUDENT,
    'organizationadmin': Role.ORG_ADMIN,
    'organisationadmin': Role.ORG_ADMIN,
    'administrator': Role.ORG_ADMIN,
    'organizationadministrator': Role.ORG_ADMIN,
    'organisationadministrator': Role.ORG_ADMIN,
    'reviewadministrator': Role.ADMIN,
    'reviewadmin': Role.ADMIN,
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row. With a `fault` it cannot be taken in; `cells` is what stood there. `line` counts lines of the file."""

    line: int
    cells: Sequence[str]
    email: str = ''
    name: str = ''
    roles: frozenset[Role] = frozenset()
    groups: tuple[str, ...] = ()
    fault: str = ''


def entries(path: Path, *, roles: frozenset[Role] = frozenset({Role.STUDENT})) -> Generator[Entry, None, None]:
    """Row by row, in little memory: read it in a thread. `roles` are for rows that name none."""
    with path.open('rb') as stream, closing(csv_files.read(stream)) as lines:
        header = next(lines, None)
        if header is None:
            raise csv_files.UnreadableTable('This file is empty. Its first line names the columns: e-mail and others.')
        columns = _columns(header[1])
        seen: dict[str, int] = {}
        for count, (line, cells) in enumerate(lines, 1):
            if count > MOST_ROWS:
                raise csv_files.UnreadableTable(
                    'This file has more than {most} rows. Split it, and add the parts.', most=MOST_ROWS
                )
            entry = _entry(line, cells, columns, roles)
            if not entry.fault and entry.email in seen:
                entry = Entry(line=line, cells=cells, fault=f'The same address stands in line {seen[entry.email]}.')
            seen.setdefault(entry.email, line)
            yield entry


def header_of(path: Path) -> list[str]:
    with path.open('rb') as stream, closing(csv_files.read(stream)) as lines:
        return next(lines, (1, []))[1]


def _columns(header: Sequence[str]) -> list[str]:
    """What each column holds; '' for those that are passed over."""
    plain = [re.sub(r'[^a-z0-9é]', '', cell.casefold()) for cell in header]
    columns = [next((kind for kind, known in _COLUMNS.items() if name in known), '') for name in plain]
    if 'email' not in columns:
        raise csv_files.UnreadableTable(
            'No column of this file is called e-mail. Name the columns in the first line: e-mail, name, roles, groups.'
        )
    return columns


def _entry(line: int, cells: Sequence[str], columns: Sequence[str], default: frozenset[Role]) -> Entry:
    def bad(fault: str) -> Entry:
        return Entry(line=line, cells=cells, fault=fault)

    if len(cells) > len(columns) and any(cells[len(columns) :]):
        return bad(f'This row has {len(cells)} cells where the first line names {len(columns)} columns.')
    held: dict[str, list[str]] = {}
    for kind, cell in zip(columns, cells, strict=False):
        if kind and cell:
            held.setdefault(kind, []).append(cell)
    formula = next((cell for kind in held for cell in held[kind] if csv_files.looks_like_formula(cell)), None)
    if formula is not None:
        return bad('A cell begins like a formula. Remove the sign at its beginning.')
    if 'email' not in held:
        return bad('There is no e-mail address in this row.')
    try:
        email = fields.email('email', held['email'][0])
        name = fields.line('name', ' '.join(held.get('name') or [*held.get('first', ()), *held.get('last', ())]))
    except InvalidInput as error:
        return bad(str(error))
    if len(name) > _LONGEST_NAME:
        return bad(f'This name is longer than {_LONGEST_NAME} characters.')
    roles = set()
    for word in _listed(held.get('roles', ()), r'[;,|/\n]'):
        role = _ROLES.get(re.sub(r'[^a-z]', '', word.casefold()))
        if role is None:
            return bad(f'“{word[:40]}” is no role. Use {", ".join(ASSIGNABLE)}.')
        if role is Role.SITE_ADMIN:
            return bad('Only who runs the installation can make somebody a site administrator.')
        roles.add(role)
    groups = tuple(dict.fromkeys(_listed(held.get('groups', ()), r'[;,|\n]')))
    if len(groups) > _MOST_GROUPS or any(len(group) > _LONGEST_GROUP for group in groups):
        return bad(f'Name at most {_MOST_GROUPS} groups, each with at most {_LONGEST_GROUP} characters.')
    return Entry(line=line, cells=cells, email=email, name=name, roles=frozenset(roles) or default, groups=groups)


def _listed(cells: Sequence[str], separators: str) -> list[str]:
    return [' '.join(word.split()) for cell in cells for word in re.split(separators, cell) if word.strip()]
