"""A valid draft made from the passages in a prompt, so that every quote in it can be verified."""

import json
import re
from typing import Any


def prompt_of(body: dict[str, Any]) -> str:
    turns = body.get('messages') or body.get('input') or []
    if isinstance(turns, str):
        return turns
    users = [turn['content'] for turn in turns if turn.get('role') == 'user']
    first = users[0] if users else ''
    return first if isinstance(first, str) else ''.join(part.get('text', '') for part in first)


def kind_of(body: dict[str, Any]) -> str:
    """'outline', 'lesson' or 'block', from the schema asked for and the prompt."""
    chat = body.get('response_format', {}).get('json_schema', {}).get('schema')
    schema = (
        chat
        or (body.get('output_config') or {}).get('format', {}).get('schema')
        or (body.get('text') or {}).get('format', {}).get('schema')
        or {}
    )
    if 'modules' in schema.get('properties', {}):
        return 'outline'
    if 'texts' in schema.get('properties', {}):
        return 'translation'
    if 'say' in schema.get('properties', {}):
        return 'answer'
    return 'block' if '<sent_back type="' in prompt_of(body) else 'lesson'


def draft_for(body: dict[str, Any]) -> dict[str, Any]:
    """A valid draft of the kind asked for, from the passages in the prompt."""
    prompt = prompt_of(body)
    passages = [
        (int(number), heading, _sentences(text, heading))
        for number, heading, text in re.findall(
            r'<passage number="(\d+)"[^>]*heading="([^"]*)"[^>]*>\n(.*?)\n</passage>', prompt, re.S
        )
    ]
    passages = [one for one in passages if one[2]]
    kind = kind_of(body)
    if kind == 'translation':
        texts = json.loads(re.search(r'<passages>\n(.*)\n</passages>', prompt, re.S)[1])  # type: ignore[index]
        return {'texts': [f'Ü {text}' for text in texts]}
    if kind == 'answer':
        cites = [{'passage': passages[0][0], 'quote': passages[0][2][0]}] if passages else []
        return {'say': 'The sources say so.', 'cites': cites, 'changes': []}
    if kind == 'outline':
        return _outline(prompt, passages)
    if kind == 'block':
        wanted = re.search(r'<sent_back type="(\w+)"', prompt)
        blocks = _blocks(passages, note='rewritten')
        return {'blocks': [next(block for block in blocks if wanted and block['type'] == wanted[1])]}
    if asked := re.search(r'^- Write \d+ (text|slides|questions)', prompt, re.M):
        type = {'text': 'text', 'slides': 'slide', 'questions': 'question'}[asked[1]]
        return {'blocks': [block for block in _blocks(passages, note='part') if block['type'] == type]}
    return {'blocks': _blocks(passages, note=(re.search(r'^Lesson: (.*)$', prompt, re.M) or ['', 'lesson'])[1])}


def _sentences(text: str, heading: str) -> list[str]:
    headings = {part.strip().casefold() for part in heading.split(' › ')}
    found = [one.strip() for one in re.findall(r'[A-ZÄÖÜ0-9][^.!?\n]{15,300}[.!?](?=\s|$)', text)]
    return [one for one in found if one.casefold() not in headings] or ([text.strip()[:120]] if text.strip() else [])


def _outline(prompt: str, passages: list[tuple[int, str, list[str]]]) -> dict[str, Any]:
    total = int((re.search(r'Minutes in total: (\d+)', prompt) or ['', '60'])[1])
    title = (re.search(r'^Title: (.*)$', prompt, re.M) or ['', 'Course'])[1]
    comment = re.search(r'<comment>\n(.*?)\n</comment>', prompt, re.S)
    most = max(1, min(12, total // 10))
    size = -(-len(passages) // most) or 1
    groups = [passages[i : i + size] for i in range(0, len(passages), size)]
    lessons = []
    for i, group in enumerate(groups):
        name = group[0][1].split(' › ')[-1] or f'Part {i + 1}'
        minutes = total // len(groups) + (total % len(groups) if i == 0 else 0)
        lessons.append(
            {
                'title': f'{i + 1} {name}' if i else name,
                'objectives': [f'Explain: {group[0][2][0][:80]}'],
                'minutes': minutes,
                'passages': [one[0] for one in group],
            }
        )
    half = max(1, -(-len(lessons) // 3))
    modules = [
        {'title': f'Module {i // half + 1}', 'objectives': ['Explain the module'], 'lessons': lessons[i : i + half]}
        for i in range(0, len(lessons), half)
    ]
    answer = f'Changed because of: {comment[1][:80]}' if comment else ''
    return {
        'title': title,
        'summary': f'About {title}.',
        'objectives': ['Explain the subject'],
        'modules': modules,
        'answer': answer,
    }


def _blocks(passages: list[tuple[int, str, list[str]]], *, note: str) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    for number, _, sentences in passages[:3]:
        said = ' '.join(sentences[:3]).replace('&', '&amp;').replace('<', '&lt;')
        blocks.append(
            {
                'type': 'text',
                'html': f'<p>{said}</p><p><em>{note}</em></p>',
                'citations': [{'passage': number, 'quote': one} for one in sentences[:3]],
            }
        )
    number, _, sentences = passages[0]
    cited = [{'passage': number, 'quote': sentences[0]}]
    blocks.append(
        {
            'type': 'slide',
            'title': f'Slide: {note}',
            'bullets': [one[:70] for one in sentences[:4]],
            'notes': ' '.join(sentences[:4]),
            'citations': cited,
        }
    )
    question = {
        'type': 'question',
        'options': [],
        'accepted': [],
        'explanation': f'The source says: {sentences[0]}',
        'citations': cited,
    }
    blocks += [
        {
            **question,
            'kind': 'single',
            'prompt': f'{note}: what does the source say?',
            'options': [{'text': sentences[0], 'correct': True}, {'text': 'Nothing at all', 'correct': False}],
        },
        {
            **question,
            'kind': 'multiple',
            'prompt': f'{note}: which are right?',
            'options': [
                {'text': sentences[0], 'correct': True},
                {'text': f'{sentences[-1]} ', 'correct': True}
                if len(sentences) > 1
                else {'text': 'It stands in the source', 'correct': True},
                {'text': 'None of these', 'correct': False},
            ],
        },
        {
            **question,
            'kind': 'true_false',
            'prompt': sentences[0],
            'options': [{'text': 'True', 'correct': True}, {'text': 'False', 'correct': False}],
        },
        {
            **question,
            'kind': 'short',
            'prompt': f'{note}: what is the first word?',
            'accepted': [sentences[0].split()[0]],
        },
    ]
    return blocks
