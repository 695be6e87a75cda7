"""One part: its words as they come, then its blocks with their sources, to be put into a lesson."""

from typing import Any

from nicegui import ui

from components.action import action
from components.button import button
from components.card import card
from components.frame import here
from components.i18n import _, ngettext, seconds
from components.layout import page
from components.live import live, live_stream, refresh_later
from components.markup import escape, icon, markup
from components.notice import notice_html, toast
from components.page_header import page_header
from components.skeleton import skeleton_html
from components.status import status_html
from pages.guarded import guarded, id_in
from pages.parts.adding import choose_lesson
from pages.parts.words import kinds
from pages.studio.drafted import blocks_html, content_html
from services.clock import now
from services.generation.parts import PartView
from services.platform import Services
from services.viewer import Permission, Viewer


@guarded
async def one(viewer: Viewer, services: Services, part_id: str) -> None:
    part = await services.parts.get(viewer, id_in(part_id))
    here((_('Courses'), '/courses'), (_('Draft a part'), '/parts'), part.topic, nav='/courses')
    with page():
        _Part(viewer, services, part)


class _Part:
    def __init__(self, viewer: Viewer, services: Services, part: PartView) -> None:
        self._viewer, self._services, self._part = viewer, services, part
        self._ticked: set[int] = set()
        self._header = page_header(part.topic, subtitle=_about(part))
        with self._header.actions.classes('cw-at-foot'):
            button(_('Discard'), icon='delete', on_click=action(self._discard))
            self._again = button(_('Try again'), icon='refresh', on_click=action(self._retry))
            self._add = button(_('Add to a lesson'), kind='primary', icon='playlist_add', on_click=action(self._add_to))
        with card(padded=False):
            self._state = markup(classes='cw-part-state')
            self._words = markup(skeleton_html(4), classes='cw-being-written', on_act=self._toggle)
        live(self._words, services.bus, f'part:{part.id}', self.refresh)
        live_stream(self._words, services.bus, f'live:{part.id}', self._hear)
        ui.timer(1, self._tick)
        refresh_later(self._words, self.refresh)

    async def refresh(self) -> None:
        was_running = self._part.is_running
        self._part = await self._services.parts.get(self._viewer, self._part.id)
        if was_running or not self._ticked:
            self._ticked = {place for place, block in enumerate(self._part.blocks) if not block['added']}
        self._draw()

    def _draw(self) -> None:
        part = self._part
        ready = part.status == 'ready'
        self._add.set_visibility(ready and bool(part.blocks) and self._viewer.may(Permission.DRAFT_WRITE))
        self._again.set_visibility(part.status == 'failed')
        self._tick()
        if part.status == 'failed':
            self._words.show('')
        elif ready:
            self._words.show(_outline_html(part.outline) if part.outline else self._blocks_html())

    def _tick(self) -> None:
        part = self._part
        if part.is_running:
            passed = seconds((now() - part.asked_at).total_seconds())
            leave = _('You can leave; it is kept here.')
            self._state.show(f'{status_html("working", _("Being written for {time}", time=passed))} {escape(leave)}')
        elif part.status == 'failed':
            self._state.show(notice_html(part.error or '', tone='bad'))
        else:
            self._state.show(notice_html(part.answer, tone='info') if part.answer else '')

    def _hear(self, payload: Any) -> None:
        draft = payload.get('draft') if isinstance(payload, dict) else None
        if not isinstance(draft, dict) or not self._part.is_running:
            return
        blocks = [block for block in draft.get('blocks') or [] if isinstance(block, dict)]
        if blocks:
            self._words.show(f'<div class="cw-card-body">{blocks_html(blocks[-3:], writing=True)}</div>')
        elif draft.get('modules'):
            self._words.show(_outline_html(draft))

    def _blocks_html(self) -> str:
        blocks = ''.join(self._block_html(place, block) for place, block in enumerate(self._part.blocks))
        return f'<div class="cw-card-body cw-part">{blocks}</div>'

    def _block_html(self, place: int, block: dict[str, Any]) -> str:
        ticked = place in self._ticked
        box = icon('check_box' if ticked else 'check_box_outline_blank')
        label = escape(_('Take this one'))
        used = f' <small>{escape(_("in a lesson already"))}</small>' if block['added'] else ''
        sources = ''.join(
            f'<li><b>{escape(source["document_name"])}</b>, {escape(_("p. {page}", page=source["page"]))}: '
            f'<q>{escape(source["quote"])}</q></li>'
            for source in block['sources']
        )
        counted = ngettext('{n} source', '{n} sources', len(block['sources']))
        shown = f'<details><summary>{escape(counted)}</summary><ul>{sources}</ul></details>' if sources else ''
        return (
            f'<div class="cw-draft-block"><button type="button" class="cw-pick" role="checkbox" '
            f'aria-checked="{str(ticked).lower()}" data-act="toggle" data-of="{place}">{box}<span>{label}{used}</span>'
            f'</button>{content_html(block["type"], block["content"])}{shown}</div>'
        )

    def _toggle(self, act: str, of: str) -> None:
        if act == 'toggle':
            self._ticked ^= {int(of)}
            self._words.show(self._blocks_html())

    async def _add_to(self) -> None:
        lesson = await choose_lesson(self._viewer, self._services)
        if lesson is None:
            return
        services, viewer = self._services, self._viewer
        added = await services.parts.add(viewer, self._part.id, lesson.id, sorted(self._ticked))

        async def take_back() -> None:
            for block_id in added:
                await services.blocks.remove(viewer, block_id)

        self._ticked = set()
        words = ngettext(
            '{n} block is in “{lesson}” now and waits for approval.',
            '{n} blocks are in “{lesson}” now and wait for approval.',
            len(added),
            lesson=lesson.title,
        )
        toast(words, undo=action(take_back))

    async def _retry(self) -> None:
        self._part = await self._services.parts.again(self._viewer, self._part.id)
        self._words.show(skeleton_html(4))
        self._draw()

    async def _discard(self) -> None:
        parts, viewer, part_id = self._services.parts, self._viewer, self._part.id
        await parts.discard(viewer, part_id)

        async def restore() -> None:
            await parts.restore(viewer, part_id)
            ui.navigate.to(f'/parts/{part_id}')

        self._header.actions.set_visibility(False)
        self._words.show('')
        self._state.show(notice_html(_('Discarded. What lessons took from it stays there.'), tone='plain'))
        toast(_('Discarded “{topic}”.', topic=self._part.topic), undo=action(restore))


def _about(part: PartView) -> str:
    level = str(part.asked.get('level') or '').lower()
    return ', '.join(filter(None, [kinds()[part.kind], level, part.asker]))


def _outline_html(outline: Any) -> str:
    html = ''
    for module in (outline or {}).get('modules') or []:
        if not isinstance(module, dict):
            continue
        lessons = [one for one in module.get('lessons') or [] if isinstance(one, dict)]
        rows = ''.join(
            f'<li>{escape(str(lesson.get("title") or ""))} '
            f'<small>{escape(_("{n} min", n=lesson.get("minutes") or 0))}</small></li>'
            for lesson in lessons
        )
        total = _('{n} min', n=sum(int(lesson.get('minutes') or 0) for lesson in lessons))
        html += (
            f'<div class="cw-draft-block"><h3>{escape(str(module.get("title") or ""))} '
            f'<small>{escape(total)}</small></h3><ol>{rows}</ol></div>'
        )
    return f'<div class="cw-card-body cw-part">{html}</div>'
