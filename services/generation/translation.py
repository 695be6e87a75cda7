"""A course in another language: asked for here, written block by block as durable work, made when all is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.ai.authors import Authors
from services.durable import Durable
from services.errors import Conflict, InvalidInput
from services.generation.authors.base import AuthorCannot
from services.limits import GENERATE
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import courses
from storage import generated as rows
from storage.catalogue import newest_versions
from storage.courses import Block, Course, CourseVersion
from storage.generated import Translation
from storage.workflows import Workflow

KIND = 'translation'
# What the models of all providers write well; their own names, as people look for them.
TRANSLATABLE: Mapping[str, str] = {
    'ar': 'العربية', 'bg': 'Български', 'ca': 'Català', 'cs': 'Čeština', 'da': 'Dansk', 'de': 'Deutsch',
    'el': 'Ελληνικά', 'en': 'English', 'es': 'Español', 'et': 'Eesti', 'fa': 'فارسی', 'fi': 'Suomi', 'fr': 'Français',
    'he': 'עברית', 'hi': 'हिन्दी', 'hr': 'Hrvatski', 'hu': 'Magyar', 'id': 'Indonesia', 'it': 'Italiano',
    'ja': '日本語', 'ko': '한국어', 'lt': 'Lietuvių', 'lv': 'Latviešu', 'nl': 'Nederlands', 'no': 'Norsk',
    'pl': 'Polski', 'pt': 'Português', 'ro': 'Română', 'ru': 'Русский', 'sk': 'Slovenčina', 'sl': 'Slovenščina',
    'sr': 'Српски', 'sv': 'Svenska', 'th': 'ไทย', 'tr': 'Türkçe', 'uk': 'Українська', 'vi': 'Tiếng Việt', 'zh': '中文',
}  # fmt: skip


class BeingTranslated(Conflict):
    code = 'being_translated'


@dataclass(frozen=True, kw_only=True)
class TranslationView:
    """`course_id` is the original's; `target_course_id` and `workflow_id` are there once it is `ready`."""

    id: UUID
    course_id: UUID
    title: str
    language: str
    status: str
    progress: float
    target_course_id: UUID | None
    workflow_id: UUID | None
    error: str | None
    asker: str
    asked_at: datetime
    finished_at: datetime | None

    @property
    def is_running(self) -> bool:
        return self.status in (rows.QUEUED, rows.RUNNING)


@dataclass(frozen=True, kw_only=True)
class OriginalView:
    """What a translated block was made from; `changed`: that says something else by now, or is gone."""

    course_id: UUID
    title: str
    language: str
    changed: bool


