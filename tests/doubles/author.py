"""An author whose every answer is known: it quotes its passages, counts its calls, and does what it is told to."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from services.generation.authors.base import AuthorCannot, Brief, OnPartial, PartWanted, Passage, Written
from services.generation.drafts import (
    BlockDraft,
    Citation,
    LessonDraft,
    LessonPlan,
    ModulePlan,
    OptionDraft,
    OutlineDraft,
    QuestionDraft,
    SlideDraft,
    TextDraft,
    TranslationDraft,
)

OUTLINE = OutlineDraft(title='', summary='', objectives=[], modules=[], answer='')


class ScriptedAuthor:
    """`calls` counts outlines, lessons by title and blocks; `before` runs first and may raise or wait."""

    provider = 'scripted'
    model = 'scripted-1'

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.comments: list[str] = []
        self.quote: Callable[[Passage], str] = lambda passage: passage.text
        self.before: Callable[[str], None] = lambda call: None

    async def outline(
        self,
        brief: Brief,
        passages: Sequence[Passage],
        *,
        previous: OutlineDraft | None,
        comment: str,
        on_partial: OnPartial,
    ) -> Written[OutlineDraft]:
        self._called('outline', comment)
        lessons = [
            LessonPlan(title=f'Lesson {number}', objectives=[_first_words(passage)], minutes=20, passages=[number])
            for number, passage in enumerate(passages, 1)
        ]
        draft = OutlineDraft(
            title=brief.title,
            summary='How to work safely.',
            objectives=[_first_words(passage) for passage in passages[:1]],
            modules=[ModulePlan(title='At the bench', objectives=['Work safely'], lessons=lessons)],
            answer=f'Answered: {comment}' if comment else '',
        )
        on_partial(draft.model_dump())
        return _written(draft)

    async def lesson(
        self,
        brief: Brief,
        outline: OutlineDraft,
        lesson: LessonPlan,
        passages: Sequence[Passage],
        *,
        already_written: Sequence[BlockDraft],
        on_partial: OnPartial,
    ) -> Written[LessonDraft]:
        self._called(lesson.title, '')
        cited = [Citation(passage=1, quote=self.quote(passages[0]))]
        draft = LessonDraft(
            blocks=[
                TextDraft(type='text', html=f'<p>{passages[0].text}</p>', citations=cited),
                SlideDraft(type='slide', title=lesson.title, bullets=['One point'], notes='Say it.', citations=cited),
                QuestionDraft(
                    type='question',
                    kind='single',
                    prompt=f'What does {lesson.title} say?',
                    options=[OptionDraft(text='This', correct=True), OptionDraft(text='That', correct=False)],
                    accepted=[],
                    explanation='The handbook says so.',
                    citations=cited,
                ),
            ]
        )
        on_partial(draft.model_dump())
        return _written(draft)

    async def block(
        self,
        brief: Brief,
        lesson: LessonPlan,
        block: BlockDraft,
        comment: str,
        passages: Sequence[Passage],
        *,
        already_written: Sequence[BlockDraft],
        on_partial: OnPartial,
    ) -> Written[LessonDraft]:
        self._called('block', comment)
        assert isinstance(block, TextDraft), 'tests send texts back'
        rewritten = block.model_copy(update={'html': f'<p>Rewritten: {comment}</p>'})
        return _written(LessonDraft(blocks=[rewritten]))

    async def regenerate(
        self,
        brief: Brief,
        lesson: LessonPlan,
        block: BlockDraft,
        instruction: str,
        passages: Sequence[Passage],
        *,
        already_written: Sequence[BlockDraft],
        on_partial: OnPartial,
    ) -> Written[LessonDraft]:
        self._called('regenerate', instruction)
        if instruction == 'the same':
            return replace(_written(LessonDraft(blocks=[block])), answer='There is nothing to change.')
        words = (
            {'html': f'<p>{instruction}: {passages[0].text}</p>'}
            if isinstance(block, TextDraft)
            else {'title': instruction}
        )
        draft = LessonDraft(blocks=[block.model_copy(update=words)])
        on_partial(draft.model_dump())
        return _written(draft)

    async def part(
        self,
        brief: Brief,
        lesson: LessonPlan,
        wanted: PartWanted,
        passages: Sequence[Passage],
        *,
        already_written: Sequence[BlockDraft],
        on_partial: OnPartial,
    ) -> Written[LessonDraft]:
        self._called('part', wanted.kind)
        if wanted.kind == 'lab':
            raise AuthorCannot('These documents show no code.')
        whole = await self.lesson(
            brief, OUTLINE, lesson, passages, already_written=already_written, on_partial=on_partial
        )
        type = {'text': 'text', 'slides': 'slide', 'quiz': 'question'}[wanted.kind]
        return _written(LessonDraft(blocks=[block for block in whole.draft.blocks if block.type == type]))

    async def translate(
        self, language: str, texts: Sequence[str], *, on_partial: OnPartial
    ) -> Written[TranslationDraft]:
        self._called('translate', language)
        return _written(TranslationDraft(texts=[f'{language}: {text}' for text in texts]))

    def _called(self, call: str, comment: str) -> None:
        self.calls[call] += 1
        self.comments.append(comment)
        self.before(call)


def _written(draft):  # type: ignore[no-untyped-def]
    return Written(
        draft=draft, provider='scripted', model='scripted-1', prompt_version='1', input_tokens=10, output_tokens=20
    )


def _first_words(passage: Passage) -> str:
    return ' '.join(passage.text.split()[:6])
