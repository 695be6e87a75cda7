"""Every table belongs to an organisation, or is signed here as one that belongs to the installation."""

import importlib
import pkgutil

import pytest
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Uuid
from sqlmodel import SQLModel

import storage

GLOBAL_TABLES = {
    'organizations': 'the organisations themselves',
    'users': 'one person may belong to several organisations',
    'sessions': 'a device signs in before it is known for which organisation; carries the key, indexed',
    'recovery_codes': 'of a person, who may belong to several organisations',
    'one_time_links': 'of a person, who may belong to several organisations',
    'external_identities': 'of a person; found before it is known for which organisation; leads through its provider',
    'feature_flags': 'switches of the installation, some for one organisation, set by its operators only',
    'security_events': 'a failed sign-in belongs to nobody yet',
}


def all_tables() -> list[Table]:
    for module in pkgutil.walk_packages(storage.__path__, 'storage.'):
        if not module.name.startswith('storage.migrations'):
            importlib.import_module(module.name)
    return list(SQLModel.metadata.sorted_tables)


def shortcomings(table: Table) -> list[str]:
    """What keeps this table from being bound to an organisation."""
    key = table.columns.get('organization_id')
    if key is None:
        return [f'{table.name} has no organization_id']
    found = []
    if key.nullable:
        found.append(f'{table.name}.organization_id may be empty')
    if not any(foreign.target_fullname == 'organizations.id' for foreign in key.foreign_keys):
        found.append(f'{table.name}.organization_id refers to no organisation')
    groups = [index.columns for index in table.indexes] + [constraint.columns for constraint in table.constraints]
    if not any(list(columns)[:1] == [key] for columns in groups if len(columns) and not _only_refers(table, columns)):
        found.append(f'{table.name}.organization_id leads no index')
    return found


def _only_refers(table: Table, columns: object) -> bool:
    return any(constraint.columns is columns for constraint in table.foreign_key_constraints)


def test_every_table_is_bound_to_an_organisation_or_signed_as_global() -> None:
    tables = all_tables()
    assert len(tables) >= 10
    assert [line for table in tables if table.name not in GLOBAL_TABLES for line in shortcomings(table)] == []


def test_every_signed_table_exists() -> None:
    assert set(GLOBAL_TABLES) - {table.name for table in all_tables()} == set()


def planted(*columns: Column[object], index: bool = True) -> Table:
    metadata = MetaData()
    Table('organizations', metadata, Column('id', Uuid, primary_key=True))
    table = Table('lessons', metadata, Column('id', Integer, primary_key=True), *columns)
    if index and 'organization_id' in table.columns:
        Index('leads', table.columns['organization_id'], table.columns['id'])
    return table


@pytest.mark.parametrize(
    ('table', 'shortcoming'),
    [
        (planted(), 'lessons has no organization_id'),
        (
            planted(Column('organization_id', Uuid, ForeignKey('organizations.id'), nullable=True)),
            'lessons.organization_id may be empty',
        ),
        (planted(Column('organization_id', Uuid, nullable=False)), 'lessons.organization_id refers to no organisation'),
        (
            planted(Column('organization_id', Uuid, ForeignKey('organizations.id'), nullable=False), index=False),
            'lessons.organization_id leads no index',
        ),
    ],
)
def test_a_planted_table_is_caught(table: Table, shortcoming: str) -> None:
    assert shortcomings(table) == [shortcoming]


def test_a_table_that_is_bound_as_it_should_be_is_not_reported() -> None:
    assert shortcomings(planted(Column('organization_id', Uuid, ForeignKey('organizations.id'), nullable=False))) == []
