"""One hash for everything that people approve."""

import hashlib
import json
from typing import Any


def content_hash(content: Any) -> str:
    """SHA-256 over canonical JSON: the same content has the same hash whatever the order of its keys."""
    canonical = json.dumps(content, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
