"""REST under /api/v1: one router file per noun, over the same services as the screens."""

from fastapi import FastAPI

from app import errors
from app.api import analytics, auth, courses, exports, files, generate, lessons, quizzes, rag, workflows
from app.api.viewer import CurrentViewer
from services.platform import Services

_NOUNS = (auth, rag, workflows, generate, courses, lessons, quizzes, analytics, exports, files)


def create(services: Services, current_viewer: CurrentViewer) -> FastAPI:
    api = FastAPI(title='Coursewright API', version='1', openapi_url='/openapi.json', docs_url='/docs', redoc_url=None)
    errors.install(api)
    for noun in _NOUNS:
        api.include_router(noun.router(services, current_viewer))
    return api
