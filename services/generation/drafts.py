"""What an author hands in: the one schema that every author, offline or model, must satisfy.

Every field is required and nothing else is allowed, so the same JSON schema works with the strict modes of all
providers.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.generation.labs import LANGUAGES, lab_fault

QuestionKind = Literal['single', 'multiple', 'true_false', 'short']


class _Draft(BaseModel):
    model_config = ConfigDict(extra='forbid', frozen=True, str_strip_whitespace=True)


class Citation(_Draft):
    passage: int = Field(description='Number of the passage as shown, counted from 1.')
    quote: str = Field(description='Words copied verbatim from that passage.')


class LessonPlan(_Draft):
    title: str
    objectives: list[str]
    minutes: int
    passages: list[int] = Field(description='Numbers of the passages this lesson is made from.')


class ModulePlan(_Draft):
    title: str
    objectives: list[str]
    lessons: list[LessonPlan]


class OutlineDraft(_Draft):
    title: str
    summary: str
    objectives: list[str]
    modules: list[ModulePlan]
    answer: str = Field(
        description='One sentence on how this draft answers the comment of the reviewer; empty if none.'
    )


class TextDraft(_Draft):
    type: Literal['text']
    html: str = Field(description='Simple HTML: p, h3, ul, ol, li, strong, em, table.')
    citations: list[Citation]


class SlideDraft(_Draft):
    type: Literal['slide']
    title: str
    bullets: list[str]
    notes: str = Field(description='What the teacher says while the slide is shown.')
    citations: list[Citation]


class OptionDraft(_Draft):
    text: str
    correct: bool


class QuestionDraft(_Draft):
    type: Literal['question']
    kind: QuestionKind
    prompt: str
    options: list[OptionDraft] = Field(description='Empty for a short answer; "True" and "False" for true_false.')
    accepted: list[str] = Field(description='Answers that count as right; only for a short answer.')
    explanation: str
    citations: list[Citation]

    @model_validator(mode='after')
    def _can_be_marked(self) -> Self:
        right = sum(option.correct for option in self.options)
        texts = {option.text.casefold() for option in self.options}
        if len(texts) != len(self.options):
            raise ValueError('two options say the same')
        if self.kind == 'short':
            if self.options or not any(self.accepted):
                raise ValueError('a short answer has no options and at least one accepted answer')
        elif self.kind == 'multiple':
            if right < 2 or right == len(self.options):
                raise ValueError('several choices need at least two right options and one wrong one')
        elif right != 1 or len(self.options) < 2:
            raise ValueError('exactly one of two or more options must be right')
        return self


class LabFile(BaseModel):
    """Its text is kept as it is: blanks at the beginning of a line mean something."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    path: str = Field(description='Relative, like main.py or data/table.csv.')
    text: str


class LabDraft(_Draft):
    type: Literal['lab']
    title: str
    task_html: str = Field(description='What to do, in simple HTML: p, h3, ul, ol, li, strong, em, code, pre, table.')
    language: str = Field(description=f'One of: {", ".join(LANGUAGES)}.')
    starter: list[LabFile] = Field(description='What learners begin with. It does not pass the tests.')
    solution: list[LabFile] = Field(description='The same files, finished. Learners never see them.')
    tests: list[LabFile] = Field(description='They pass with the solution and fail with the starter.')
    hints: list[str]
    minutes: int
    citations: list[Citation]

    @model_validator(mode='after')
    def _can_be_set(self) -> Self:
        fault = lab_fault(self.model_dump())
        if fault:
            raise ValueError(fault)
        return self


BlockDraft = Annotated[TextDraft | SlideDraft | QuestionDraft | LabDraft, Field(discriminator='type')]


class LessonDraft(_Draft):
    blocks: list[BlockDraft]

    @model_validator(mode='after')
    def _has_blocks(self) -> Self:
        if not self.blocks:
            raise ValueError('a lesson needs at least one block')
        return self


class TranslationDraft(_Draft):
    texts: list[str] = Field(description='The texts in the other language, as many and in the same order.')


def json_schema(draft: type[BaseModel]) -> dict[str, Any]:
    """The schema as the strict modes of the providers take it: no references out of order, anyOf instead of oneOf."""
    strict = _strict(draft.model_json_schema())
    assert isinstance(strict, dict)
    return strict


def _strict(node: object) -> object:
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    if 'properties' in node:
        properties = {name: _strict(value) for name, value in node['properties'].items()}
        rest = {key: _strict(value) for key, value in node.items() if key not in ('properties', 'title')}
        return {**rest, 'properties': properties, 'required': list(properties), 'additionalProperties': False}
    return {
        ('anyOf' if key == 'oneOf' else key): _strict(value)
        for key, value in node.items()
        if key not in ('discriminator', 'title')
    }
