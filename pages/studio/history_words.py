"""The history of a draft in words."""

from collections.abc import Mapping
from typing import Any

from components.i18n import _, ngettext


def deed(type: str, payload: Mapping[str, Any], count: int) -> str:
    """What follows a name: 'approved the outline'; `count` times in a row."""
    return {
        'workflow.created': _('began the course'),
        'outline.drafted': _('finished draft {number} of the outline', number=payload.get('draft', 1)),
        'outline.edited': ngettext('edited the outline', 'edited the outline {n} times', count),
        'outline.rejected': _('sent the outline back'),
        'outline.approved': _('approved the outline'),
        'outline.approved_by_one': _('approved the outline, as the first of two'),
        'lesson.written': _('finished the lesson “{title}”', title=payload.get('title', '')),
        'content.drafted': _('finished the lessons'),
        'content.rejected': _('asked for the blocks that were sent back to be written again'),
        'content.approved': _('approved the lessons'),
        'content.approved_by_one': _('approved the lessons, as the first of two'),
        'block.edited': ngettext('edited a block', 'edited blocks {n} times', count),
        'block.added': _('added a block'),
        'block.removed': _('removed a block'),
        'block.restored': _('brought a block back'),
        'block.approved_by_one': ngettext(
            'approved a block, as the first of two', 'approved {n} blocks, as the first of two', count
        ),
        'block.approved': ngettext('approved a block', 'approved {n} blocks', count),
        'block.sent_back': _('sent a block back'),
        'block.reopened': _('opened a block again'),
        'block.rewritten': ngettext('wrote a block again', 'wrote {n} blocks again', count),
        'block.dropped': _('left a block out that could not be used'),
        'thread.opened': ngettext('commented on the draft', 'commented on the draft {n} times', count),
        'thread.resolved': ngettext('resolved a thread', 'resolved {n} threads', count),
        'thread.reopened': _('opened a thread again'),
        'course.translated': _('translated the course from “{title}”', title=payload.get('title', '')),
        'assembly.finished': _('assembled the course'),
        'export.finished': _('made the proof copies'),
        'phase.failed': _('could not go on: {reason}', reason=payload.get('reason', '')),
        'phase.waits': _('waits for the model: {reason}', reason=payload.get('reason', '')),
        'phase.tried': _('had the model tried at once'),
        'phase.stopped': _('stopped the writing'),
        'phase.restarted': _('went on writing'),
    }.get(type, type.replace('.', ' ').replace('_', ' '))
