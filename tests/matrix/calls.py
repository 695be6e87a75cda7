"""REST operations as calls: every operation of the OpenAPI document, with ids and a body that fit its schema."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Ids = Mapping[str, str]  # noun -> id: 'course', 'document', 'user', …
Schema = dict[str, Any]

# Parameters whose name is not their noun.
NOUNS = {
    'provider_id': 'identity_provider',
    'file_id': 'document',
    'earlier_id': 'document',
    'parent_id': 'folder',
    'vote_id': 'passage_vote',
    'message_id': 'chat_message',
    'thread_id': 'review_thread',
    'card_id': 'chat_card',
    'change_id': 'source_change',
    'term_id': 'glossary_term',
    'id': 'organization',
    'actor_id': 'user',
    'person_id': 'user',
    'reviewer_ids': 'user',
    'deputy_id': 'user',
    'subject_id': 'course',
    'part_id': 'generated_part',
    'name': 'flag',
}


@dataclass(frozen=True, kw_only=True)
class Call:
    """`nouns` are whose ids it takes, in its address, its query or its body."""

    method: str
    path: str
    nouns: frozenset[str]
    query: tuple[str, ...]
    schema: Schema | None
    upload: bool
    components: Schema

    @property
    def name(self) -> str:
        return f'{self.method} {self.path}'

    def address(self, ids: Ids) -> str:
        return re.sub(r'{(\w+)}', lambda found: ids[noun_of(found[1])], self.path)

    def request(self, ids: Ids) -> dict[str, Any]:
        """As httpx takes it."""
        request: dict[str, Any] = {'params': {name: ids[noun_of(name)] for name in self.query}}
        if self.upload:
            request['files'] = {'file': ('notes.md', b'# Notes\n\nA vessel stands behind the sash.')}
        elif self.schema is not None:
            request['json'] = example(self.schema, self.components, ids)
        return request


def calls(openapi: Schema) -> Iterator[Call]:
    components = openapi.get('components', {}).get('schemas', {})
    for path, operations in openapi['paths'].items():
        for method, operation in operations.items():
            parameters = operation.get('parameters', [])
            query = tuple(one['name'] for one in parameters if one['in'] == 'query' and one['name'].endswith('_id'))
            content = operation.get('requestBody', {}).get('content', {})
            schema = content.get('application/json', {}).get('schema')
            named = [*re.findall(r'{(\w+)}', path), *query, *(_ids_in(schema, components) if schema else ())]
            yield Call(
                method=method.upper(),
                path=path,
                nouns=frozenset(noun_of(name) for name in named),
                query=query,
                schema=schema,
                upload='multipart/form-data' in content,
                components=components,
            )


def noun_of(name: str) -> str:
    """'course_id' and 'document_ids' are a course's and documents'."""
    return NOUNS.get(name) or re.sub('_ids?$', '', name)


def example(schema: Schema, components: Schema, ids: Ids, name: str = '') -> Any:
    """A value that the schema admits: what is required, and everything that is an id."""
    schema = _resolved(schema, components)
    if 'const' in schema:
        return schema['const']
    if 'enum' in schema:
        return schema['enum'][0]
    if 'default' in schema and not _is_id(name):
        return schema['default']
    if _is_id(name) and schema.get('type') == 'string':
        return ids.get(noun_of(name), ids['unknown'])
    match schema.get('type'):
        case 'object':
            wanted = set(schema.get('required', ())) | {key for key in schema.get('properties', {}) if _is_id(key)}
            properties = schema.get('properties', {})
            return {key: example(properties[key], components, ids, key) for key in properties if key in wanted}
        case 'array':
            return [example(schema.get('items', {}), components, ids, name)]
        case 'integer' | 'number':
            return schema.get('minimum', 1)
        case 'boolean':
            return False
        case 'null':
            return None
        case _:
            return _words(schema, name)


def open_objects(schema: Schema, components: Schema) -> Iterator[str]:
    """Objects with named fields that take further ones too: what a reply holds could be sent back as an order."""
    schema = _resolved(schema, components)
    if 'properties' in schema and schema.get('additionalProperties') is not False:
        yield schema.get('title', 'an object without a name')
    for inner in [*schema.get('properties', {}).values(), *([schema['items']] if 'items' in schema else [])]:
        yield from open_objects(inner, components)


def _words(schema: Schema, name: str) -> str:
    if schema.get('format') == 'uuid':
        return '00000000-0000-4000-8000-000000000000'
    if 'email' in name or schema.get('format') == 'email':
        return 'nobody@elsewhere.example'
    return 'something'.ljust(schema.get('minLength', 0), 'x')


def _ids_in(schema: Schema, components: Schema) -> Iterator[str]:
    schema = _resolved(schema, components)
    for key, inner in schema.get('properties', {}).items():
        if _is_id(key):
            yield key
        else:
            yield from _ids_in(inner, components)
    if 'items' in schema:
        yield from _ids_in(schema['items'], components)


def _resolved(schema: Schema, components: Schema) -> Schema:
    if '$ref' in schema:
        return _resolved(components[schema['$ref'].rsplit('/', 1)[-1]], components)
    for choice in ('anyOf', 'oneOf', 'allOf'):
        if choice in schema:
            return _resolved(schema[choice][0], components) | {k: v for k, v in schema.items() if k == 'default'}
    return schema


def _is_id(name: str) -> bool:
    return name == 'id' or name.endswith(('_id', '_ids'))
