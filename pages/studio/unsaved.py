"""Words that somebody typed and has not saved: opened again where they were, or marked under their block."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button_html
from components.i18n import _
from components.markup import escape, icon
from components.rich_editor import KeptAt, module
from pages.studio.part import Desk
from services.clock import now
from services.editing.unsaved import UnsavedView
from services.viewer import Permission

if TYPE_CHECKING:
    from pages.studio.block_card import BlockCard
    from pages.studio.content_review import ContentReview

_JUST_NOW = timedelta(hours=12)  # older words wait under their block until somebody wants them
_GO_ON, _DISCARD = 'unsaved:go_on', 'unsaved:discard'
_PATIENCE_SECONDS = 10.0


def kept_at(desk: Desk, place: UUID, base_hash: str = '', *, noun: str = 'blocks') -> KeptAt:
    url = f'/api/v1/{noun}/{place}/unsaved'
    return KeptAt(url=url, person=str(desk.viewer.user_id), base_hash=base_hash)


async def send_left_over(desk: Desk) -> None:
    """What an earlier page of this browser could not send any more, after a crash or a long cut."""
    if not desk.may(Permission.DRAFT_WRITE):
        return
    script, person = module('unsent'), str(desk.viewer.user_id)
    try:
        await ui.run_javascript(_LEFT_OVER % (json.dumps(script), json.dumps(person)), timeout=_PATIENCE_SECONDS)
    except TimeoutError:
        return


async def resume(review: 'ContentReview') -> None:
    """Opens the editors of the lesson that were open a while ago, once for each lesson."""
    lesson = review.lesson
    if lesson is None or lesson.id in review.resumed or not review.desk.may(Permission.DRAFT_WRITE):
        return
    if not review.resumed:
        await send_left_over(review.desk)
    review.resumed.add(lesson.id)
    for words in await review.desk.services.editing.unsaved.of_draft(review.desk.viewer, review.desk.workflow.id):
        if words.lesson_id != lesson.id or words.kept_at < now() - _JUST_NOW:
            continue
        card = review.cards.get(words.place)
        if card is not None:
            await card.open_editor(focus=False)
        elif review.new is not None and words.place == lesson.id:
            await review.new.open(focus=False)


async def load(desk: Desk) -> Mapping[UUID, str]:
    found = await desk.services.editing.unsaved.of_draft(desk.viewer, desk.workflow.id)
    return {words.place: _html(words) for words in found}


def _html(words: UnsavedView) -> str:
    choices = button_html(_('Go on writing'), _GO_ON, kind='link') + ' '
    choices += button_html(_('Discard'), _DISCARD, kind='link')
    said = escape(_('You have words here that are not saved.'))
    return f'<p class="cw-line cw-close cw-unsaved">{icon("edit_note", "cw-i-s")}<span>{said}</span> {choices}</p>'


async def _open(_desk: Desk, card: 'BlockCard', _of: str) -> None:
    await card.open_editor()


@action
async def _discard(desk: Desk, card: 'BlockCard', _of: str) -> None:
    await desk.services.editing.unsaved.discard(desk.viewer, card.view.id)
    await desk.look()


ACTS = {_GO_ON: _open, _DISCARD: _discard}
_LEFT_OVER = 'return import((window.path_prefix ?? "") + %s).then(one => one.sendLeftOver(%s)).then(() => true)'
