from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from reportlab.platypus import NextPageTemplate, PageBreak

from services.exports.pdf import styles
from services.exports.pdf.blocks import LessonNotes, Place, answer_key, block_flowables
from services.exports.pdf.flowables import Gap, Line, Picture, Ruler, TableOfContentsLine, Text, styled
from services.exports.pdf.markup_tree import Setting
from services.exports.pdf.pictures import Pictures
from services.exports.pdf.richtext import text_of
from services.exports.pdf.structure import Element
from services.exports.pdf.typefaces import SANS, SANS_BOLD, SERIF, markup
from services.exports.publication import (
    Chapter,
    Publication,
    chapters,
    course_minutes,
    documents,
    module_minutes,
    origin_shares,
    questions,
    ruler_widths,
)
from services.exports.wording import duration, wording_for, written_date


class Story:
    """The book from cover to answer key; `pages` are the page numbers the last setting found."""

    def __init__(self, publication: Publication, pages: Mapping[str, int], root: Element) -> None:
        self._publication, self._pages, self._root = publication, pages, root
        self._words = wording_for(publication.language)
        self._pictures = Pictures(publication)
        self._chapters = chapters(publication)

    def flowables(self) -> list[Any]:
        return [
            *self._cover(),
            NextPageTemplate('lesson'),
            PageBreak(),
            *self._contents(),
            *(part for chapter in self._chapters for part in self._lesson(chapter)),
            *self._answers(),
        ]

    def _cover(self) -> Iterator[Any]:
        course, words = self._publication, self._words
        setting = self._setting(self._root.add('Sect'), styles.PAGE[0] - 2 * styles.LEFT)
        if course.organization:
            yield text_of(markup(course.organization, SANS), setting, style='eyebrow', spaceAfter=8)
        yield text_of(markup(course.title), setting, tag='H1', style='cover')
        yield text_of(markup(course.summary), setting, style='lead')
        if self._chapters:
            yield Ruler(ruler_widths(course))
        facts = [
            words.version.format(version=course.version),
            words.published.format(date=written_date(course.published_at, course.language)),
            duration(course_minutes(course)),
        ]
        yield text_of(markup(' · '.join(facts), SANS), setting, style='small', spaceAfter=26)
        yield from self._objectives(words.you_will, course.objectives, setting)
        yield Gap(20)
        yield Line(before=0, after=14)
        yield text_of(markup(words.how_made, SERIF), setting, tag='H2', style='h2')
        shares = origin_shares(course)
        quoted = '; '.join(
            f'{name} ({words.quoted_times.format(count=count)})' for name, count in documents(course)
        )  # fmt: skip
        for label, value in (
            (words.written_by, ', '.join(course.authors)),
            (words.approved_by, ', '.join(course.approvers)),
            (words.blocks, words.origin_counts.format(**shares)),
            (words.documents, quoted),
        ):
            if value:
                said = f'<font name="{SANS_BOLD}">{markup(label, SANS_BOLD)}</font>\xa0\xa0\xa0{markup(value, SANS)}'
                yield text_of(said, setting, style='small', spaceAfter=5)

    def _contents(self) -> Iterator[Any]:
        words = self._words
        setting = self._setting(self._root.add('Sect'))
        title = text_of(markup(words.contents), setting, tag='H2', style='title')
        title.bookmark, title.running_title = ('contents', words.contents, 0), words.contents
        yield title
        listed = self._root.add('TOC')
        for number, module in enumerate(self._publication.modules, 1):
            heading = f'{words.module.format(number=number)} · {module.title}'
            yield self._contents_line(heading, f'module-{number}', listed, strong=True)
            for chapter in self._chapters:
                if chapter.module_number == number:
                    yield self._contents_line(
                        chapter.lesson.title, f'lesson-{chapter.number}', listed, number=chapter.number
                    )
        if self._has_questions():
            yield self._contents_line(words.answer_key, 'answers', listed, strong=True)

    def _contents_line(
        self, title: str, key: str, listed: Element, *, strong: bool = False, number: str | None = None
    ) -> TableOfContentsLine:
        font = SANS_BOLD if strong else SANS
        text = Text(markup(title, font), styled('contents1' if strong else 'contents2'), bulletText=number)
        text.element = listed.add('TOCI')
        return TableOfContentsLine(text, key=key, page=self._pages.get(key), strong=strong)

    def _lesson(self, chapter: Chapter) -> Iterator[Any]:
        words, lesson = self._words, chapter.lesson
        setting = self._setting(self._root.add('Sect'))
        yield PageBreak()
        if chapter.module.lessons[0] is lesson:
            said = words.module.format(number=chapter.module_number)
            about = f'{said} · {chapter.module.title} · {duration(module_minutes(chapter.module))}'
            module = text_of(markup(about, SERIF), setting, tag='H2', style='module')
            module.bookmark = f'module-{chapter.module_number}', chapter.module.title or said, 0
            yield module
        about = f'{words.lesson.format(number=chapter.number)} · {duration(lesson.minutes)}'
        yield text_of(markup(about, SANS), setting, style='eyebrow')
        title = text_of(markup(lesson.title) or '–', setting, tag='H3', style='title')
        title.bookmark = f'lesson-{chapter.number}', f'{chapter.number}  {lesson.title}', 1
        title.running_title = lesson.title
        yield title
        yield from self._objectives(words.you_will_lesson, lesson.objectives, setting)
        notes = LessonNotes(chapter, setting, words, styles.PAGE[1] - styles.TOP - styles.BOTTOM)
        for block in lesson.blocks:
            place = Place(chapter=chapter, block=block, setting=setting, words=words, pages=self._pages)
            yield from block_flowables(place, notes)
        if notes.left_over:
            yield text_of(markup(words.sources, SANS_BOLD), setting, style='h3')
            yield from notes.left_over

    def _answers(self) -> Iterator[Any]:
        if not self._has_questions():
            return
        words = self._words
        setting = self._setting(self._root.add('Sect'))
        yield PageBreak()
        title = text_of(markup(words.answer_key), setting, tag='H2', style='title')
        title.bookmark, title.running_title = ('answers', words.answer_key, 0), words.answer_key
        yield title
        for chapter in self._chapters:
            asked = questions(chapter.lesson)
            if asked:
                heading = markup(f'{chapter.number}\xa0\xa0{chapter.lesson.title}')
                yield text_of(heading, setting, tag='H3', style='h2')
            for block in asked:
                place = Place(chapter=chapter, block=block, setting=setting, words=words, pages=self._pages)
                yield from answer_key(place)

    def _objectives(self, label: str, objectives: tuple[str, ...], setting: Setting) -> Iterator[Any]:
        if not objectives:
            return
        yield text_of(markup(label, SANS_BOLD), setting, style='label')
        listed = setting.parent.add('L')
        for objective in objectives:
            text = Text(markup(objective), styled('li', leftIndent=14, bulletIndent=2), bulletText='•')
            text.element = listed.add('LI').add('LBody')
            yield text
        yield Gap(12)

    def _has_questions(self) -> bool:
        return any(questions(chapter.lesson) for chapter in self._chapters)

    def _setting(self, parent: Element, width: float = styles.TEXT_WIDTH) -> Setting:
        return Setting(width=width, parent=parent, picture=self._picture, missing_image=self._words.missing_image)

    def _picture(self, file_id: UUID, width: float, element: Element) -> Picture | None:
        return self._pictures.picture(file_id, width, element)
