"""A warning under blocks that rest on a page with text that reads like instructions to an AI."""

from collections.abc import Mapping
from uuid import UUID

from components.i18n import _
from components.notice import notice_html
from pages.studio.part import Desk


async def load(desk: Desk) -> Mapping[UUID, str]:
    found = await desk.services.language.suspicious_blocks(desk.viewer, desk.workflow.id)
    return {block_id: notice_html(_words(page), tone='warn') for block_id, page in found.items()}


def _words(page: int) -> str:
    return _(
        'Page {n} of a source of this block contains text that reads like instructions to an AI. '
        'Check that nothing of it became part of the draft.',
        n=page,
    )
