"""What a block said before: every version with its writer, its time and what changed."""

from collections.abc import Sequence

from components.dialog import dialog
from components.diff_view import diff_html
from components.i18n import _, when_html
from components.markup import escape, markup
from components.origin import origin_html
from pages.studio.drafted import as_text
from pages.studio.part import Desk
from services.generation.block_views import BlockView, RevisionView


async def open_block_history(desk: Desk, block: BlockView) -> None:
    revisions = await desk.services.blocks.revisions(desk.viewer, block.id)
    with dialog(_('What this block said'), wide=True) as box:
        markup(_revisions_html(block.type, revisions), classes='cw-tall').props('tabindex=0')
    box.open()


def _revisions_html(type: str, revisions: Sequence[RevisionView]) -> str:
    html = ''
    for before, revision in reversed(list(zip([None, *revisions], revisions, strict=False))):
        text = as_text(type, revision.content)
        words = (
            diff_html(as_text(type, before.content), text) if before else f'<div class="cw-diff">{escape(text)}</div>'
        )
        comment = ''
        if revision.comment:
            comment = f'<p class="cw-small-text">{escape(_("in answer to “{comment}”", comment=revision.comment))}</p>'
        head = (
            f'<b>{escape(_("Version {n}", n=revision.number))}</b>{origin_html(revision.origin)}'
            f'<span>{escape(revision.author)}</span>{when_html(revision.at)}'
        )
        html += f'<div class="cw-draft-block"><div class="cw-block-head">{head}</div>{comment}{words}</div>'
    return html
