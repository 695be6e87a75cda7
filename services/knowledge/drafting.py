"""Which documents courses are written from."""

from collections.abc import Sequence
from uuid import UUID

from services.errors import InvalidInput
from storage import knowledge as rows
from storage.database import Scope
from storage.documents import Document


async def unfit_for_drafts(scope: Scope) -> Sequence[UUID]:
    """Documents below the organisation's line of quality that nobody asked to include."""
    settings = await rows.settings_of(scope)
    return await rows.below_the_line(scope, settings.quality_line)


async def refuse_unfit(scope: Scope, documents: Sequence[Document]) -> None:
    """For whoever begins a draft from exactly these."""
    unfit = set(await unfit_for_drafts(scope))
    for document in documents:
        fault = ''
        if not document.current:
            fault = '“{name}” was replaced by a newer version. Choose that one.'
        elif document.id in unfit:
            fault = '“{name}” is below your line of quality. Include it on its page, or leave it out.'
        if fault:
            text = fault.format(name=document.name)
            raise InvalidInput(fault, fields={'document_ids': text}, name=document.name)
