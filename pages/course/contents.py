"""Modules, lessons, minutes and blocks."""

from components.button import link_button
from components.card import card
from components.empty_state import empty_state
from components.i18n import _, duration, ngettext
from components.markup import escape, markup
from components.ruler import ruler_html
from pages.course_rows import filled
from services.courses import CourseView, LessonView, ModuleView


def contents_card(course: CourseView, studio: str) -> None:
    if not course.lessons:
        sentence = _('The outline comes first, then the lessons are written from it.')
        with card(_('Contents')), empty_state(_('Nothing is drafted yet'), sentence, art=False):
            if studio:
                link_button(_('Open in the studio'), studio, icon='rate_review')
        return
    version = course.version
    with card(_('Contents'), note=_summary(course), padded=False):
        html = ''
        if version is not None and version.state == 'draft':
            share = version.approved / version.blocks if version.blocks else 0.0
            label = _('{n} of {total} blocks approved', n=version.approved, total=version.blocks)
            ruler = ruler_html(filled([lesson.minutes for lesson in course.lessons], share), label=label)
            html = f'<div class="cw-contents-ruler">{ruler}<small>{escape(label)}</small></div>'
        modules = ''.join(_module_html(place, module, course) for place, module in enumerate(course.modules, 1))
        markup(f'{html}<ol class="cw-contents">{modules}</ol>')


def _summary(course: CourseView) -> str:
    modules = ngettext('{n} module', '{n} modules', len(course.modules))
    return f'{modules}, {ngettext("{n} lesson", "{n} lessons", len(course.lessons))}, {duration(course.minutes)}'


def _module_html(place: int, module: ModuleView, course: CourseView) -> str:
    lessons = ''.join(_lesson_html(lesson, course) for lesson in module.lessons)
    return (
        f'<li><h3><span>{place}. {escape(module.title)}</span><small>{escape(duration(module.minutes))}</small></h3>'
        f'<ul>{lessons}</ul></li>'
    )


def _lesson_html(lesson: LessonView, course: CourseView) -> str:
    blocks = ngettext('{n} block', '{n} blocks', len(lesson.blocks)) if lesson.blocks else _('empty')
    return (
        f'<li><small>{escape(lesson.number)}</small>'
        f'<a class="cw-cut" href="/learn/{course.id}/{lesson.id}">{escape(lesson.title)}</a>'
        f'<small>{escape(blocks)}</small><small>{escape(duration(lesson.minutes))}</small></li>'
    )
