"""What a password has to be: long enough, not one that everybody tries first, not the person's own name."""

import re

from services.errors import InvalidInput

LONGEST_PASSWORD = 200
_DIFFERENT_CHARACTERS = 5
_TOLD = 4  # a part of a name shorter than this says nothing about the person
_LEET = str.maketrans('013457@$!', 'oieastasi')
_ROWS = ('abcdefghijklmnopqrstuvwxyz', '0123456789', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'azertyuiop')
# What heads every published list of leaked passwords, in the shortest form: digits and signs around a word, capitals
# and 3 for e are what people add to them, so they are taken away before the look into this list.
_COMMON = frozenset(
    """
    abcabc admin administrator angel apple asdf asdfgh asdfghjkl ashley azerty bailey baseball basketball batman
    biteme blink bonjour buster butterfly changeme charlie cheese chelsea chocolate coffee computer cookie coursewright
    default diamond donald dragon football freedom fuckyou ginger guest hallo hello hockey hottie hunter iloveyou
    internet jennifer jessica jordan killer letmein login lovely loveme maggie manager master matrix merlin michael
    michelle monkey mustang mynoob nicole ninja orange passw passwort password passwordpassword pepper pokemon princess
    qazwsx qwer qwert qwerty qwertyui qwertyuiop qwertz robert root samsung secret shadow soccer spring starwars summer
    autumn winter sunshine superman sysadmin taylor temp tigger test testing thomas trustno welcome whatever
    willkommen yankees zaq zxcvbn zxcvbnm
    """.split()
)


def check_password(password: str, *, shortest: int, person: tuple[str, ...] = (), field: str = 'password') -> None:
    """InvalidInput naming every rule that is broken. `person`: e-mail and name, which no password may hold."""
    faults = list(_faults(password, shortest, person))
    if faults:
        said = ' '.join(faults)
        raise InvalidInput(said, fields={field: said})


def password_rules(shortest: int) -> str:
    """The rules in a sentence, for the help beside a field."""
    return f'{shortest} characters or more. Four words that do not belong together are easy to keep.'


def _faults(password: str, shortest: int, person: tuple[str, ...]) -> list[str]:
    faults = []
    if len(password) < shortest:
        faults.append(f'A password needs {shortest} characters or more; this one has {len(password)}.')
    if len(password) > LONGEST_PASSWORD:
        faults.append(f'A password has {LONGEST_PASSWORD} characters at most.')
    if password and _is_common(password):
        faults.append('This is one of the passwords that are tried first. Take words that do not belong together.')
    elif password and len(set(password)) < min(_DIFFERENT_CHARACTERS, shortest):
        faults.append('This repeats the same few characters. Take words that do not belong together.')
    if any(part in password.lower() for part in _parts_of(person)):
        faults.append('A password may not hold your name or e-mail address.')
    return faults


def _is_common(password: str) -> bool:
    low = password.lower()
    bare = re.sub(r'^[^a-z]+|[^a-z]+$', '', low)
    plain = re.sub(r'[^a-z]', '', low.translate(_LEET))
    words = {low, bare, plain, bare.translate(_LEET), re.sub(r'[^a-z]', '', low)}
    if words & _COMMON or any(_twice(word) in _COMMON for word in words if word):
        return True
    return any(_is_row(word) for word in (low, re.sub(r'[^a-z0-9]', '', low)) if word)


def _twice(word: str) -> str:
    """`abcabc` is `abc` again."""
    for length in range(1, len(word) // 2 + 1):
        if len(word) % length == 0 and word == word[:length] * (len(word) // length):
            return word[:length]
    return word


def _is_row(word: str) -> bool:
    """A run along the keyboard, the alphabet or the digits, forwards or backwards, as often as it fits."""
    rows = [row * 9 for row in _ROWS] + [row[::-1] * 9 for row in _ROWS]
    return any(word in row for row in rows)


def _parts_of(person: tuple[str, ...]) -> set[str]:
    parts: set[str] = set()
    for said in person:
        low = said.lower()
        parts |= {low, low.partition('@')[0], *re.split(r'[^\w]+', low.partition('@')[0])}
    return {part for part in parts if len(part) >= _TOLD}
