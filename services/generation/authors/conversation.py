"""What an author hands in when people talk with it about a draft: words, the passages behind them, and changes.

A change is a proposal. Nothing here can approve, publish or call anything: the schema has no words for it.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.generation.drafts import Citation, QuestionDraft, SlideDraft, TextDraft

MOST_CHANGES = 8


class _Part(BaseModel):
    model_config = ConfigDict(extra='forbid', frozen=True, str_strip_whitespace=True)


Drafted = Annotated[TextDraft | SlideDraft | QuestionDraft, Field(discriminator='type')]


class BlockChange(_Part):
    what: Literal['change_block']
    block: int = Field(description='Number of the block as shown.')
    draft: Drafted
    reason: str = Field(description='One short sentence: what changes and why.')


class NewBlock(_Part):
    what: Literal['new_block']
    lesson: str = Field(description='Number of the lesson as shown, like 1.2.')
    draft: Drafted
    reason: str


class OutlineEdit(_Part):
    what: Literal['edit_outline']
    act: Literal['rename', 'move', 'remove', 'add_module', 'add_lesson', 'minutes', 'objectives']
    part: str = Field(description='Number as shown before any change: 2 is a module, 2.1 a lesson. Empty for add_*.')
    to: str = Field(description='move, add_*: the number it gets, like 1 or 2.1. Otherwise empty.')
    title: str = Field(description='rename, add_*: the title. Otherwise empty.')
    minutes: int = Field(description='minutes, add_lesson. Otherwise 0.')
    objectives: list[str] = Field(description='objectives, add_*. Otherwise empty.')
    passages: list[int] = Field(description='add_lesson: numbers of the passages it is made from. Otherwise empty.')


Change = Annotated[BlockChange | NewBlock | OutlineEdit, Field(discriminator='what')]


class AnswerDraft(_Part):
    """`say` comes first, so that it can be read while the rest is being written."""

    say: str = Field(description='Plain text, a few sentences. No HTML, no Markdown, no links.')
    cites: list[Citation] = Field(description='The passages that what you say rests on.')
    changes: list[Change] = Field(description='Only what was asked for; empty if only a question was asked.')
