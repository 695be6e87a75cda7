"""What a block may say: checked and cleaned before it is stored, whoever wrote it."""

from typing import Any

from pydantic import ValidationError

from services.errors import InvalidInput
from services.generation.drafts import QuestionDraft
from services.generation.labs import files_of, lab_fault
from services.richtext import LONGEST, plain_text, sanitise


def checked_content(type: str, content: dict[str, Any]) -> dict[str, Any]:
    """The content as it may be stored, or InvalidInput that says what is missing."""
    if type == 'text':
        html = sanitise(str(content.get('html', '')))
        if len(html) > LONGEST:
            raise InvalidInput(
                'This text has {length} characters, and a block takes {most}. Divide it into several blocks.',
                length=len(html),
                most=LONGEST,
            )
        if not plain_text(html).strip() and '<img' not in html:
            raise InvalidInput('A text needs words. Write something, or remove the block.')
        return {'html': html}
    if type == 'slide':
        bullets = [str(bullet).strip() for bullet in content.get('bullets', []) if str(bullet).strip()]
        title = str(content.get('title', '')).strip()
        if not title or not bullets:
            raise InvalidInput('A slide needs a title and at least one point.')
        return {'title': title, 'bullets': bullets, 'notes': str(content.get('notes', '')).strip()}
    return _checked_lab(content) if type == 'lab' else _checked_question(content)


def _checked_question(content: dict[str, Any]) -> dict[str, Any]:
    options = [
        {
            'id': str(option.get('id') or chr(ord('a') + place)),
            'text': str(option.get('text', '')).strip(),
            'correct': bool(option.get('correct')),
        }
        for place, option in enumerate(content.get('options', []))
    ]
    accepted = [str(answer).strip() for answer in content.get('accepted', []) if str(answer).strip()]
    question = {
        'kind': str(content.get('kind', '')),
        'prompt': str(content.get('prompt', '')).strip(),
        'options': options,
        'accepted': accepted,
        'explanation': str(content.get('explanation', '')).strip(),
    }
    if not question['prompt'] or any(not option['text'] for option in options):
        raise InvalidInput('A question needs a text, and so does every answer.')
    if len({option['id'] for option in options}) != len(options):
        raise InvalidInput('Two answers have the same id. Give each its own.')
    try:
        drafted = [{'text': option['text'], 'correct': option['correct']} for option in options]
        QuestionDraft.model_validate({**question, 'type': 'question', 'options': drafted, 'citations': []})
    except ValidationError as error:
        reason = str(error.errors()[0]['msg']).removeprefix('Value error, ')
        raise InvalidInput('This question cannot be marked: {reason}.', reason=reason) from error
    return question


def _checked_lab(content: dict[str, Any]) -> dict[str, Any]:
    minutes = content.get('minutes')
    lab = {
        'title': str(content.get('title', '')).strip(),
        'task_html': sanitise(str(content.get('task_html', ''))),
        'language': str(content.get('language', '')).strip().lower(),
        **{
            part: [{'path': path.strip(), 'text': _ended(text)} for path, text in files_of(content, part)]
            for part in ('starter', 'solution', 'tests')
        },
        'hints': [str(hint).strip() for hint in content.get('hints') or () if str(hint).strip()],
        'minutes': minutes if isinstance(minutes, int) else 0,
    }
    if fault := lab_fault(lab):
        raise InvalidInput('This exercise cannot be set: {reason}.', reason=fault)
    return lab


def _ended(text: str) -> str:
    """Line ends of one kind, and one at the end: editors and browsers differ, and the hash must not."""
    text = text.replace('\r\n', '\n').replace('\r', '\n')
    return text.rstrip('\n') + '\n' if text.strip() else ''
