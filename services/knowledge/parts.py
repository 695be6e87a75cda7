"""The services of this package, made together."""

from dataclasses import dataclass

from services.durable import Durable
from services.egress import Egress
from services.knowledge.documents import DocumentService
from services.knowledge.figures import KnowledgeFigures
from services.knowledge.folders import FolderService
from services.knowledge.index import Index
from services.knowledge.ingestion import Ingestion
from services.knowledge.learning import LearningService
from services.knowledge.web_pages import LARGEST_PAGE, LONGEST_FETCH, WebPages
from services.revocation import Revocation
from services.work import Gate
from storage.files import FileStore


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    documents: DocumentService
    folders: FolderService
    web_pages: WebPages
    learning: LearningService
    knowledge: KnowledgeFigures


def build(
    gate: Gate, durable: Durable, store: FileStore, index: Index, revocation: Revocation, *, egress_allow: str
) -> tuple[Knowledge, Ingestion]:
    ingestion = Ingestion(gate, store, index)
    durable.register('document', ingestion.run, on_failure=ingestion.failed, at_once=2)
    revocation.register('document', ingestion.still_allowed, ingestion.failed)
    documents = DocumentService(gate, durable, store, index)
    egress = Egress(egress_allow, max_bytes=LARGEST_PAGE, seconds=LONGEST_FETCH)
    knowledge = Knowledge(
        documents=documents,
        folders=FolderService(gate),
        web_pages=WebPages(gate, documents, egress),
        learning=LearningService(gate, index),
        knowledge=KnowledgeFigures(gate),
    )
    return knowledge, ingestion
