"""What people type into the fields of a form, made fit to keep."""

import re

from email_validator import EmailNotValidError, validate_email

from services.errors import InvalidInput

_CONTROL = re.compile(r'[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]')
_LINE_LIMIT, _TEXT_LIMIT = 200, 10_000
_PLAIN_ADDRESS = re.compile(r'[a-z0-9_]+(?:[.+-][a-z0-9_]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,24}')
_LONGEST_ADDRESS = 254


def line(name: str, typed: str, *, limit: int = _LINE_LIMIT) -> str:
    """One line without control characters and outer spaces; InvalidInput under the field's name if it is too long."""
    return _within(name, ' '.join(_CONTROL.sub('', typed).split()), limit)


def text(name: str, typed: str, *, limit: int = _TEXT_LIMIT) -> str:
    """Several lines, otherwise like `line`."""
    return _within(name, _CONTROL.sub('', typed.replace('\r\n', '\n')).strip(), limit)


def email(name: str, typed: str) -> str:
    """An address that mail could reach, in lower case; nobody is asked whether it exists."""
    address = line(name, typed, limit=_LONGEST_ADDRESS).lower()
    if _PLAIN_ADDRESS.fullmatch(address):
        return address  # almost all of them, a hundred times faster
    try:
        return validate_email(address, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        fault = 'This is not an e-mail address. Write it like name@company.com.'
        raise InvalidInput(fault, fields={name: fault}) from error


def _within(name: str, kept: str, limit: int) -> str:
    if len(kept) > limit:
        fault = f'This is {len(kept)} characters long. Shorten it to {limit}.'
        raise InvalidInput(fault, fields={name: fault})
    return kept
