"""What the course is for, and the versions it has had."""

from collections.abc import Sequence

from components.card import card
from components.i18n import _, ngettext, when_html
from components.markup import attributes, escape, markup
from components.status import status_html
from services.courses import CourseView, VersionView


def about_card(course: CourseView) -> None:
    facts = [
        (_('Instructor'), escape(course.instructor)),
        (_('For whom'), escape(course.audience)),
        (_('Level'), escape(course.level)),
        (_('Language'), escape(course.language)),
        (_('Changed'), when_html(course.updated_at or course.created_at)),
    ]
    with card(_('About')):
        summary = course.summary or (course.version.summary if course.version else '')
        if summary:
            markup(escape(summary), tag='p')
        rows = ''.join(f'<dt>{escape(name)}</dt><dd>{value}</dd>' for name, value in facts if value)
        markup(rows, tag='dl', classes='cw-facts')


def versions_card(versions: Sequence[VersionView]) -> None:
    if not versions:
        return
    with card(_('Versions'), padded=False):
        markup(''.join(_version_html(version) for version in versions), tag='ul', classes='cw-plain-rows')


def _version_html(version: VersionView) -> str:
    if version.published_at is not None:
        state, words = 'published', _('by {name}', name=version.published_by)
        moment = when_html(version.published_at)
    elif version.assembled_at is not None:
        state, words, moment = 'passed', _('reviewed'), when_html(version.assembled_at)
    else:
        state = 'in_review'
        words = ngettext('{n} block approved', '{n} blocks approved', version.approved)
        moment = when_html(version.created_at)
    said = _('Ready to publish') if state == 'passed' else None
    over = ''
    if version.overridden:
        count = len(version.overridden)
        text = ngettext(
            'published over {n} finding: “{why}”', 'published over {n} findings: “{why}”', count, why='{why}'
        )
        findings = ' '.join(version.overridden)
        shown = escape(text.replace('{why}', version.override_reason))
        over = f'<small class="cw-warn"{attributes(title=findings)}>{shown}</small>'
    return (
        f'<li><span class="cw-two"><b>{escape(_("Version {number}", number=version.number))}</b>'
        f'<small>{moment}, {escape(words)}</small>{over}</span>{status_html(state, said)}</li>'
    )
