"""REST under /api/v1: one router file per noun, over the same services as the screens."""

from fastapi import FastAPI

from app import errors
from app.api import (
    account,
    ai,
    ai_records,
    analytics,
    audit,
    auth,
    chat,
    courses,
    docs,
    editing,
    exports,
    files,
    generate,
    groups,
    identity_providers,
    installation,
    invitations,
    lessons,
    members,
    nlp,
    organization_settings,
    organizations,
    proposals,
    publishing,
    quizzes,
    rag,
    regenerations,
    reviews,
    threads,
    translations,
    users,
    workflows,
)
from app.api.limited import TOO_MANY, limited
from app.api.refusals import REFUSALS
from app.api.viewer import CurrentViewer
from services.platform import Services

PATH = '/api/v1'
_NOUNS = (
    auth,
    account,
    users,
    rag,
    reviews,
    workflows,
    proposals,
    threads,
    chat,
    editing,
    generate,
    regenerations,
    translations,
    ai,
    ai_records,
    courses,
    publishing,
    lessons,
    quizzes,
    nlp,
    analytics,
    exports,
    files,
    organizations,
    organization_settings,
    members,
    invitations,
    groups,
    identity_providers,
    installation,
    audit,
)


def create(services: Services, current_viewer: CurrentViewer) -> FastAPI:
    api = FastAPI(
        title='Coursewright API',
        version='1',
        openapi_url='/openapi.json',
        docs_url=None,
        redoc_url=None,
        responses=REFUSALS | TOO_MANY,
    )
    errors.install(api)
    docs.install(api, services.flags, mounted_at=PATH)
    asking = limited(current_viewer, services.limits)
    for noun in _NOUNS:
        api.include_router(noun.router(services, asking))
    return api
