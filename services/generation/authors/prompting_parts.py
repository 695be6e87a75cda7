"""What models are told when they write one block again, a part for itself, or a course in another language."""

import json
from collections.abc import Sequence

from services.generation.authors.base import Brief, PartWanted, Passage
from services.generation.authors.prompting import (
    Prompt,
    _filled,
    _harmless,
    _named_by,
    _numbers,
    _prompt,
    _shown,
    _summarised,
)
from services.generation.drafts import BlockDraft, LessonPlan

_ASKS = {
    'text': 'Write {count} text block(s) of 60 to 180 words each.',
    'slides': 'Write {count} slides: a title that no other slide has, three to five bullets of at most twelve words, '
    'and speaker notes in full sentences.',
    'quiz': 'Write {count} questions of these kinds, each kind at least once where the number allows it: {kinds}. '
    'Wrong options are of the same kind and length as the right ones, tempting for somebody who did not learn, and '
    'clearly wrong by the passages. The explanation says why the right answer is right and quotes the passage. '
    '`accepted` of a short answer lists every spelling a student may use.',
}
_USUAL = {'text': 1, 'slides': 4, 'quiz': 4, 'lab': 1}
_KINDS = ('single', 'multiple', 'true_false', 'short')


def regenerate_prompt(
    brief: Brief,
    lesson: LessonPlan,
    block: BlockDraft,
    instruction: str,
    passages: Sequence[Passage],
    already_written: Sequence[BlockDraft],
) -> Prompt:
    return _prompt(
        'regenerate',
        title=brief.title,
        audience=brief.audience or '-',
        level=brief.level or '-',
        language=brief.language,
        lesson=lesson.title,
        type=block.type,
        block=_harmless(block.model_dump_json(indent=1)),
        instruction=_harmless(instruction),
        already=_summarised(already_written),
        passages=_shown(passages, sorted({*_numbers(lesson, passages), *_named_by(instruction, passages)})),
    )


def part_prompt(
    brief: Brief,
    lesson: LessonPlan,
    wanted: PartWanted,
    passages: Sequence[Passage],
    already_written: Sequence[BlockDraft],
) -> Prompt:
    count = wanted.count or max(_USUAL[wanted.kind], len(wanted.kinds))
    values = {
        'title': brief.title,
        'lesson': lesson.title,
        'audience': brief.audience or '-',
        'level': brief.level or '-',
        'language': brief.language,
        'already': _summarised(already_written),
        'passages': _shown(passages, _numbers(lesson, passages)),
    }
    if wanted.kind == 'lab':
        return _prompt('lab', **values, count=count)
    asks = _ASKS[wanted.kind].format(count=count, kinds=', '.join(wanted.kinds or _KINDS))
    return _prompt('part', **values, asks=asks)


def translate_prompt(language: str, texts: Sequence[str]) -> Prompt:
    prompt = _prompt('translate', language=language, count=len(texts), texts=_harmless(_numbered(texts)))
    return Prompt(system=_filled('translator'), user=prompt.user, version=prompt.version)


def _numbered(texts: Sequence[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False, indent=1)
