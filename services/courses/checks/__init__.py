"""What must be true of a version before anyone learns from it: findings with the place and the way to mend each."""

import asyncio
import time
from collections import Counter

from services.courses.checks.examined import ChangedSource, Examined, Link, Own, Pages, Surroundings
from services.courses.checks.findings import AMBER, RED, Check, Finding, PublishBlocked, PublishCheck
from services.courses.checks.rules import RULES
from services.courses.views import ModuleView

__all__ = [
    'AMBER',
    'RED',
    'ChangedSource',
    'Check',
    'Finding',
    'Link',
    'Own',
    'Pages',
    'PublishBlocked',
    'PublishCheck',
    'Surroundings',
    'publish_check',
]


async def publish_check(
    number: str | None,
    state: str,
    modules: tuple[ModuleView, ...],
    around: Surroundings,
    *,
    objectives: tuple[str, ...] = (),
) -> PublishCheck:
    """Asks every rule, in a thread: a course has hundreds of blocks."""
    lessons = tuple(lesson for module in modules for lesson in module.lessons)
    course = Examined(state=state, objectives=objectives, lessons=lessons, around=around)
    return await asyncio.to_thread(_judged, number, course)


def _judged(number: str | None, course: Examined) -> PublishCheck:
    began = time.perf_counter()
    findings: list[Finding] = []
    checks: list[Check] = []
    for rule in RULES:
        judged = rule.judge(course)
        findings += judged.findings
        if judged.total:
            passed = max(0, judged.total - len(judged.findings) + judged.aside)
            checks.append(Check(code=rule.code, title=rule.title, passed=passed, total=judged.total))
    return PublishCheck(
        version=number,
        blocks=len(course.blocks),
        approved=sum(block.view.approved for block in course.blocks),
        origins={'ai': 0, 'ai_human': 0, 'human': 0} | Counter(block.view.origin for block in course.blocks),
        findings=tuple(findings),
        checks=tuple(checks),
        seconds=time.perf_counter() - began,
    )
