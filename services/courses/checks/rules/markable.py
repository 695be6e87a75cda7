"""Every question can be marked: as many right answers as its kind asks for."""

from typing import Any

from pydantic import ValidationError

from services.courses.checks.examined import Examined
from services.courses.checks.rule import Judged, Rule
from services.generation.drafts import QuestionDraft


def judge(course: Examined) -> Judged:
    found = []
    for block in course.questions:
        if reason := question_fault(block.content):
            found.append(
                block.finding(
                    'question_invalid',
                    'This question cannot be marked: {reason}.',
                    mend='Correct its answers.',
                    params={'reason': reason},
                )
            )
    return Judged(len(course.questions), found)


def question_fault(content: dict[str, Any]) -> str:
    """Why the question cannot be marked; empty if it can."""
    try:
        QuestionDraft.model_validate(
            {
                'type': 'question',
                'kind': content.get('kind'),
                'prompt': content.get('prompt'),
                'options': [
                    {'text': option.get('text'), 'correct': option.get('correct')}
                    for option in content.get('options', [])
                ],
                'accepted': content.get('accepted', []),
                'explanation': content.get('explanation', ''),
                'citations': [],
            }
        )
    except ValidationError as error:
        return str(error.errors()[0]['msg']).removeprefix('Value error, ')
    return '' if str(content['prompt']).strip() else 'it asks nothing'


RULE = Rule(code='question_invalid', title='Questions can be marked', judge=judge)
