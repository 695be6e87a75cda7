"""What a document serves: a choice among the four collections."""

from components.action import action
from components.button import button
from components.dialog import dialog
from components.field import select_field
from components.i18n import _
from components.markup import escape, markup
from components.notice import toast
from pages.knowledge.wording import collection_name, collection_names, collection_purpose
from services.knowledge.views import DocumentView
from services.platform import Services
from services.viewer import Viewer


async def choose_collection(viewer: Viewer, services: Services, document: DocumentView) -> None:
    asked = dialog(_('What does {name} serve?', name=document.name))
    with asked.body:
        names = collection_names()
        chosen = select_field(_('Collection'), names, value=document.collection, on_change=lambda key: tell(str(key)))
        told = markup(classes='cw-small-text')

    def tell(key: str) -> None:
        told.show(escape(collection_purpose(key)))

    tell(document.collection)
    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(_('Move'), kind='primary', on_click=lambda: asked.submit(chosen.value))
    answer = await asked.answer()
    if not isinstance(answer, str) or answer == document.collection:
        return
    await services.documents.set_collection(viewer, document.id, answer)

    @action
    async def undo() -> None:
        await services.documents.set_collection(viewer, document.id, document.collection)

    moved = _('{name} serves now: {collection}.', name=document.name, collection=collection_name(answer))
    toast(moved, undo=undo)
