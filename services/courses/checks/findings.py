"""What a rule says, and what they say together."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.errors import Conflict

RED, AMBER = 'red', 'amber'


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`message` says what, `mend` how to mend it: gettext msgids with places for `params`. Red blocks publishing, amber
    asks to look again.

    `said` and `source` stand beside each other where they differ. `fix` names what one click does about it
    (services.courses.mending) with the sentences it is `about`, `jump` leads to the block.
    """

    code: str
    message: str
    params: dict[str, str] = field(default_factory=dict)
    severity: str = RED
    mend: str = ''
    lesson_id: UUID | None = None
    lesson: str = ''
    block_id: UUID | None = None
    excerpt: str = ''
    said: str = ''
    source: str = ''
    about: tuple[str, ...] = ()
    fix: str = ''
    jump: str = ''

    @property
    def blocks_publishing(self) -> bool:
        return self.severity == RED

    @property
    def sentence(self) -> str:
        return self.message.format(**self.params)

    @property
    def how_to_mend(self) -> str:
        return self.mend.format(**self.params)

    def as_json(self) -> dict[str, Any]:
        return {
            'code': self.code,
            'severity': self.severity,
            'message': self.sentence,
            'mend': self.how_to_mend,
            'lesson_id': str(self.lesson_id) if self.lesson_id else None,
            'lesson': self.lesson,
            'block_id': str(self.block_id) if self.block_id else None,
            'excerpt': self.excerpt,
            'said': self.said,
            'source': self.source,
            'fix': self.fix,
            'jump': self.jump,
        }


@dataclass(frozen=True, kw_only=True)
class Check:
    """A rule and how much of the course keeps it. `title` is a gettext msgid."""

    code: str
    title: str
    passed: int
    total: int


@dataclass(frozen=True, kw_only=True)
class PublishCheck:
    """`origins` counts the blocks by origin: ai, ai_human, human. `seconds` is how long it took."""

    version: str | None
    blocks: int
    approved: int
    origins: dict[str, int]
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    seconds: float = 0.0

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.blocks_publishing)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.blocks_publishing)

    @property
    def may_publish(self) -> bool:
        return not self.blocking


class PublishBlocked(Conflict):
    """`findings` names each thing to mend, with the lesson and block it is in."""

    code = 'publish_blocked'

    def __init__(self, blocking: tuple[Finding, ...]) -> None:
        super().__init__('Mend what the publish check found ({count}), then publish.', count=len(blocking))
        self.findings = [finding.as_json() for finding in blocking]

    def extra(self) -> dict[str, Any]:
        return {'findings': self.findings}
