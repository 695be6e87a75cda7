"""What a rule is: a question to the whole course, and how much of it keeps the rule."""

from collections.abc import Callable
from dataclasses import dataclass

from services.courses.checks.examined import Examined
from services.courses.checks.findings import Finding


@dataclass(frozen=True)
class Judged:
    """`total` is what was looked at; each finding takes one away from what passed, but for those `aside`."""

    total: int
    findings: list[Finding]
    aside: int = 0


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`title` is a gettext msgid: what is true where nothing is found."""

    code: str
    title: str
    judge: Callable[[Examined], Judged]
