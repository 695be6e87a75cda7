"""What a block may say: checked and cleaned before it is stored, whoever wrote it."""

from typing import Any

from pydantic import ValidationError

from services.errors import InvalidInput
from services.generation.drafts import QuestionDraft
from services.richtext import plain_text, sanitise


def checked_content(type: str, content: dict[str, Any]) -> dict[str, Any]:
    """The content as it may be stored, or InvalidInput that says what is missing."""
    if type == 'text':
        html = sanitise(str(content.get('html', '')))
        if not plain_text(html).strip() and '<img' not in html:
            raise InvalidInput('A text needs words. Write something, or remove the block.')
        return {'html': html}
    if type == 'slide':
        bullets = [str(bullet).strip() for bullet in content.get('bullets', []) if str(bullet).strip()]
        title = str(content.get('title', '')).strip()
        if not title or not bullets:
            raise InvalidInput('A slide needs a title and at least one point.')
        return {'title': title, 'bullets': bullets, 'notes': str(content.get('notes', '')).strip()}
    return _checked_question(content)


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
