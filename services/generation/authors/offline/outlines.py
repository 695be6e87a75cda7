"""An outline from the headings of the sources and the hours asked for."""

from collections.abc import Callable, Sequence

from services.generation.authors.base import Brief
from services.generation.authors.offline import minutes
from services.generation.authors.offline.goals import course_goals, module_goals
from services.generation.authors.offline.grouping import Part, parts_of
from services.generation.authors.offline.objectives import objectives
from services.generation.authors.offline.reading import Corpus
from services.generation.authors.offline.titles import inside
from services.generation.authors.offline.wording import depth, wording
from services.generation.drafts import LessonPlan, ModulePlan, OutlineDraft


def outline(corpus: Corpus, brief: Brief, on_module: Callable[[OutlineDraft], None]) -> OutlineDraft:
    modules = parts_of(corpus, brief)
    total = minutes.asked(brief.hours)
    lengths = iter(minutes.shared([lesson.weight for module in modules for lesson in module.lessons], total))
    level = depth(brief.level)
    draft = OutlineDraft(
        title=brief.title, summary=_summary(corpus, brief, modules), objectives=[], modules=[], answer=''
    )
    taken: list[str] = []
    for module in modules:
        plans = []
        for lesson in module.lessons:
            found = objectives(corpus, lesson.passages, lesson.title, level, limit=3, taken=taken)
            taken += found
            plans.append(
                LessonPlan(title=lesson.title, objectives=found, minutes=next(lengths), passages=list(lesson.passages))
            )
        own = module_goals(corpus, [n for lesson in module.lessons for n in lesson.passages], module.title, taken)
        taken += own
        draft = draft.model_copy(
            update={'modules': [*draft.modules, ModulePlan(title=module.title, objectives=own, lessons=plans)]}
        )
        on_module(draft)
    return draft.model_copy(update={'objectives': course_goals(corpus, draft, level)})


def _summary(corpus: Corpus, brief: Brief, modules: Sequence[Part]) -> str:
    words = wording(corpus.language)
    purpose, audience = brief.purpose.strip(), brief.audience.strip().rstrip('.')
    topics = _listed([inside(module.title, corpus.casing) for module in modules], words.conjunction)
    template = words.covers_for if audience else words.covers
    covered = template.format(topics=topics, audience=inside(audience, corpus.casing))
    return f'{purpose[0].upper()}{purpose[1:].rstrip(".")}. {covered}' if purpose else covered


def _listed(names: Sequence[str], conjunction: str) -> str:
    """Names that hold an 'and' of their own are set apart by semicolons."""
    if len(names) == 1:
        return names[0]
    if any(f' {conjunction} ' in name for name in names):
        return f'{"; ".join(names[:-1])}; {conjunction} {names[-1]}'
    return f'{", ".join(names[:-1])} {conjunction} {names[-1]}'
