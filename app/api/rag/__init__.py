"""The organisation's knowledge: documents, versions, folders, answers and what people say of them."""

from fastapi import APIRouter

from app.api.rag import documents, learning, shelving, versions
from app.api.rag.documents import check_length
from app.api.viewer import CurrentViewer
from services.platform import Services

__all__ = ['check_length', 'router']


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/rag', tags=['knowledge'])
    for part in (documents, versions, shelving, learning):
        part.add(api, services, current_viewer)
    return api
