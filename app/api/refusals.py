"""What every operation may answer instead: one shape for all refusals, so that a program needs one way to read them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Refusal(BaseModel):
    """`detail` is a sentence for people, `code` a word for programs; some errors add more, a list of findings say."""

    model_config = ConfigDict(extra='allow')

    detail: str
    code: str
    fields: dict[str, str] | None = Field(default=None, description='What is wrong with each field of the request.')


_MEANINGS = {
    400: 'The request cannot be read.',
    401: 'Nobody is signed in, or no longer.',
    403: 'Not for this role, or not from another site.',
    404: 'There is nothing here, or it is not yours to see.',
    409: 'Not as things stand now.',
    410: 'It was there, and is not any more.',
    413: 'More than this takes.',
    415: 'Not a kind of file that this takes.',
    422: 'Some of what was sent is not right.',
    502: 'What we asked for you answered with nonsense.',
    503: 'Something that this needs is not there right now.',
    504: 'What we asked for you took too long.',
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {'model': Refusal, 'description': meaning} for status, meaning in _MEANINGS.items()
}
