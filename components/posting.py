"""Real forms sent from a live page: cookies can only change in the answer to a request."""

import json
from collections.abc import Mapping

from nicegui import context


def post(path: str, fields: Mapping[str, str] | None = None) -> None:
    """Leaves the page with a POST of these fields."""
    context.client.run_javascript(
        f'const f = document.createElement("form"); f.method = "post"; f.action = {json.dumps(path)};'
        f'for (const [name, value] of Object.entries({json.dumps(dict(fields or {}))})) {{'
        'const i = document.createElement("input"); i.type = "hidden"; i.name = name; i.value = value; f.append(i); }'
        'document.body.append(f); f.submit();'
    )
