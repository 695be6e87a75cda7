"""What the course promises is taught, and asked.

An objective is taught where half of its words that carry meaning stand in one block, or three in four of them in the
lesson; it is asked where that holds for the questions and what they cite, or where a question cites the very
paragraph that teaches it.
"""

import re
from collections.abc import Iterable, Sequence

from services.courses.checks.examined import EXCERPT, Block, Examined, where
from services.courses.checks.findings import AMBER, RED, Finding
from services.courses.checks.rule import Judged, Rule
from services.courses.checks.words import sentence, share
from services.courses.views import LessonView, SourceView

_IN_ONE, _IN_ALL = 0.5, 0.75
# Verbs that say how well it is known, not what.
_VERBS = re.compile(
    r'^(?:(?:explain|describe|list|recall|state|carry out|decide|use|name|identify|apply|define|compare|tell|give|know'
    r'|understand|demonstrate|perform|recognise|recognize|summarise|summarize|choose|select|work out|point out|learn'
    r'|erklären|beschreiben|nennen|anwenden|erkennen)\b\s*)(?:(?:why|how|what|when|where|which|who|that)\b\s*)?'
    r'|\b(?:in your own words|step by step|in the right order|correctly|the (?:\w+ )?steps of'
    r'|the times? (?:and \w+ )?for|mit eigenen worten|is|are)\b',
    re.I,
)


# 'State the key figures of the course from memory' says nothing that could be looked for.
_OF_ANY_COURSE = frozenset().union(
    sentence('key figures facts course lesson memory topic rules overview basics', 'en').stems,
    sentence('wichtigsten Zahlen Kurses Lektion auswendig nennen Regeln Überblick', 'de').stems,
)


def judge(course: Examined) -> Judged:
    found, total = [], 0
    promised: list[frozenset[str]] = []
    for lesson in course.lessons:
        blocks = list(course.of(lesson))
        for number, objective in enumerate(lesson.objectives, 1):
            total += 1
            promised.append(_stems(objective, course))
            finding = _judge(objective, number, course, blocks, course.questions, **where(lesson))
            if finding and not (_names(promised[-1], lesson, course) and _is_met(blocks, finding)):
                found.append(finding)
    for number, objective in enumerate(course.objectives, 1):
        total += 1
        stems = _stems(objective, course)
        if stems in promised:
            continue  # said of the lesson already
        if finding := _judge(objective, number, course, course.blocks, course.questions):
            found.append(finding)
    return Judged(total, found)


def _judge(
    objective: str,
    number: int,
    course: Examined,
    blocks: Sequence[Block],
    questions: Sequence[Block],
    **place: object,
) -> Finding | None:
    stems = _stems(objective, course)
    if not stems:
        return None
    teaching = [block for block in blocks if block.type != 'question']
    details = {'params': {'objective': objective[:EXCERPT], 'number': str(number)}, **place}
    taught = _covers(stems, (block.stems | block.quoted_stems for block in teaching))
    asked = _covers(stems, (block.stems | block.quoted_stems for block in questions)) or _cited(
        stems, teaching, questions
    )
    if not taught:
        return Finding(
            code='objective_not_covered' if not asked else 'objective_only_asked',
            message='Objective “{objective}” is not taught, nor asked.' if not asked else
            'Objective “{objective}” is asked, but not taught.',
            mend='Write about it, or take the objective out.',
            severity=AMBER if asked else RED,
            **details,  # type: ignore[arg-type]
        )  # fmt: skip
    if not asked and course.questions:
        return Finding(
            code='objective_without_question',
            message='Objective “{objective}” has no question.',
            mend='It is taught but never asked. Add a question.',
            severity=AMBER,
            **details,  # type: ignore[arg-type]
        )
    return None


def _covers(stems: frozenset[str], parts: Iterable[frozenset[str]]) -> bool:
    every: set[str] = set()
    for part in parts:
        if share(stems, part) >= _IN_ONE:
            return True
        every |= part
    return share(stems, every) >= _IN_ALL


def _names(stems: frozenset[str], lesson: LessonView, course: Examined) -> bool:
    return stems <= sentence(lesson.title, course.language).stems


def _is_met(blocks: Sequence[Block], finding: Finding) -> bool:
    """What merely names its lesson ('Describe the introduction') is taught by what the lesson teaches, and asked by
    whatever it asks."""
    wanted = 'question' if finding.severity == AMBER else 'text'
    return any(block.type == wanted for block in blocks)


def _cited(stems: frozenset[str], teaching: Sequence[Block], questions: Sequence[Block]) -> bool:
    spans = [
        source
        for block in teaching
        for source in block.view.sources
        if share(stems, sentence(source.quote, block.language).stems) >= _IN_ONE
    ]
    return any(_overlap(span, cited) for span in spans for block in questions for cited in block.view.sources)


def _overlap(one: SourceView, other: SourceView) -> bool:
    same_page = (one.document_id, one.page) == (other.document_id, other.page)
    return same_page and one.start < other.end and other.start < one.end


def _stems(objective: str, course: Examined) -> frozenset[str]:
    return sentence(_VERBS.sub('', objective) or objective, course.language).stems - _OF_ANY_COURSE


RULE = Rule(code='objective_not_covered', title='Objectives taught and asked', judge=judge)
