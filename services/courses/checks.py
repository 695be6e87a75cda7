"""What must be true of a version before anyone learns from it."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from services.courses.views import BlockView, LessonView, ModuleView
from services.errors import Conflict
from services.generation.drafts import QuestionDraft
from services.generation.quotes import find_quote
from services.richtext import plain_text

Pages = Mapping[tuple[UUID, int], str]
_EXCERPT = 160


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`message` is a gettext msgid with places for `params`. One that does not block asks to look again."""

    code: str
    message: str
    params: dict[str, str]
    blocks_publishing: bool = True
    lesson_id: UUID | None = None
    lesson: str = ''
    block_id: UUID | None = None
    excerpt: str = ''

    @property
    def sentence(self) -> str:
        return self.message.format(**self.params)

    def as_json(self) -> dict[str, Any]:
        return {
            'code': self.code,
            'message': self.sentence,
            'lesson_id': str(self.lesson_id) if self.lesson_id else None,
            'lesson': self.lesson,
            'block_id': str(self.block_id) if self.block_id else None,
            'excerpt': self.excerpt,
        }


@dataclass(frozen=True, kw_only=True)
class Check:
    """A rule and how much of the course keeps it. `title` is a gettext msgid."""

    code: str
    title: str
    passed: int
    total: int


@dataclass(frozen=True, kw_only=True)
class PublishCheck:
    """`origins` counts the blocks by origin: ai, ai_human, human."""

    version: str | None
    blocks: int
    approved: int
    origins: dict[str, int]
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.blocks_publishing)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.blocks_publishing)

    @property
    def may_publish(self) -> bool:
        return not self.blocking


class PublishBlocked(Conflict):
    """`findings` names each thing to mend, with the lesson and block it is in."""

    code = 'publish_blocked'

    def __init__(self, blocking: tuple[Finding, ...]) -> None:
        super().__init__('Mend what the publish check found ({count}), then publish.', count=len(blocking))
        self.findings = [finding.as_json() for finding in blocking]

    def extra(self) -> dict[str, Any]:
        return {'findings': self.findings}


async def publish_check(number: str | None, state: str, modules: tuple[ModuleView, ...], pages: Pages) -> PublishCheck:
    """Looks at every block; the quotes are compared in a thread, since a course has hundreds."""
    lessons = [lesson for module in modules for lesson in module.lessons]
    blocks = [block for lesson in lessons for block in lesson.blocks]
    findings = [*_of_version(state, lessons), *await asyncio.to_thread(lambda: list(_of_blocks(lessons, pages)))]
    wrong = Counter(finding.code for finding in findings)
    questions = sum(block.type == 'question' for block in blocks)
    quotes = sum(len(block.sources) for block in blocks)
    drafted = sum(block.origin == 'ai' and block.type != 'question' for block in blocks)
    totals = {
        'not_approved': len(blocks),
        'quote_not_found': quotes,
        'question_invalid': questions,
        'no_source': drafted,
        'lesson_empty': len(lessons),
    }
    checks = [
        Check(code=code, title=title, passed=totals[code] - wrong[code], total=totals[code])
        for code, title in _TITLES.items()
        if totals[code]
    ]
    return PublishCheck(
        version=number,
        blocks=len(blocks),
        approved=sum(block.approved for block in blocks),
        origins={'ai': 0, 'ai_human': 0, 'human': 0} | Counter(block.origin for block in blocks),
        findings=tuple(findings),
        checks=tuple(checks),
    )


_TITLES = {
    'not_approved': 'Blocks approved as they stand',
    'quote_not_found': 'Quotes found word for word',
    'question_invalid': 'Questions can be marked',
    'no_source': 'Every drafted block has a source',
    'lesson_empty': 'Every lesson has content',
}


def _of_version(state: str, lessons: list[LessonView]) -> Iterator[Finding]:
    if not any(lesson.blocks for lesson in lessons):
        yield Finding(code='course_empty', message='The course has no lesson with content yet. Draft one.', params={})
    elif state == 'draft':
        yield Finding(
            code='not_assembled', message='The course is still under review. Finish the review first.', params={}
        )


def _of_blocks(lessons: list[LessonView], pages: Pages) -> Iterator[Finding]:
    for lesson in lessons:
        where: dict[str, Any] = {'lesson_id': lesson.id, 'lesson': f'{lesson.number} {lesson.title}'}
        if not lesson.blocks:
            message = 'Lesson {lesson} has no content. Write some, or delete the lesson.'
            params = {'lesson': where['lesson']}
            yield Finding(code='lesson_empty', message=message, params=params, blocks_publishing=False, **where)
        for block in lesson.blocks:
            yield from _of_block(block, pages, where)


def _of_block(block: BlockView, pages: Pages, where: dict[str, Any]) -> Iterator[Finding]:
    where = {**where, 'block_id': block.id, 'excerpt': excerpt(block)}
    if not block.approved:
        message = 'This block is not approved as it stands. Read it, then approve it or send it back.'
        yield Finding(code='not_approved', message=message, params={}, **where)
    for source in block.sources:
        page = pages.get((source.document_id, source.page), '')
        if find_quote(page, source.quote, near=(source.start, source.end)) is None:
            yield Finding(
                code='quote_not_found',
                message='“{quote}” is not on page {page} of {document}. Correct the quote or remove the source.',
                params={
                    'quote': source.quote[:_EXCERPT], 'page': str(source.page), 'document': source.document_name
                },
                **where,
            )  # fmt: skip
    if block.type == 'question' and (reason := question_fault(block.content)):
        message = 'This question cannot be marked: {reason}. Correct its answers.'
        yield Finding(code='question_invalid', message=message, params={'reason': reason}, **where)
    if block.origin == 'ai' and block.type != 'question' and not block.sources:
        message = 'This block was drafted but shows no source. Compare it with your documents.'
        yield Finding(code='no_source', message=message, params={}, blocks_publishing=False, **where)


def question_fault(content: dict[str, Any]) -> str:
    """Why the question cannot be marked; empty if it can."""
    try:
        QuestionDraft.model_validate(
            {
                'type': 'question',
                'kind': content.get('kind'),
                'prompt': content.get('prompt'),
                'options': [
                    {'text': option.get('text'), 'correct': option.get('correct')}
                    for option in content.get('options', [])
                ],
                'accepted': content.get('accepted', []),
                'explanation': content.get('explanation', ''),
                'citations': [],
            }
        )
    except ValidationError as error:
        return str(error.errors()[0]['msg']).removeprefix('Value error, ')
    return '' if str(content['prompt']).strip() else 'it asks nothing'


def excerpt(block: BlockView) -> str:
    """The first words of a block, to tell it by."""
    content = block.content
    words = plain_text(content.get('html', '')) or content.get('title') or content.get('prompt') or ''
    return ' '.join(str(words).split())[:_EXCERPT]
