"""How the knowledge is used, and how an organisation wants it: figures, the line of quality, whether thumbs teach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.clock import now
from services.errors import InvalidInput
from services.knowledge.collections import COLLECTIONS, COURSE_KNOWLEDGE, INTERACTIONS
from services.viewer import Permission, Viewer
from services.work import Gate
from storage import knowledge as rows
from storage.lookup import findable_lessons

GOOD = 0.5
"""From this score on a question counts as answered (storage/ranking.py says what scores mean)."""
DAYS = 30


@dataclass(frozen=True, kw_only=True)
class CollectionFigures:
    """`queries` are those asked of this collection alone; `hits` are those of them with a good answer. `entries` is
    what came in by itself: lessons that were approved, questions with a thumb up."""

    name: str
    documents: int
    passages: int
    entries: int
    queries: int
    hits: int


@dataclass(frozen=True, kw_only=True)
class Unanswered:
    query: str
    times: int
    best: float


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of the last `days`. `queries` are all that were asked; a hit had an answer of GOOD or better, or a thumb up."""

    days: int
    documents: int
    passages: int
    queries: int
    hits: int
    below_the_line: int
    votes: int
    collections: tuple[CollectionFigures, ...]
    unanswered: tuple[Unanswered, ...]

    @property
    def hit_rate(self) -> float | None:
        return self.hits / self.queries if self.queries else None


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """`quality_line`: documents that score less are passed over. `learns`: whether thumbs change the order."""

    quality_line: int
    learns: bool


class KnowledgeFigures:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def read(self, viewer: Viewer) -> Figures:
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            since = now() - timedelta(days=DAYS)
            kept = {name: (documents, passages) for name, documents, passages in await rows.kept(work.scope)}
            asked = {name: (all_, hits) for name, all_, hits in await rows.asked(work.scope, since=since, good=GOOD)}
            settings = await rows.settings_of(work.scope)
            below = await rows.below_the_line(work.scope, settings.quality_line)
            votes = await rows.votes(work.scope)
            entries = {
                COURSE_KNOWLEDGE: len(await findable_lessons(work.scope, learner=None)),
                INTERACTIONS: sum(vote.value > 0 for vote in votes),
            }
            open_questions = await rows.unanswered(work.scope, since=since, good=GOOD)
        return Figures(
            days=DAYS,
            documents=sum(documents for documents, _ in kept.values()),
            passages=sum(passages for _, passages in kept.values()),
            queries=sum(all_ for all_, _ in asked.values()),
            hits=sum(hits for _, hits in asked.values()),
            below_the_line=len(below),
            votes=len(votes),
            collections=tuple(
                _of(name, kept.get(name, (0, 0)), asked.get(name, (0, 0)), entries.get(name, 0)) for name in COLLECTIONS
            ),
            unanswered=_unanswered(open_questions),
        )

    async def wishes(self, viewer: Viewer) -> Wishes:
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            settings = await rows.settings_of(work.scope)
            return Wishes(quality_line=settings.quality_line, learns=settings.learns)

    async def wish(self, viewer: Viewer, wishes: Wishes) -> Wishes:
        """For all of the organisation."""
        if not 0 <= wishes.quality_line <= 100:
            fault = 'The line lies between 0, where nothing is left out, and 100.'
            raise InvalidInput(fault, fields={'quality_line': fault})
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            settings = await rows.settings_of(work.scope)
            before = {'quality_line': settings.quality_line, 'learns': settings.learns}
            settings.quality_line, settings.learns = wishes.quality_line, wishes.learns
            work.add(settings)
            work.record('knowledge.set', settings, before=before, after=vars(wishes))
            work.changed(f'documents:{work.scope.organization_id}', f'learned:{work.scope.organization_id}')
        return wishes


def _of(name: str, kept: tuple[int, int], asked: tuple[int, int], entries: int) -> CollectionFigures:
    documents, passages = kept
    return CollectionFigures(
        name=name, documents=documents, passages=passages, entries=entries, queries=asked[0], hits=asked[1]
    )


def _unanswered(found: Sequence[tuple[str, int, float]]) -> tuple[Unanswered, ...]:
    return tuple(Unanswered(query=query, times=times, best=best) for query, times, best in found)
