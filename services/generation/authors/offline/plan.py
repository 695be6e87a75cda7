"""An outline that can be changed: what reviewers ask for, one method each, answering with what was done."""

from services.generation.authors.offline import minutes
from services.generation.authors.offline.board import Draftboard, Lesson, Module
from services.generation.authors.offline.lessons import nearest
from services.generation.authors.offline.objectives import objectives
from services.generation.authors.offline.wording import depth, wording
from services.generation.authors.offline.words import stems


class Plan(Draftboard):
    def rename(self, what: str, to: str) -> str:
        to = to.strip(' .“”"\'')
        found = self.find(what)
        if found is None:
            if stems(what, 'en') <= stems('course title name', 'en'):
                self.title = to
                return f'The course is now called “{to}”.'
            return _no_such(what)
        old = found.title
        for one in self.called(old) if self.stand_for_each_other(found) else [found]:
            one.title = to
        return f'Renamed “{old}” to “{to}”.'

    def remove(self, what: str) -> str:
        found = self.find(what)
        if found is None:
            return _no_such(what)
        if isinstance(found, Module):
            if len(self.modules) == 1:
                return f'“{found.title}” is the only module, so it stays.'
            self.modules.remove(found)
            return f'Removed the module “{found.title}” with its lessons; its time went to the others.'
        module = self.module_of(found)
        if len(self.lessons()) == 1:
            return f'“{found.title}” is the only lesson, so it stays.'
        module.lessons.remove(found)
        if not module.lessons:
            self.modules.remove(module)
        return f'Removed the lesson “{found.title}”; its time went to the others.'

    def split(self, what: str) -> str:
        found = self.find(what)
        if found is None:
            return _no_such(what)
        lesson = max(found.lessons, key=lambda one: len(one.passages)) if isinstance(found, Module) else found
        return (
            self.cut(lesson) or f'“{lesson.title}” rests on a single passage and cannot be split without repeating it.'
        )

    def merge(self, what: str, other: str) -> str:
        one, two = self.find(what), self.find(other)
        if one is None or two is None:
            return _no_such(what if one is None else other)
        if one is two:
            return f'“{one.title}” is one already.'
        title = self.joined_title(one.title, two.title)
        if isinstance(one, Module) and isinstance(two, Module):
            one.lessons += two.lessons
            one.objectives = list(dict.fromkeys([*one.objectives, *two.objectives]))[:3]
            self.modules.remove(two)
            answer = f'Merged the modules “{one.title}” and “{two.title}”.'
            one.title = title
            return answer
        first = one.lessons[0] if isinstance(one, Module) else one
        second = two.lessons[0] if isinstance(two, Module) else two
        answer = f'Merged the lessons “{first.title}” and “{second.title}”.'
        self.join(first, second)
        return answer

    def move(self, what: str, where: str, other: str) -> str:
        found = self.find(what)
        beside = self.find(other) if other.strip() else None
        if found is None or (where in ('before', 'after', 'vor', 'nach') and beside is None):
            return _no_such(what if found is None else other)
        to_start = where in ('start', 'beginning', 'front', 'top', 'first', 'earlier', 'before', 'vor')
        if isinstance(found, Lesson):
            home = self.module_of(found)
            target = (
                self.module_of(beside) if isinstance(beside, Lesson) else beside if isinstance(beside, Module) else home
            )
            if beside is None and where in ('first', 'start', 'beginning', 'front', 'top'):
                target = self.modules[0]
            home.lessons.remove(found)
            index = (
                target.lessons.index(beside) + (not to_start)
                if isinstance(beside, Lesson)
                else 0
                if to_start
                else len(target.lessons)
            )
            target.lessons.insert(index, found)
            if not home.lessons:
                self.modules.remove(home)
        else:
            self.modules.remove(found)
            anchor = self.module_of(beside) if isinstance(beside, Lesson) else beside
            place = (
                self.modules.index(anchor) + (not to_start)
                if anchor in self.modules and anchor is not None
                else 0
                if to_start
                else len(self.modules)
            )
            self.modules.insert(place, found)
        whither = f'{where} “{beside.title}”' if beside else 'to the start' if to_start else 'to the end'
        return f'Moved “{found.title}” {whither}.'

    def fewer(self, *, modules: bool, count: int | None) -> str:
        """The hours stay as the brief asks: shorter means fewer and fuller lessons."""
        before = len(self.modules) if modules else len(self.lessons())
        if count is not None and count >= before:
            return f'There are {before} {"modules" if modules else "lessons"}, so nothing had to be merged.'
        least = 1 if modules else -(-minutes.asked(self.brief.hours) // minutes.MOST)
        target = max(least, min(before - 1, count if count is not None else round(before * 0.7)))
        if target >= before or before == 1:
            return 'The outline is as short as the hours of the brief allow: a lesson lasts an hour at most.'
        while (len(self.modules) if modules else len(self.lessons())) > target:
            if modules:
                i = min(
                    range(len(self.modules) - 1),
                    key=lambda i: len(self.modules[i].lessons) + len(self.modules[i + 1].lessons),
                )
                self.merge_modules(i)
            else:
                self.join(*self.shortest_neighbours())
        what = 'modules' if modules else 'lessons'
        return (
            f'Merged the shortest {what}: {target} instead of '
            f'{before}. The {self.brief.hours:g} hours of the brief '
            f'are kept.'
        )

    def more_lessons(self) -> str:
        before = len(self.lessons())
        for lesson in sorted(self.lessons(), key=lambda one: -one.minutes)[: max(1, before // 3)]:
            if lesson.minutes >= 2 * minutes.STEP:
                self.cut(lesson)
        after = len(self.lessons())
        return (
            f'Split the longest lessons: {after} instead of {before}.'
            if after > before
            else 'The sources hold no more material to split the lessons by.'
        )

    def give_time(self, what: str, exactly: int | None, factor: float) -> str:
        found = self.find(what)
        if found is None:
            return _no_such(what)
        mine = found.lessons if isinstance(found, Module) else [found]
        total, now = minutes.asked(self.brief.hours), sum(one.minutes for one in mine)
        rest = [one for one in self.lessons() if one not in mine]
        wanted = min(exactly or round(now * factor / 5) * 5, minutes.MOST * len(mine), total - minutes.STEP * len(rest))
        wanted = max(wanted, minutes.STEP * len(mine))
        if wanted == now or not rest:
            return f'“{found.title}” keeps its {now:g} minutes: the hours of the brief leave no room.'
        for group, share in ((mine, wanted), (rest, total - wanted)):
            for one, length in zip(group, minutes.shared([x.minutes for x in group], int(share)), strict=True):
                one.minutes = length
        return f'“{found.title}” now has {wanted:g} minutes instead of {now:g}; the other lessons give way.'

    def add(self, topic: str, *, objective_only: bool, asked: bool = True) -> str:
        about = stems(topic, self.corpus.language)
        if not about:
            return (
                'The comment names no subject that could be looked up in '
                'the sources; this part of the outline stays as it was.'
            )
        known = {stem for sentence in self.corpus.sentences for stem in sentence.stems} | {
            s for path in self.corpus.sections for part in path for s in stems(part, self.corpus.language)
        }
        found = nearest(self.corpus, topic, limit=4) if len(about & known) >= max(1, len(about) / 2) else []
        found = [n for n in found if self.speaks(n, about)]
        if not found and not asked:
            return (
                'The comment asks for nothing that the sources could answer; this part of the outline stays as it was.'
            )
        if not found:
            return f'The sources say nothing about “{topic}”, so nothing was added. Add a document that covers it.'
        lesson = self.about_which(about)
        heading = self.heading_of(found, about)
        stands_apart = bool(heading) and lesson is not None and set(found) < set(lesson.passages)
        if not objective_only and (lesson is None or stands_apart):
            return self._new_lesson(topic, heading, found, about)
        lesson = lesson or self.holder(found)
        more = [
            o
            for o in objectives(
                self.corpus, found, topic, depth(self.brief.level), limit=2, taken=self.promised(), about=about
            )
            if stems(o, self.corpus.language) & about
        ]
        lesson.passages = sorted({*lesson.passages, *found})
        if not more:
            more = [wording(self.corpus.language).topic[depth(self.brief.level)].format(topic=topic)]
        lesson.objectives = [*lesson.objectives, *more][:5]
        return f'Added to “{lesson.title}”: {_quoted(more)}.'

    def other_objectives(self) -> str:
        taken = self.promised()
        for lesson in self.lessons():
            fresh = objectives(
                self.corpus, lesson.passages, lesson.title, depth(self.brief.level), limit=3, taken=taken
            )
            if len(fresh) >= 2:
                lesson.objectives = fresh
                taken += fresh
        return 'Wrote other objectives where the sources allow it.'

    def _new_lesson(self, topic: str, heading: str, found: list[int], about: frozenset[str]) -> str:
        if len(self.lessons()) + 1 > minutes.asked(self.brief.hours) // minutes.STEP:
            return (
                f'The hours of the brief leave no room for a lesson on '
                f'“{topic}”. Give the course more time or remove a '
                f'lesson.'
            )
        beside = self.holder(found)
        module = self.module_of(beside)
        title = heading or topic[:1].upper() + topic[1:]
        new = objectives(
            self.corpus, found, title, depth(self.brief.level), limit=3, taken=self.promised(), about=about
        )
        length = max(
            minutes.STEP, min(20, round(sum(one.minutes for one in self.lessons()) / len(self.lessons()) / 5) * 5)
        )
        if len(beside.passages) > len(found) and set(found) < set(beside.passages) and heading:
            beside.passages = [n for n in beside.passages if n not in found]
            self.retitle(beside)
        comes_later = min(found) >= min(beside.passages, default=0)
        module.lessons.insert(
            module.lessons.index(beside) + comes_later,
            Lesson(title=title, objectives=new, minutes=length, passages=found),
        )
        return (
            f'Added the lesson “{title}” to “{module.title}”, from '
            f'{len(found)} passage{"s" if len(found) != 1 else ""} of the '
            f'sources.'
        )


def _no_such(what: str) -> str:
    return f'There is no lesson or module called “{what.strip()}”; nothing was changed for it.'


def _quoted(texts: list[str]) -> str:
    return ' and '.join(f'“{text}”' for text in texts)
