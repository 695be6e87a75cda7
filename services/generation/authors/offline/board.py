"""An outline laid out so that it can be changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from services.generation.authors.base import Brief
from services.generation.authors.offline import minutes
from services.generation.authors.offline.objectives import objectives
from services.generation.authors.offline.reading import Corpus
from services.generation.authors.offline.titles import joined
from services.generation.authors.offline.wording import depth, wording
from services.generation.authors.offline.words import overlap, stems
from services.generation.drafts import LessonPlan, ModulePlan, OutlineDraft

_LONGEST_TITLE = 120


@dataclass(kw_only=True)
class Lesson:
    title: str
    objectives: list[str]
    minutes: float
    passages: list[int]


@dataclass(kw_only=True)
class Module:
    title: str
    objectives: list[str]
    lessons: list[Lesson] = field(default_factory=list)


class Draftboard:
    """The modules and lessons being changed, how they are found, and how two become one or one two."""

    def __init__(self, corpus: Corpus, brief: Brief, previous: OutlineDraft) -> None:
        self.corpus, self.brief, self.previous = corpus, brief, previous
        self.title = previous.title
        self.modules = [
            Module(
                title=m.title,
                objectives=list(m.objectives),
                lessons=[
                    Lesson(title=p.title, objectives=list(p.objectives), minutes=p.minutes, passages=list(p.passages))
                    for p in m.lessons
                ],
            )
            for m in previous.modules
        ]

    def outline(self, answer: str) -> OutlineDraft:
        total = minutes.asked(self.brief.hours)
        lessons = self.lessons()
        lengths = [round(lesson.minutes) for lesson in lessons]
        if sum(lengths) != total:
            lengths = minutes.shared([lesson.minutes for lesson in lessons], total)
        given = iter(lengths)
        modules = [
            ModulePlan(
                title=m.title,
                objectives=m.objectives,
                lessons=[
                    LessonPlan(title=p.title, objectives=p.objectives, minutes=next(given), passages=p.passages)
                    for p in m.lessons
                ],
            )
            for m in self.modules
        ]
        return self.previous.model_copy(update={'title': self.title, 'modules': modules, 'answer': answer})

    def lessons(self) -> list[Lesson]:
        return [lesson for module in self.modules for lesson in module.lessons]

    def module_of(self, lesson: Lesson) -> Module:
        return next(module for module in self.modules if any(one is lesson for one in module.lessons))

    def promised(self) -> list[str]:
        return [o for m in self.modules for texts in (m.objectives, *(p.objectives for p in m.lessons)) for o in texts]

    def called(self, title: str) -> list[Module | Lesson]:
        every: list[Module | Lesson] = [*self.modules, *self.lessons()]
        return [one for one in every if one.title == title]

    def stand_for_each_other(self, found: Module | Lesson) -> bool:
        """A module and its only lesson that share a title: whoever names one means both."""
        module = found if isinstance(found, Module) else self.module_of(found)
        return len(module.lessons) == 1 and len(self.called(found.title)) == 2 and module.title == found.title

    def find(self, what: str) -> Module | Lesson | None:
        wanted = stems(what, self.corpus.language)
        every: list[Module | Lesson] = [*self.lessons(), *self.modules]
        exact = [one for one in every if one.title.casefold() == what.strip(' .“”"\'').casefold()]
        if exact:
            return (
                exact[-1]
                if len(exact) > 1 and isinstance(exact[-1], Module) and len(exact[-1].lessons) == 1
                else exact[0]
            )
        scored = [
            (len(wanted & stems(one.title, self.corpus.language)) / (len(wanted) or 1), -len(one.title), -i)
            for i, one in enumerate(every)
        ]
        best = max(scored, default=(0.0, 0, 0))
        return every[-best[2]] if best[0] >= 0.5 else None

    def about_which(self, about: frozenset[str]) -> Lesson | None:
        fitting = [
            lesson
            for lesson in self.lessons()
            if (about and about <= stems(lesson.title, self.corpus.language))
            or overlap(about, stems(lesson.title, self.corpus.language)) == 1
        ]
        return fitting[0] if fitting else None

    def holder(self, found: Iterable[int]) -> Lesson:
        wanted = set(found)
        return max(
            self.lessons(),
            key=lambda lesson: (
                len(wanted & set(lesson.passages)),
                -min((abs(a - b) for a in lesson.passages for b in wanted), default=999),
            ),
        )

    def speaks(self, number: int, about: frozenset[str]) -> bool:
        section = self.corpus.sections[number - 1]
        words = {s for sentence in self.corpus.within([number]) for s in sentence.stems} | {
            s for part in section for s in stems(part, self.corpus.language)
        }
        return len(words & about) >= max(1, -(-len(about) * 2 // 3))

    def heading_of(self, found: list[int], about: frozenset[str]) -> str:
        """The heading that names the topic, if all but its own passages are left aside."""
        for number in found:
            section = self.corpus.sections[number - 1]
            if section and overlap(stems(section[-1], self.corpus.language), about) >= 0.5:
                found[:] = [n for n in found if self.corpus.sections[n - 1] == section]
                titles = {lesson.title.casefold() for lesson in self.lessons()}
                return section[-1] if section[-1].casefold() not in titles else ''
        return ''

    def joined_title(self, one: str, other: str) -> str:
        whole = joined([one, other], self.corpus.casing, wording(self.corpus.language).conjunction)
        return whole if len(whole) <= _LONGEST_TITLE else one

    def shortest_neighbours(self) -> tuple[Lesson, Lesson]:
        within = [(a, b) for m in self.modules for a, b in pairwise(m.lessons)]
        lessons = self.lessons()
        return min(within or list(pairwise(lessons)), key=lambda pair: pair[0].minutes + pair[1].minutes)

    def cut(self, lesson: Lesson) -> str:
        if len(lesson.passages) < 2:
            return ''
        module = self.module_of(lesson)
        cuts = range(1, len(lesson.passages))
        section = [self.corpus.sections[n - 1] if n <= len(self.corpus.sections) else () for n in lesson.passages]
        cut = min(cuts, key=lambda k: (section[k] == section[k - 1], abs(k - len(lesson.passages) / 2)))
        halves = [lesson.passages[:cut], lesson.passages[cut:]]
        names = [(section[0] or ('',))[-1], (section[cut] or ('',))[-1]]
        words = wording(self.corpus.language)
        titles = (
            names
            if names[0] != names[1] and all(names)
            else [words.part.format(title=lesson.title, number=k) for k in (1, 2)]
        )
        old = lesson.title
        taken = [o for o in self.promised() if o not in lesson.objectives]
        new = []
        for title, half in zip(titles, halves, strict=True):
            found = objectives(self.corpus, half, title, depth(self.brief.level), limit=3, taken=taken)
            taken += found
            new.append(
                Lesson(title=title, objectives=found, minutes=max(minutes.STEP, lesson.minutes / 2), passages=half)
            )
        i = module.lessons.index(lesson)
        module.lessons[i : i + 1] = new
        return f'Split “{old}” into “{titles[0]}” and “{titles[1]}”.'

    def join(self, first: Lesson, second: Lesson) -> None:
        first.title = self.joined_title(first.title, second.title)
        first.objectives = list(dict.fromkeys([*first.objectives[:2], *second.objectives[:2]]))
        first.passages = sorted({*first.passages, *second.passages})
        first.minutes += second.minutes
        module = self.module_of(second)
        module.lessons.remove(second)
        if not module.lessons:
            self.modules.remove(module)

    def retitle(self, lesson: Lesson) -> None:
        """A lesson that gave up a part is named after what it still holds, if its name spoke of that part."""
        names = list(
            dict.fromkeys(self.corpus.sections[n - 1][-1] for n in lesson.passages if self.corpus.sections[n - 1])
        )
        kept = {s for name in names for s in stems(name, self.corpus.language)}
        if names and len(names) <= 3 and not stems(lesson.title, self.corpus.language) <= kept:
            lesson.title = joined(names, self.corpus.casing, wording(self.corpus.language).conjunction)

    def merge_modules(self, i: int) -> None:
        one, two = self.modules[i], self.modules[i + 1]
        one.title = self.joined_title(one.title, two.title)
        one.lessons += two.lessons
        one.objectives = list(dict.fromkeys([*one.objectives[:2], *two.objectives[:1]]))
        del self.modules[i + 1]
