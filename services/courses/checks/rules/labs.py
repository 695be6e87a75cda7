"""Labs are whole: a task, a starter that is not yet the solution, and tests that look at something.

They are run in the labs themselves; this reads what can be seen without.
"""

import ast

from services.courses.checks.examined import Block, Examined
from services.courses.checks.findings import Finding
from services.courses.checks.rule import Judged, Rule


def judge(course: Examined) -> Judged:
    labs = [block for block in course.blocks if block.type == 'lab']
    return Judged(len(labs), [finding for block in labs if (finding := _fault(block))])


def _fault(block: Block) -> Finding | None:
    content = block.content
    starter, solution, tests = (str(content.get(name, '') or '').strip() for name in ('starter', 'solution', 'tests'))
    if not solution:
        return block.finding('lab_without_solution', 'This lab has no solution.', mend='Write one that passes.')
    if not tests:
        message = 'This lab has no tests: whatever is handed in passes.'
        return block.finding('lab_without_tests', message, mend='Write a test that the starter fails.')
    if starter == solution:
        message = 'The starter of this lab is its solution.'
        return block.finding('lab_is_solved', message, mend='Take out of the starter what learners are to write.')
    if str(content.get('language', 'python')).lower() == 'python':
        for name, code in (('starter', starter), ('solution', solution), ('tests', tests)):
            if fault := _syntax(code):
                return block.finding(
                    'lab_does_not_parse',
                    'The {part} of this lab cannot be run: {fault}.',
                    mend='Correct it.',
                    params={'part': name, 'fault': fault},
                )
        if 'assert' not in tests:
            message = 'The tests of this lab look at nothing.'
            return block.finding('lab_without_tests', message, mend='Assert what the solution has to give.')
    return None


def _syntax(code: str) -> str:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError) as error:
        return f'line {getattr(error, "lineno", None) or 1}: {getattr(error, "msg", error)}'
    return ''


RULE = Rule(code='lab_unsound', title='Labs are whole', judge=judge)
