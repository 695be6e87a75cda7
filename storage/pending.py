"""Work that is owed, of every organisation: what the sweep starts when its beginning was lost."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from storage.base import now
from storage.chat import owed_answers
from storage.database import Transaction
from storage.documents import INDEXING, QUEUED, Document
from storage.exports import Export
from storage.generated import owed_generation
from storage.identity import Organization
from storage.mail import owed_mails
from storage.member_imports import QUEUED as WAITING
from storage.member_imports import RUNNING, MemberImport
from storage.waiting import owed_deadlines
from storage.workflows import Workflow

Owed = tuple[UUID, UUID, int]


async def owed(tx: Transaction) -> dict[str, Sequence[Owed]]:
    """kind -> (organisation, row, run) of every document, workflow, import, export and deadline that should be running.

    What a suspended organisation began waits until it is restored, and what waits for a provider until its time.
    """
    resting = select(Organization.id).where(~col(Organization.is_active) | col(Organization.deleted_at).is_not(None))
    documents = select(Document.organization_id, Document.id, Document.run).where(
        col(Document.status).in_((QUEUED, INDEXING)), col(Document.deleted_at).is_(None)
    )
    workflows = select(Workflow.organization_id, Workflow.id, Workflow.run).where(
        Workflow.status == 'running', or_(col(Workflow.waits_until).is_(None), col(Workflow.waits_until) <= now())
    )
    exports = select(Export.organization_id, Export.id, Export.run).where(col(Export.status).in_(('queued', 'running')))
    imports = select(MemberImport.organization_id, MemberImport.id, MemberImport.run).where(
        col(MemberImport.status).in_((WAITING, RUNNING))
    )
    return {
        **await owed_generation(tx, resting),
        'mail': await owed_mails(tx, now()),
        'review_deadline': await owed_deadlines(tx, now()),
        'document': (await tx.exec(documents.where(col(Document.organization_id).not_in(resting)))).all(),
        'chat': await owed_answers(tx, resting),
        'workflow': (await tx.exec(workflows.where(col(Workflow.organization_id).not_in(resting)))).all(),
        'member_import': (await tx.exec(imports.where(col(MemberImport.organization_id).not_in(resting)))).all(),
        'export': (await tx.exec(exports.where(col(Export.organization_id).not_in(resting)))).all(),
    }
