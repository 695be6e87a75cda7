"""Headings go down one step at a time, and none is empty: a screen reader's table of contents."""

from services.courses.checks.examined import Block, Examined
from services.courses.checks.findings import Finding
from services.courses.checks.rule import Judged, Rule
from services.courses.checks.words import Heading, pieces


def judge(course: Examined) -> Judged:
    found: list[Finding] = []
    for lesson in course.lessons:
        before = 2  # below the lesson's own title a part may begin with either of the upper two
        for block in course.of(lesson):
            fault: Finding | None = None
            for heading in pieces(str(block.content.get('html', ''))).headings:
                fault = fault or _fault(block, heading, before)
                before = heading.level
            if fault:
                found.append(fault)
    return Judged(len(course.lessons), found)


def _fault(block: Block, heading: Heading, before: int) -> Finding | None:
    if not heading.text:
        message = 'A heading is empty.'
        return block.finding('heading_empty', message, mend='Give it words, or take it out.', fix='headings')
    if heading.level > before + 1:
        return block.finding(
            'heading_out_of_order',
            'The heading “{heading}” skips a level.',
            mend='Raise it by one level.',
            params={'heading': heading.text[:80]},
            fix='headings',
        )
    return None


RULE = Rule(code='heading_out_of_order', title='Headings in order', judge=judge)
