"""The chain of the audit trail and of the AI ledger: each row carries its number and the hash of the row before it.

The hash of a row is the SHA-256 of a canonical JSON of everything the row says, its organisation, its number and the
hash of the row before it included. So a row that is changed, taken out, put in or moved breaks the chain at its place.
What this cannot show: a whole chain that somebody with write access to the database made anew, head and all. Whoever
has to rule that out keeps the head (`Verdict.head`) or an export somewhere else.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

FIELDS = (
    'id',
    'organization_id',
    'created_at',
    'actor_id',
    'actor',
    'action',
    'subject_type',
    'subject_id',
    'before',
    'after',
    'because',
    'request_id',
    'address',
    'seq',
    'previous_hash',
)


def row_hash(row: Mapping[str, Any], fields: Sequence[str] = FIELDS) -> str:
    """Of a row's columns by name; never change it: every chain there is was made by it."""
    said = {name: _plain(row[name]) for name in fields}
    canonical = json.dumps(said, sort_keys=True, separators=(',', ':'), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int | float | str | bool | dict | list):
        return value
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat(timespec='microseconds')
    return str(value)
