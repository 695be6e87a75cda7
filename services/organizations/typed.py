"""What is typed about an organisation, made fit to keep."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from services import fields
from services.errors import InvalidInput

_SLUG = re.compile(r'[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?')
_PHONE = re.compile(r'\+?[0-9 ()./-]{4,40}')
_WRITTEN_OUT = str.maketrans({'ß': 'ss', 'æ': 'ae', 'ø': 'o', 'œ': 'oe', 'ł': 'l', 'đ': 'd', 'þ': 'th', 'ð': 'd'})


class SlugTaken(InvalidInput):
    status_code = 409
    code = 'slug_taken'

    def __init__(self) -> None:
        fault = 'Another organisation has this short name, perhaps a deleted one. Choose another.'
        super().__init__(fault, fields={'slug': fault})


def slug_of(name: str) -> str:
    """The short name that an organisation's name suggests: 'Ångström & Söhne' becomes 'angstrom-sohne'."""
    plain = unicodedata.normalize('NFKD', name.lower().translate(_WRITTEN_OUT)).encode('ascii', 'ignore').decode()
    return re.sub('[^a-z0-9]+', '-', plain).strip('-')[:60].strip('-') or 'organisation'


def name(typed: str) -> str:
    kept = fields.line('name', typed, limit=120)
    if not kept:
        raise _wrong('name', 'Give the organisation a name.')
    return kept


def slug(typed: str) -> str:
    kept = typed.strip().lower()
    if not _SLUG.fullmatch(kept):
        raise _wrong('slug', 'Use small letters, digits and hyphens, at most 60 of them: north-academy.')
    return kept


def contact_email(typed: str) -> str:
    return fields.email('contact_email', typed) if typed.strip() else ''


def phone(typed: str) -> str:
    kept = fields.line('phone', typed, limit=60)
    if kept and not _PHONE.fullmatch(kept):
        raise _wrong('phone', 'Write the number with digits, spaces and a plus: +47 22 12 34 56.')
    return kept


def address(typed: str) -> str:
    return fields.text('address', typed, limit=500)


def each(typed: Mapping[str, tuple[Callable[[str], str], str]]) -> dict[str, str]:
    """name -> (check, what was typed): everything checked at once, so that every field says what is wrong with it."""
    kept: dict[str, str] = {}
    faults: dict[str, str] = {}
    for field, (check, words) in typed.items():
        try:
            kept[field] = check(words)
        except InvalidInput as error:
            faults |= error.fields
    if faults:
        raise InvalidInput(' '.join(dict.fromkeys(faults.values())), fields=faults)
    return kept


def _wrong(field: str, fault: str) -> InvalidInput:
    return InvalidInput(fault, fields={field: fault})
