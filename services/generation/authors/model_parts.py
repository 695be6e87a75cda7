"""What authors that ask a model write besides whole courses: blocks by instruction, parts alone, translations."""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence

from services.generation.authors import prompting_parts
from services.generation.authors.base import Brief, Draft, OnPartial, PartWanted, Passage, Written
from services.generation.authors.prompting import Prompt
from services.generation.drafts import BlockDraft, LessonDraft, LessonPlan, TranslationDraft

_TYPES = {'text': 'text', 'slides': 'slide', 'quiz': 'question', 'lab': 'lab'}
_KEPT = re.compile(r'⟦\d+⟧|</?[a-z][^<>]*>')


class PartAuthor(ABC):
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
        def problem(draft: LessonDraft) -> str:
            fits = len(draft.blocks) == 1 and draft.blocks[0].type == block.type
            return '' if fits else f'exactly one block of the type {block.type} was asked for'

        prompt = prompting_parts.regenerate_prompt(brief, lesson, block, instruction, passages, already_written)
        return await self._write(prompt, LessonDraft, problem, on_partial)

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
        type = _TYPES[wanted.kind]

        def problem(draft: LessonDraft) -> str:
            if any(block.type != type for block in draft.blocks):
                return f'only blocks of the type {type} were asked for'
            missing = set(wanted.kinds) - {block.kind for block in draft.blocks if block.type == 'question'}
            if missing and (not wanted.count or wanted.count >= len(wanted.kinds)):
                return f'questions of the kind {", ".join(sorted(missing))} are missing'
            return ''

        prompt = prompting_parts.part_prompt(brief, lesson, wanted, passages, already_written)
        return await self._write(prompt, LessonDraft, problem, on_partial)

    async def translate(
        self, language: str, texts: Sequence[str], *, on_partial: OnPartial
    ) -> Written[TranslationDraft]:
        def problem(draft: TranslationDraft) -> str:
            if len(draft.texts) != len(texts):
                return f'{len(texts)} texts were given and {len(draft.texts)} came back'
            for place, (old, new) in enumerate(zip(texts, draft.texts, strict=True), 1):
                if Counter(_KEPT.findall(old)) != Counter(_KEPT.findall(new)):
                    return f'text {place} lost or gained a tag or a mark like ⟦1⟧'
                if old.strip() and not new.strip():
                    return f'text {place} came back empty'
            return ''

        return await self._write(
            prompting_parts.translate_prompt(language, texts), TranslationDraft, problem, on_partial
        )

    @abstractmethod
    async def _write(
        self, prompt: Prompt, kind: type[Draft], problem_of: Callable[[Draft], str], on_partial: OnPartial
    ) -> Written[Draft]: ...
