"""Which documents courses are written from."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.errors import InvalidInput
from services.knowledge.collections import DRAFTED_FROM
from storage import documents
from storage import knowledge as rows
from storage.database import Scope
from storage.documents import INDEXED, Document


async def unfit_for_drafts(scope: Scope) -> Sequence[UUID]:
    """Documents below the organisation's line of quality that nobody asked to include."""
    settings = await rows.settings_of(scope)
    return await rows.below_the_line(scope, settings.quality_line)


async def draftable(scope: Scope, *, named: Collection[UUID] = (), most: int = 200) -> list[UUID]:
    """What a draft may be written from: of the documents named, or of all that serve the writing of courses."""
    found, _total = await documents.documents(
        scope, limit=most, collections=() if named else DRAFTED_FROM, without=await unfit_for_drafts(scope)
    )
    return [row.id for row in found if row.status == INDEXED and (not named or row.id in named)]


async def refuse_unfit(scope: Scope, chosen: Sequence[Document]) -> None:
    """For whoever begins a draft from exactly these."""
    unfit = set(await unfit_for_drafts(scope))
    for document in chosen:
        fault = ''
        if not document.current:
            fault = '“{name}” was replaced by a newer version. Choose that one.'
        elif document.id in unfit:
            fault = '“{name}” is below your line of quality. Include it on its page, or leave it out.'
        if fault:
            text = fault.format(name=document.name)
            raise InvalidInput(fault, fields={'document_ids': text}, name=document.name)
