"""What keeps a course true: the publish check, publishing, mending, sources that changed, and the source ledger."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.courses import PublishCheck
from services.platform import Services
from services.viewer import Viewer


class _In(BaseModel):
    model_config = ConfigDict(extra='forbid')


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class FindingRead(BaseModel):
    code: str
    severity: Literal['red', 'amber'] = Field(description='red blocks publishing, amber asks to look again')
    message: str
    mend: str = Field(description='how to mend it')
    lesson_id: UUID | None
    lesson: str
    block_id: UUID | None
    excerpt: str
    said: str
    source: str = Field(description='what the source says, where it differs from what is said')
    fix: Literal['', 'own_words', 'headings', 'alt_text', 'remove']
    jump: str = Field(description='path of the screen with the block')


class CheckLine(_Out):
    code: str
    title: str
    passed: int
    total: int


class CheckRead(BaseModel):
    version: str | None
    may_publish: bool
    blocks: int
    approved: int
    seconds: float
    findings: list[FindingRead]
    checks: list[CheckLine]


class CheckAgain(CheckRead):
    asking_links: bool = Field(description='links are being asked; their answers come with a later check')


class PublishIn(_In):
    override_reason: str = Field(
        default='', max_length=2000, description='why it is published although findings block it; administrators only'
    )


class Published(BaseModel):
    id: UUID
    version: str
    version_id: UUID
    published_at: datetime
    overridden: list[str] = Field(description='the findings over which it was published')


class Reopened(BaseModel):
    id: UUID
    version: str | None
    state: str | None


class OwnWordsIn(_In):
    hash: str = Field(max_length=128, description='of the block as it was read')
    sentences: list[str] | None = Field(default=None, max_length=200, description='left out: the whole block')


class OwnWords(BaseModel):
    sentences: list[str] = Field(description='what is marked now; an empty one means the whole block')


class ShownIn(_In):
    hash: str = Field(max_length=128, description='of the block as it was read')


class AltTextIn(ShownIn):
    alt: str = Field(max_length=300, description='what the image shows')


class Mended(_Out):
    id: UUID
    hash: str
    state: str


class ChangeRead(_Out):
    id: UUID
    block_id: UUID
    lesson_id: UUID
    lesson: str
    version: str
    kind: Literal['changed', 'gone', 'removed']
    document_id: UUID
    new_document_id: UUID | None
    document_name: str
    page: int
    quote: str
    new_page: int | None
    new_text: str
    advice: str
    proposal_id: UUID | None
    status: Literal['open', 'dismissed', 'settled']
    reason: str
    decider: str
    found_at: datetime


class Changes(BaseModel):
    items: list[ChangeRead]
    total: int


class ReasonIn(_In):
    reason: str = Field(max_length=2000)


class NextVersionRead(_Out):
    version_id: UUID
    workflow_id: UUID
    number: str
    proposals: int


class CitationRead(_Out):
    id: UUID
    lesson_id: UUID
    lesson: str
    block_id: UUID
    origin: Literal['ai', 'ai_human', 'human']
    approver: str
    approved_at: datetime | None
    document_id: UUID
    document_name: str
    page: int
    start: int
    end: int
    quote: str
    resolves: bool = Field(description='its page has the quoted words')


class Citations(BaseModel):
    version: str
    items: list[CitationRead]
    total: int
    resolved: int
    unsourced: int = Field(description='blocks without a source')


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['courses'])
    courses, keeping = services.courses, services.keeping
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/courses/{course_id}/check')
    async def check_course(course_id: UUID, viewer: Asking) -> CheckRead:
        """What stands between the newest version and its learners; also while it is under review."""
        return CheckRead(**_check(await courses.check(viewer, course_id)))

    @api.post('/courses/{course_id}/check')
    async def check_again(course_id: UUID, viewer: Asking) -> CheckAgain:
        """The same, and asks the links that were not asked lately."""
        asking = await keeping.links.ask(viewer, course_id)
        return CheckAgain(**_check(await courses.check(viewer, course_id)), asking_links=asking)

    @api.post('/courses/{course_id}/publish')
    async def publish_course(course_id: UUID, viewer: Asking, body: PublishIn | None = None) -> Published:
        """409 with findings when the publish check fails."""
        version = await courses.publish(viewer, course_id, override_reason=body.override_reason if body else '')
        assert version.published_at is not None
        return Published(
            id=course_id,
            version=version.number,
            version_id=version.id,
            published_at=version.published_at,
            overridden=list(version.overridden),
        )

    @api.post('/courses/{course_id}/reopen')
    async def reopen_course(course_id: UUID, viewer: Asking) -> Reopened:
        """Back into review, where blocks can be mended; what is approved stays so."""
        course = await courses.reopen(viewer, course_id)
        version = course.version
        return Reopened(id=course.id, version=version and version.number, state=version and version.state)

    @api.post('/blocks/{block_id}/own-words')
    async def mark_own_words(block_id: UUID, body: OwnWordsIn, viewer: Asking) -> OwnWords:
        """Sentences that you stand for yourself: they need no source, and readers see it."""
        marked = await keeping.mending.own_words(viewer, block_id, body.hash, body.sentences)
        return OwnWords(sentences=marked)

    @api.delete('/blocks/{block_id}/own-words', status_code=204)
    async def unmark_own_words(block_id: UUID, viewer: Asking) -> None:
        await keeping.mending.no_longer_own(viewer, block_id)

    @api.post('/blocks/{block_id}/order-headings')
    async def order_headings(block_id: UUID, body: ShownIn, viewer: Asking) -> Mended:
        """Raises headings that skip a level; the block waits for approval again."""
        return Mended.model_validate(await keeping.mending.order_headings(viewer, block_id, body.hash))

    @api.post('/blocks/{block_id}/alt-text')
    async def describe_image(block_id: UUID, body: AltTextIn, viewer: Asking) -> Mended:
        """Of the first image of the block without one."""
        return Mended.model_validate(await keeping.mending.describe_images(viewer, block_id, body.hash, body.alt))

    @api.post('/blocks/{block_id}/put-back')
    async def put_back(block_id: UUID, body: ShownIn, viewer: Asking) -> Mended:
        """Undoes the last change of the block's words."""
        return Mended.model_validate(await keeping.mending.put_back(viewer, block_id, body.hash))

    @api.get('/courses/{course_id}/source-changes')
    async def list_source_changes(course_id: UUID, viewer: Asking, decided: bool = False) -> Changes:
        """Blocks whose source says something else by now, in course order."""
        found = await keeping.living.changes(viewer, course_id, decided=decided)
        return Changes(items=[ChangeRead.model_validate(one) for one in found], total=len(found))

    @api.post('/source-changes/{change_id}/dismiss', status_code=204)
    async def dismiss_source_change(change_id: UUID, body: ReasonIn, viewer: Asking) -> None:
        """The block may stay as it is, for this reason."""
        await keeping.living.dismiss(viewer, change_id, body.reason)

    @api.post('/source-changes/{change_id}/take-up', status_code=204)
    async def take_up_source_change(change_id: UUID, viewer: Asking) -> None:
        """Undoes a dismissal."""
        await keeping.living.take_up_again(viewer, change_id)

    @api.post('/courses/{course_id}/next-version', status_code=201)
    async def next_version(course_id: UUID, viewer: Asking) -> NextVersionRead:
        """A draft from the published version, with a proposal for every block whose source changed."""
        return NextVersionRead.model_validate(await keeping.living.next_version(viewer, course_id))

    @api.get('/courses/{course_id}/sources')
    async def list_sources(course_id: UUID, viewer: Asking, document_id: UUID | None = None) -> Citations:
        """Every citation of the newest version; `document_id` gives those of one document."""
        ledger = await keeping.ledger.of_course(viewer, course_id, document_id=document_id)
        items = [CitationRead.model_validate(one) for one in ledger.citations]
        return Citations(
            version=ledger.version,
            items=items,
            total=len(items),
            resolved=ledger.resolved,
            unsourced=ledger.unsourced,
        )

    return api


def _check(check: PublishCheck) -> dict[str, object]:
    return {
        'version': check.version,
        'may_publish': check.may_publish,
        'blocks': check.blocks,
        'approved': check.approved,
        'seconds': round(check.seconds, 3),
        'findings': [finding.as_json() for finding in check.findings],
        'checks': [CheckLine.model_validate(line) for line in check.checks],
    }
