"""What the course cites is still there, and still says so in its newest version."""

from services.courses.checks.examined import EXCERPT, Examined
from services.courses.checks.findings import AMBER, Finding
from services.courses.checks.rule import Judged, Rule

_SAYS = {
    'changed': 'The source changed: page {page} of {document} says something else now.',
    'gone': 'The source changed: page {page} of {document} does not say this any more.',
    'removed': '{document}, which this block cites, was removed.',
}
_MEND = {
    'changed': 'Look at what is proposed, or say why the block may stay.',
    'gone': 'Cite another source, or say why the block may stay.',
    'removed': 'Cite another document, or say why the block may stay.',
}


def judge(course: Examined) -> Judged:
    found: list[Finding] = []
    total = 0
    changes = {change.block_id: change for change in reversed(course.around.changed)}
    for block in course.blocks:
        total += bool(block.quotes)
        change = changes.get(block.id)
        if change is not None:
            found.append(
                block.finding(
                    f'source_{change.kind}',
                    _SAYS[change.kind],
                    mend=_MEND[change.kind],
                    severity=AMBER,
                    params={'page': str(change.page), 'document': change.document},
                    said=change.quote[: 2 * EXCERPT],
                    source=change.new_text[: 2 * EXCERPT],
                    excerpt='' if change.new_text else change.quote[:EXCERPT],
                )
            )
            continue
        gone = [
            one
            for one in block.view.sources
            if course.around.documents.get(one.document_id) == 'removed'
            and (block.id, one.document_id) not in course.around.settled
        ]
        if gone:
            found.append(
                block.finding(
                    'source_removed',
                    _SAYS['removed'],
                    mend=_MEND['removed'],
                    severity=AMBER,
                    params={'document': gone[0].document_name, 'page': str(gone[0].page)},
                )
            )
    return Judged(total, found)


RULE = Rule(code='source_changed', title='Sources are as they were cited', judge=judge)
