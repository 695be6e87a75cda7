"""What parts of the studio add to a block: entries of its menu, and marks in its margin. A new kind adds its line."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from components.i18n import _
from pages.studio import (
    instructions_margin,
    lock_margin,
    original_margin,
    proposal_margin,
    regenerating,
    suggesting,
    thread_margin,
    unsaved,
)
from pages.studio.part import Desk
from services.generation.block_views import BlockView

if TYPE_CHECKING:
    from pages.studio.block_card import BlockCard

Run = Callable[[Desk, 'BlockCard', str], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Tool:
    """An entry of a block's menu. `text` is called in the language of whoever looks; `run` gets '' as its third."""

    text: Callable[[], str]
    icon: str
    offered: Callable[[Desk, BlockView], bool]
    run: Run


@dataclass(frozen=True, kw_only=True)
class Margin:
    """What stands under a block. `load` is called with every refresh and gives safe HTML per block; a click on a part
    with `data-act` calls `acts[act](desk, card, data-of)`. Acts are named `margin:act`, so that none means two things.
    """

    load: Callable[[Desk], Awaitable[Mapping[UUID, str]]]
    acts: Mapping[str, Run]


TOOLS: Sequence[Tool] = (
    Tool(text=lambda: _('Suggest a change'), icon='rate_review', offered=suggesting.offered, run=suggesting.run),
    Tool(
        text=lambda: _('Write again'),
        icon='auto_awesome',
        offered=regenerating.offered,
        run=regenerating.open_dialog,
    ),
)
MARGINS: Sequence[Margin] = (
    Margin(load=original_margin.load, acts={}),
    Margin(load=regenerating.load, acts=regenerating.ACTS),
    Margin(load=lock_margin.load, acts={}),
    Margin(load=instructions_margin.load, acts={}),
    Margin(load=unsaved.load, acts=unsaved.ACTS),
    Margin(load=proposal_margin.load, acts=proposal_margin.ACTS),
    Margin(load=thread_margin.load, acts=thread_margin.ACTS),
)

ACTS: dict[str, Run] = {act: run for margin in MARGINS for act, run in margin.acts.items()}


async def margins_of(desk: Desk) -> dict[UUID, str]:
    """Block id -> what stands in its margin, of all kinds, in the order of MARGINS."""
    found: dict[UUID, str] = {}
    for margin in MARGINS:
        for block_id, html in (await margin.load(desk)).items():
            found[block_id] = found.get(block_id, '') + html
    return found
