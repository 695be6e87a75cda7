"""How often the API may be asked: by a session, and by whoever has none."""

from typing import Any

from fastapi import Request

from app.api.viewer import CurrentViewer
from services.errors import NotSignedIn
from services.limits import API, API_ANONYMOUS, Limits
from services.viewer import Viewer

# For the OpenAPI document: any operation may answer this.
TOO_MANY: dict[int | str, dict[str, Any]] = {
    429: {
        'description': 'Too many requests: wait as many seconds as Retry-After says.',
        'headers': {'Retry-After': {'schema': {'type': 'integer', 'minimum': 1}, 'description': 'Seconds to wait.'}},
        'content': {
            'application/json': {
                'schema': {
                    'type': 'object',
                    'required': ['detail', 'code'],
                    'properties': {'detail': {'type': 'string'}, 'code': {'type': 'string'}},
                }
            }
        },
    }
}


def limited(current_viewer: CurrentViewer, limits: Limits) -> CurrentViewer:
    async def asking(request: Request) -> Viewer:
        try:
            viewer = await current_viewer(request)
        except NotSignedIn:
            # Guessing tokens costs a look into the database each time.
            await limits.spend(API_ANONYMOUS, request.client.host if request.client else '')
            raise
        await limits.spend(API, str(viewer.session_id))
        return viewer

    return asking
