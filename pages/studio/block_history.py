"""What a block said before: any two of its versions compared, and every version with its writer and its time."""

from collections.abc import Sequence

from nicegui import ui

from components.button import button, button_html
from components.dialog import dialog
from components.diff_view import rows_html
from components.field import select_field
from components.i18n import _, when_html
from components.markup import escape, markup
from components.origin import origin_html
from components.side_by_side import side_by_side_html
from pages.studio.part import Desk
from pages.studio.regenerating import undo_last
from services.conversation.differences import differences
from services.generation.block_views import BlockView, RevisionView
from services.viewer import Permission


async def open_block_history(desk: Desk, block: BlockView) -> None:
    revisions = await desk.services.blocks.revisions(desk.viewer, block.id)
    with dialog(_('What this block said'), wide=True) as box:
        _Compared(block.type, revisions, side=desk.changes == 'side')
    undo = await undo_last(desk, block) if desk.may(Permission.DRAFT_WRITE) else None
    if undo is not None:

        async def go_back() -> None:
            box.close()
            await undo()

        with box.foot:
            button(_('Undo the last change'), icon='undo', on_click=go_back)
    box.open()


class _Compared:
    """The last two at first."""

    def __init__(self, type: str, revisions: Sequence[RevisionView], *, side: bool) -> None:
        self._type, self._side = type, side
        self._revisions = {one.number: one for one in revisions}
        numbers = list(self._revisions)
        self._older, self._newer = numbers[-2] if len(numbers) > 1 else numbers[-1], numbers[-1]
        names = {number: _('Version {n}', n=number) for number in reversed(numbers)}
        if len(numbers) > 1:
            with ui.element('div').classes('cw-line cw-close cw-drafts-choice'):
                self._from = select_field(_('From'), names, value=self._older, on_change=self._choose_older)
                self._to = select_field(_('To'), names, value=self._newer, on_change=self._choose_newer)
        self._body = markup(classes='cw-tall', on_act=self._act).props('tabindex=0 role=region')
        self._body.props['aria-label'] = _('Versions')
        self._draw()

    def _choose_older(self, number: int) -> None:
        self._older = int(number)
        self._draw()

    def _choose_newer(self, number: int) -> None:
        self._newer = int(number)
        self._draw()

    def _act(self, act: str, of: str) -> None:
        if act == 'side':
            self._side = not self._side
            self._draw()
        elif act == 'version' and of.isdigit() and int(of) in self._revisions:
            before = max((number for number in self._revisions if number < int(of)), default=int(of))
            self._from.value, self._to.value = before, int(of)

    def _draw(self) -> None:
        older, newer = self._revisions[self._older], self._revisions[self._newer]
        rows = differences(self._type, older.content, newer.content)
        if self._side:
            names = [_('Version {n}', n=one.number) for one in (older, newer)]
            html = side_by_side_html(rows, before=names[0], after=names[1])
        else:
            html = rows_html(rows)
        look = button_html(_('Side by side'), 'side', icon='vertical_split', pressed=self._side)
        self._body.show(
            f'<p class="cw-line cw-close">{look}</p><div class="cw-draft-block">{html}</div>{self._list_html()}'
        )

    def _list_html(self) -> str:
        lines = ''
        for revision in reversed(self._revisions.values()):
            comment = ''
            if revision.comment:
                words = _('in answer to “{comment}”', comment=revision.comment)
                comment = f'<span class="cw-small-text">{escape(words)}</span>'
            name = button_html(_('Version {n}', n=revision.number), 'version', str(revision.number), kind='link')
            lines += (
                f'<li class="cw-block-head">{name}{origin_html(revision.origin)}<span>{escape(revision.author)}</span>'
                f'{when_html(revision.at)}{comment}</li>'
            )
        return f'<ul class="cw-stack cw-close">{lines}</ul>'