class TranslationService:
    def __init__(self, gate: Gate, durable: Durable, authors: Authors) -> None:
        self._gate = gate
        self._durable = durable
        self._authors = authors

    async def begin(
        self, viewer: Viewer, course_id: UUID, language: str, *, version_id: UUID | None = None
    ) -> TranslationView:
        """Begins to translate a version (the newest, if none is named); the new course is there once all of it is."""
        await self._gate.check(viewer, Permission.COURSE_WRITE)
        code = _checked(language)
        author = await self._authors.of(viewer.organization_id)
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            course = await work.get(Course, course_id)
            if code == course.language.split('-')[0].lower():
                fault = 'The course is in this language already. Choose another one.'
                raise InvalidInput(fault, fields={'language': fault})
            version = await _version(work, course, version_id)
            if author.provider == 'offline':
                raise AuthorCannot(
                    'Only a model can translate, and none is connected. '
                    'An administrator can connect one under Settings, AI.'
                )
            if not await courses.blocks(work.scope, version.id):
                raise InvalidInput('This version holds no lessons yet, so there is nothing to translate.')
            for other in await rows.translations(work.scope, course.id):
                if other.language == code and other.status in (rows.QUEUED, rows.RUNNING):
                    raise BeingTranslated('This is being translated already. Wait until it is done.')
            await self._gate.limits.spend(GENERATE, str(work.viewer.user_id))
            row = work.add(
                Translation(
                    course_id=course.id,
                    version_id=version.id,
                    language=code,
                    asked_by=work.viewer.user_id,
                    asker=work.viewer.full_name,
                )
            )
            await self._start(work, row)
            return await view(work, row)

    async def get(self, viewer: Viewer, translation_id: UUID) -> TranslationView:
        async with self._gate.reading(viewer, Permission.COURSE_READ) as work:
            return await view(work, await work.get(Translation, translation_id))

    async def of_course(self, viewer: Viewer, course_id: UUID) -> list[TranslationView]:
        """From this course, and the one that it came from; newest first."""
        async with self._gate.reading(viewer, Permission.COURSE_READ) as work:
            await work.get(Course, course_id)
            return [await view(work, row) for row in await rows.translations(work.scope, course_id)]

    async def again(self, viewer: Viewer, translation_id: UUID) -> TranslationView:
        """Tries one that failed once more; lessons that are translated already are asked for again."""
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            row = await work.get(Translation, translation_id, lock=True)
            if row.status != rows.FAILED:
                raise BeingTranslated('This did not fail, so there is nothing to try again.')
            await self._gate.limits.spend(GENERATE, str(work.viewer.user_id))
            row.status, row.error, row.finished_at, row.run = rows.QUEUED, None, None, row.run + 1
            row.progress, row.asked_by, row.asker = 0.0, work.viewer.user_id, work.viewer.full_name
            await self._start(work, row)
            return await view(work, row)

    async def originals(self, viewer: Viewer, workflow_id: UUID) -> dict[UUID, OriginalView]:
        """Block id -> what it was translated from, for the blocks of a draft that were."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            own = [block.id for block in await courses.blocks(work.scope, workflow.version_id)]
            found = await rows.translated_blocks(work.scope, own)
            if not found:
                return {}
            translation = await work.get(Translation, found[0].translation_id)
            original = await work.get(Course, translation.course_id)
            marks = {}
            for one in found:
                block = await work.scope.find(Block, one.original_id)
                marks[one.block_id] = OriginalView(
                    course_id=original.id,
                    title=original.title,
                    language=original.language,
                    changed=block is None or block.content_hash != one.original_hash,
                )
            return marks

    async def _start(self, work: Work, row: Translation) -> None:
        work.add(row)
        await work.tx.flush()
        tell(work, row)
        organization_id, row_id, run = work.scope.organization_id, row.id, row.run
        work.then(lambda: self._durable.start(KIND, organization_id, row_id, run))


def tell(work: Work, row: Translation) -> None:
    work.changed(f'translation:{row.id}', f'course:{row.course_id}')


async def view(work: Work, row: Translation) -> TranslationView:
    course = await work.tx.get(Course, row.course_id)
    statement = work.scope.rows(Workflow).where(Workflow.version_id == row.target_version_id)
    workflow = (await work.tx.exec(statement)).first() if row.target_version_id else None
    return TranslationView(
        id=row.id,
        course_id=row.course_id,
        title=course.title if course else '',
        language=row.language,
        status=row.status,
        progress=1.0 if row.status == rows.READY else row.progress,
        target_course_id=row.target_course_id,
        workflow_id=workflow.id if workflow else None,
        error=row.error,
        asker=row.asker,
        asked_at=row.created_at,
        finished_at=row.finished_at,
    )


async def _version(work: Work, course: Course, version_id: UUID | None) -> CourseVersion:
    if version_id is not None:
        version = await work.get(CourseVersion, version_id)
        if version.course_id == course.id:
            return version
        raise InvalidInput('This version belongs to another course.', fields={'version_id': 'Of another course.'})
    newest = (await newest_versions(work.scope, [course.id])).get(course.id)
    if newest is None:
        raise InvalidInput('This course has no version yet, so there is nothing to translate.')
    return newest


def _checked(language: str) -> str:
    code = language.strip().lower().replace('_', '-').split('-')[0]
    if code not in TRANSLATABLE:
        fault = f'No model writes this language well enough. Choose one of {", ".join(TRANSLATABLE)}.'
        raise InvalidInput(fault, fields={'language': fault})
    return code
