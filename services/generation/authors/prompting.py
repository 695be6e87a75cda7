"""What models are told. The words stand in versioned files; sources are put in as numbered, delimited data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template

from services.generation.authors.base import Brief, Passage
from services.generation.authors.offline import minutes
from services.generation.authors.offline.words import stems
from services.generation.drafts import (
    BlockDraft,
    LabDraft,
    LessonPlan,
    OutlineDraft,
    QuestionDraft,
    SlideDraft,
    TextDraft,
)

VERSION = 'v1'
_FOLDER = Path(__file__).parent.parent / 'prompts'
_MOST_SOURCE_CHARACTERS = 320_000
_LEAST_EXCERPT = 200
_MOST_BACKGROUND = 12


@dataclass(frozen=True, kw_only=True)
class Prompt:
    system: str
    user: str
    version: str


def outline_prompt(brief: Brief, passages: Sequence[Passage], previous: OutlineDraft | None, comment: str) -> Prompt:
    revision = ''
    if previous is not None and comment.strip():
        revision = _filled(
            'revision',
            previous=_harmless(previous.model_dump_json(indent=1, exclude={'answer'})),
            comment=_harmless(comment),
        )
    return _prompt(
        'outline',
        title=brief.title,
        purpose=brief.purpose or '-',
        audience=brief.audience or '-',
        level=brief.level or '-',
        language=brief.language,
        minutes=minutes.asked(brief.hours),
        revision=revision,
        passages=_shown(passages, range(1, len(passages) + 1)),
    )


def lesson_prompt(
    brief: Brief,
    outline: OutlineDraft,
    lesson: LessonPlan,
    passages: Sequence[Passage],
    already_written: Sequence[BlockDraft],
) -> Prompt:
    prompt = _prompt(
        'lesson',
        title=outline.title,
        audience=brief.audience or '-',
        level=brief.level or '-',
        language=brief.language,
        lesson=lesson.title,
        minutes=lesson.minutes,
        objectives='\n'.join(f'- {objective}' for objective in lesson.objectives) or '-',
        outline='\n'.join(f'{m.title}: {"; ".join(one.title for one in m.lessons)}' for m in outline.modules),
        already=_summarised(already_written),
        passages=_shown(passages, _numbers(lesson, passages)),
    )
    return taught(prompt, brief)


def block_prompt(
    brief: Brief,
    lesson: LessonPlan,
    block: BlockDraft,
    comment: str,
    passages: Sequence[Passage],
    already_written: Sequence[BlockDraft],
) -> Prompt:
    prompt = _prompt(
        'block',
        title=brief.title,
        audience=brief.audience or '-',
        level=brief.level or '-',
        language=brief.language,
        lesson=lesson.title,
        type=block.type,
        block=_harmless(block.model_dump_json(indent=1)),
        comment=_harmless(comment),
        already=_summarised(already_written),
        passages=_shown(passages, sorted({*_numbers(lesson, passages), *_named_by(comment, passages)})),
    )
    return taught(prompt, brief)


def chat_prompt(
    brief: Brief, *, stage: str, draft: str, said_before: str, asked: str, looking_at: str, passages: Sequence[Passage]
) -> Prompt:
    """`draft` is the draft with its parts numbered; `said_before` the last of the conversation, a line each."""
    return _prompt(
        'chat',
        title=brief.title,
        audience=brief.audience or '-',
        level=brief.level or '-',
        language=brief.language,
        stage=stage,
        looking_at=looking_at or '-',
        draft=_harmless(draft),
        said_before=_harmless(said_before) or '-',
        asked=_harmless(asked),
        passages=_shown(passages, range(1, len(passages) + 1)),
    )


def taught(prompt: Prompt, brief: Brief) -> Prompt:
    """With what the organisation approved lately, if there is any."""
    if not brief.examples:
        return prompt
    shown = '\n'.join(
        f'<example type="{_attribute(kind)}" lesson="{_attribute(lesson)}">\n{_harmless(text)}\n</example>'
        for kind, lesson, text in brief.examples
    )
    user = f'{prompt.user}\n\n{_filled("examples", examples=shown)}'
    return Prompt(system=prompt.system, user=user, version=f'{prompt.version}+examples.{VERSION}')


def repair_message(problem: str) -> str:
    return _filled('repair', problem=problem[:1500])


def _prompt(name: str, **values: object) -> Prompt:
    return Prompt(system=_filled('system'), user=_filled(name, **values), version=f'{name}.{VERSION}')


def _filled(name: str, **values: object) -> str:
    """Substituted once: a `$` within a value stays what it is."""
    return _template(name).substitute(_texts(values))


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


@lru_cache
def _template(name: str) -> Template:
    return Template((_FOLDER / f'{name}.{VERSION}.md').read_text(encoding='utf-8'))


def _shown(passages: Sequence[Passage], numbers: Sequence[int]) -> str:
    """Numbered passages, each cut evenly when all together are more than a model should read at once."""
    total = sum(len(passages[number - 1].text) for number in numbers)
    most = (
        max(_LEAST_EXCERPT, _MOST_SOURCE_CHARACTERS // max(1, len(numbers)))
        if total > _MOST_SOURCE_CHARACTERS
        else total
    )
    return '\n'.join(_passage(number, passages[number - 1], most) for number in numbers)


def _passage(number: int, passage: Passage, most: int) -> str:
    text = passage.text if len(passage.text) <= most else passage.text[:most].rsplit(' ', 1)[0]
    attributes = (
        f'document="{_attribute(passage.document_name)}" page="{passage.page}" heading="{_attribute(passage.heading)}"'
    )
    return f'<passage number="{number}" {attributes}>\n{_harmless(text)}\n</passage>'


_DELIMITERS = re.compile(
    r'<(?=\s*/?\s*(?:passages?|examples?|previous_outline|comment|sent_back|already_written|draft|said_before|asked)\b)',
    re.I,
)


def _harmless(text: str) -> str:
    """A source cannot close the element it stands in."""
    return _DELIMITERS.sub('‹', text)


def _attribute(text: str) -> str:
    return re.sub(r'[\x00-\x1f"<>]+', ' ', text)[:200]


def _numbers(lesson: LessonPlan, passages: Sequence[Passage]) -> list[int]:
    """The lesson's own passages, and the others too where they are few: then they were chosen for it."""
    valid = [number for number in dict.fromkeys(lesson.passages) if 1 <= number <= len(passages)]
    few_others = len(passages) - len(valid) <= _MOST_BACKGROUND
    return list(range(1, len(passages) + 1)) if few_others or not valid else valid


def _named_by(comment: str, passages: Sequence[Passage], limit: int = 4) -> list[int]:
    """Passages outside the lesson that share most words with the comment."""
    wanted = stems(comment, 'en')
    scores = [
        (len(wanted & stems(f'{passage.heading} {passage.text}', 'en')), -number)
        for number, passage in enumerate(passages, 1)
    ]
    return [-place for score, place in sorted(scores, reverse=True)[:limit] if score >= 2]


def _summarised(already_written: Sequence[BlockDraft]) -> str:
    return '\n'.join(_harmless(_in_short(block)) for block in already_written) or '-'


def _in_short(block: BlockDraft) -> str:
    match block:
        case TextDraft():
            return 'text: ' + re.sub(r'\s+', ' ', re.sub(r'<[^>]+>', ' ', block.html)).strip()[:160]
        case SlideDraft():
            return f'slide: {block.title}'
        case QuestionDraft():
            return f'question: {block.prompt}'
        case LabDraft():
            return f'lab: {block.title}'
