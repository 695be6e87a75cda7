"""What one click does about a finding: mark words as one's own, put headings in order, describe an image.

A block that says something else afterwards waits for approval again. Each can be undone.
"""

import re
from typing import Any
from uuid import UUID

from services import fields
from services.courses.checks.words import pieces, sentences
from services.errors import Conflict, InvalidInput, NotFound
from services.generation.block_views import BlockView, view
from services.generation.blocks import BlockChanged, open_block, revise, say
from services.generation.content import checked_content
from services.hashing import content_hash
from services.richtext import plain_text
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import courses as rows
from storage.courses import PUBLISHED, Block, Course, CourseVersion
from storage.living import OwnWords, forget_own_words, own_words_of

_TAG = re.compile(r'<(/?)h([234])>')
_IMAGE = re.compile(r'<img\b[^>]*>')
_ALT = re.compile(r'\salt="[^"]*"')


class NothingToMend(Conflict):
    code = 'nothing_to_mend'


class MendingService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def own_words(
        self, viewer: Viewer, block_id: UUID, shown_hash: str, sentences_marked: list[str] | None = None
    ) -> list[str]:
        """Marks sentences of the block (None: all of it) as the viewer's own words and gives what is marked now.

        Readers see it; nothing else about the block changes, so its approval stays.
        """
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            block = await self._unpublished(work, block_id)
            if block.content_hash != shown_hash:
                raise BlockChanged('This block changed while you read it. Look at the difference, then decide.')
            wanted = [''] if sentences_marked is None else [' '.join(one.split()) for one in sentences_marked]
            said = ' '.join(' '.join(_words(block.content)).split())
            if missing := next((one for one in wanted if one and one not in said), ''):
                fault = 'This sentence is not in the block: “{sentence}”.'
                raise InvalidInput(fault, sentence=missing[:200])
            known = {mark.sentence for mark in await own_words_of(work.scope, block_id)}
            for one in dict.fromkeys(wanted):
                if one not in known:
                    work.add(
                        OwnWords(
                            block_id=block_id,
                            sentence=one,
                            person_id=work.viewer.user_id,
                            person=work.viewer.full_name,
                        )
                    )
            await self._say(work, block, 'block.own_words')
            work.record('block.own_words', block, after={'sentences': wanted})
            return sorted(known | set(wanted))

    async def no_longer_own(self, viewer: Viewer, block_id: UUID) -> None:
        """Takes every such mark of the block back."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            block = await self._unpublished(work, block_id)
            await forget_own_words(work.scope, block_id)
            await self._say(work, block, 'block.own_words_taken_back')
            work.record('block.own_words_taken_back', block)

    async def order_headings(self, viewer: Viewer, block_id: UUID, shown_hash: str) -> BlockView:
        """Raises headings that skip a level, and takes empty ones out."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            block = await _shown(work, block_id, shown_hash)
            before = 2
            for other in await rows.blocks(work.scope, block.version_id, lesson_id=block.lesson_id):
                if other.position >= block.position:
                    break
                headings = pieces(str(other.content.get('html', ''))).headings
                before = headings[-1].level if headings else before
            html = in_order(str(block.content.get('html', '')), before)
            return await _mended(work, block, {**block.content, 'html': html})

    async def describe_images(self, viewer: Viewer, block_id: UUID, shown_hash: str, words: str) -> BlockView:
        """Gives the first image without an alternative text the words that say what it shows."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            block = await _shown(work, block_id, shown_hash)
            alt = fields.line('alt', words, limit=300)
            if not alt:
                fault = 'Say what the image shows, in a few words.'
                raise InvalidInput(fault, fields={'alt': fault})
            return await _mended(work, block, {**block.content, 'html': described(block.content.get('html', ''), alt)})

    async def put_back(self, viewer: Viewer, block_id: UUID, shown_hash: str) -> BlockView:
        """Undoes the last change of the block's words."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            block = await _shown(work, block_id, shown_hash)
            revisions = await rows.revisions(work.scope, block_id)
            if len(revisions) < 2:
                raise NothingToMend('This block was not changed yet.')
            return await _mended(work, block, revisions[-2].content)

    @staticmethod
    async def _unpublished(work: Work, block_id: UUID) -> Block:
        block = await work.get(Block, block_id, lock=True)
        version = await work.get(CourseVersion, block.version_id)
        if version.state == PUBLISHED:
            raise Conflict('Version {number} is published and stays as it is.', number=version.number)
        return block

    @staticmethod
    async def _say(work: Work, block: Block, event: str) -> None:
        await say(work, block, event)
        version = await work.get(CourseVersion, block.version_id)
        course = await work.scope.find(Course, version.course_id)
        if course is None:
            raise NotFound()
        work.changed(f'course:{course.id}')


def in_order(html: str, before: int) -> str:
    """The same with no heading more than one level below the one before it; `before` is the level it follows."""
    html = re.sub(r'<h([234])>\s*</h\1>', '', html)
    level = shift = before

    def tag(found: re.Match[str]) -> str:
        nonlocal level, shift
        closes, wanted = found[1], int(found[2])
        if not closes:
            shift = level = min(wanted, level + 1)
        return f'<{closes}h{shift}>'

    return _TAG.sub(tag, html)


def described(html: str, alt: str) -> str:
    """The same with `alt` at the first image that has no words of its own."""
    escaped = alt.replace('&', '&amp;').replace('"', '&quot;').replace('<', '&lt;').replace('>', '&gt;')
    for found in _IMAGE.finditer(html):
        image = pieces(found[0]).images[0]
        if not (image.alt or '').strip() or '.' in (image.alt or '') or ' ' not in (image.alt or ''):
            tag = _ALT.sub('', found[0]).replace('<img', f'<img alt="{escaped}"', 1)
            return html[: found.start()] + tag + html[found.end() :]
    raise NothingToMend('Every image here says what it shows already.')


async def _shown(work: Work, block_id: UUID, shown_hash: str) -> Block:
    block = await open_block(work, block_id)
    if block.content_hash != shown_hash:
        raise BlockChanged('This block changed while you read it. Look at the difference, then decide.')
    return block


async def _mended(work: Work, block: Block, content: dict[str, Any]) -> BlockView:
    checked = checked_content(block.type, content)
    if content_hash(checked) == block.content_hash:
        raise NothingToMend('There is nothing left to mend in this block.')
    origin = rows.HUMAN if block.origin == rows.HUMAN else rows.AI_HUMAN
    await revise(work, block, checked, origin=origin, author=work.viewer.full_name, state=rows.WAITING)
    await say(work, block, 'block.edited')
    return await view(work, block)


def _words(content: dict[str, Any]) -> list[str]:
    texts = [plain_text(str(content['html']))] if 'html' in content else []
    texts += [*content.get('bullets', []), str(content.get('notes', ''))]
    return [one.text for text in texts for one in sentences(text, 'en')]
