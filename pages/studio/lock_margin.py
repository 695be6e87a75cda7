"""Who writes in which block now, under the block."""

from collections.abc import Mapping
from uuid import UUID

from components.avatar import avatar_html
from components.i18n import _
from components.markup import escape
from pages.studio.part import Desk
from services.editing.locks import LockView


async def load(desk: Desk) -> Mapping[UUID, str]:
    """One's own locks need no sign: there is the editor."""
    locks = await desk.services.editing.locks.of_draft(desk.viewer, desk.workflow.id)
    return {lock.block_id: _html(lock) for lock in locks if lock.user_id != desk.viewer.user_id}


def _html(lock: LockView) -> str:
    words = (
        _('{name} has this open, but has not typed for a while.', name=lock.name)
        if lock.idle
        else _('{name} is writing here.', name=lock.name)
    )
    return f'<p class="cw-line cw-close cw-lock" role="status">{avatar_html(lock.name)}<span>{escape(words)}</span></p>'
