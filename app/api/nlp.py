"""Language: words and sentences, terms, mood, intent, what a search means; and the glossary of a course."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.language.glossary import SourceOfTerm
from services.language.service import LONGEST_TEXT
from services.platform import Services
from services.viewer import Viewer


class TextIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    text: str = Field(description=f'at most {LONGEST_TEXT:,} characters')


class TokenRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    text: str
    start: int
    end: int
    stem: str
    small: bool = Field(description='carries no meaning of its own')


class Tokens(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    language: str = Field(description='a code like en; empty where it cannot be told')
    tokens: list[TokenRead]
    sentences: list[tuple[int, int]] = Field(description='first character and the one after the last')


class TermFound(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    term: str
    definition: str
    found: Literal['defined', 'acronym', 'name']
    count: int


class Entities(BaseModel):
    entities: list[TermFound]


class SentimentRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    mood: Literal['positive', 'neutral', 'negative']
    score: float = Field(description='-1 to 1')
    stuck: bool = Field(description='says that they do not get on')
    weak: Literal[True] = Field(description='a sign, never a judgement')


class IntentRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str = Field(description='lab_help, content_question, …, or unsure')
    nearest: str = Field(description='the best guess even then')
    score: float
    margin: float = Field(description='how much nearer than the next')


class QueryIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    text: str = Field(max_length=500)
    exactly: bool = Field(default=False, description='read nothing otherwise than typed')


class QueryRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    typed: str
    text: str = Field(description='what is looked for by meaning')
    phrases: list[str]
    page: int | None
    type: str
    document: str
    corrected: list[tuple[str, str]] = Field(description='word as typed, word that is looked for')
    expanded: list[tuple[str, str]] = Field(description='acronym, what it stands for')
    language: str


class TermRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    term: str
    definition: str
    document_id: UUID | None
    document_name: str
    page: int
    quote: str
    added_by: str


class Glossary(BaseModel):
    terms: list[TermRead]


class SuggestionRead(TermFound):
    document_id: UUID
    document_name: str
    page: int
    start: int
    end: int
    quote: str


class Suggestions(BaseModel):
    suggestions: list[SuggestionRead]


class SourceIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    document_id: UUID
    page: int
    start: int
    end: int


class TermIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    term: str
    definition: str
    source: SourceIn | None = None


class DeclinedTermIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    term: str


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['language'])
    language, glossary = services.language, services.glossary
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('/nlp/tokenize')
    async def tokenize(body: TextIn, viewer: Asking) -> Tokens:
        """Words and sentences with their places."""
        return Tokens.model_validate(await language.tokenise(viewer, body.text), from_attributes=True)

    @api.post('/nlp/entities')
    async def entities(body: TextIn, viewer: Asking) -> Entities:
        """Terms that the text defines or spells out, and names that it says again and again."""
        found = await language.entities(viewer, body.text)
        return Entities(entities=[TermFound.model_validate(one) for one in found])

    @api.post('/nlp/sentiment')
    async def sentiment(body: TextIn, viewer: Asking) -> SentimentRead:
        """A weak sign of how somebody feels."""
        return SentimentRead.model_validate(await language.sentiment(viewer, body.text))

    @api.post('/nlp/intent')
    async def intent(body: TextIn, viewer: Asking) -> IntentRead:
        """What somebody wants who says this; unsure where two intents are as near."""
        return IntentRead.model_validate(await language.intent(viewer, body.text))

    @api.post('/nlp/query')
    async def query(body: QueryIn, viewer: Asking) -> QueryRead:
        """How a search for this is understood."""
        return QueryRead.model_validate(await language.query(viewer, body.text, exactly=body.exactly))

    @api.get('/courses/{course_id}/glossary')
    async def read_glossary(course_id: UUID, viewer: Asking) -> Glossary:
        """By the alphabet."""
        return Glossary(terms=[TermRead.model_validate(one) for one in await glossary.terms(viewer, course_id)])

    @api.get('/courses/{course_id}/glossary/suggestions')
    async def read_suggestions(course_id: UUID, viewer: Asking) -> Suggestions:
        """What the course's documents explain and nobody has decided about."""
        found = await glossary.suggestions(viewer, course_id)
        return Suggestions(suggestions=[SuggestionRead.model_validate(one) for one in found])

    @api.post('/courses/{course_id}/glossary', status_code=201)
    async def add_term(course_id: UUID, body: TermIn, viewer: Asking) -> TermRead:
        """409 where the glossary has it already."""
        source = SourceOfTerm(**body.source.model_dump()) if body.source else None
        return TermRead.model_validate(await glossary.accept(viewer, course_id, body.term, body.definition, source))

    @api.post('/courses/{course_id}/glossary/declined', status_code=204)
    async def decline_term(course_id: UUID, body: DeclinedTermIn, viewer: Asking) -> None:
        """It is not suggested again."""
        await glossary.decline(viewer, course_id, body.term)

    @api.delete('/courses/{course_id}/glossary/{term_id}', status_code=204)
    async def remove_term(course_id: UUID, term_id: UUID, viewer: Asking) -> None:
        await glossary.remove(viewer, course_id, term_id)

    return api
