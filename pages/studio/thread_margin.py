"""Threads under their block; on a phone one button, which opens them as a sheet."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from components.thread_view import SHEET, open_chip_html
from pages.studio.part import Desk
from pages.studio.talking import DOINGS, threads_html
from pages.studio.thread_sheet import open_block_sheet
from services.conversation.views import ThreadView

if TYPE_CHECKING:
    from pages.studio.block_card import BlockCard


async def load(desk: Desk) -> Mapping[UUID, str]:
    by_block: dict[UUID, list[ThreadView]] = {}
    for thread in desk.threads:
        if thread.block_id is not None:
            by_block.setdefault(thread.block_id, []).append(thread)
    return {block_id: _html(desk, block_id, threads) for block_id, threads in by_block.items()}


def _html(desk: Desk, block_id: UUID, threads: list[ThreadView]) -> str:
    here = [one for one in threads if one.proposal_id is None or one.proposal_id not in desk.discussed]
    chip = open_chip_html(sum(one.open for one in threads), len(threads), str(block_id))
    return f'{chip}<div class="cw-threads">{threads_html(desk, here)}</div>'


async def _open_sheet(desk: Desk, card: 'BlockCard', _of: str) -> None:
    await open_block_sheet(desk, card.view)


ACTS = {**DOINGS, SHEET: _open_sheet}
