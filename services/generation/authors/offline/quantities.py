"""Numbers with their units: found, varied, and spelled in the ways a student would."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

_ENGLISH_UNITS: dict[str, tuple[str, ...]] = {
    'mm': ('mm', 'millimetres', 'millimeters', 'millimetre'),
    'cm': ('cm', 'centimetres', 'centimeters', 'centimetre'),
    'm': ('m', 'metres', 'meters', 'metre', 'meter'),
    'km': ('km', 'kilometres', 'kilometers'),
    'ml': ('ml', 'millilitres', 'milliliters'),
    'l': ('l', 'litres', 'liters', 'litre', 'liter'),
    'g': ('g', 'grams', 'gram'),
    'mg': ('mg', 'milligrams'),
    'kg': ('kg', 'kilograms', 'kilos'),
    '°C': ('°C', '° C', 'degrees', 'degrees Celsius', 'C'),
    '°F': ('°F', 'degrees Fahrenheit'),
    '%': ('%', 'percent', 'per cent'),
    'second': ('seconds', 's', 'sec', 'second'),
    'minute': ('minutes', 'min', 'minute'),
    'hour': ('hours', 'h', 'hour'),
    'day': ('days', 'day'),
    'working day': ('working days', 'working day', 'business days'),
    'week': ('weeks', 'week'),
    'month': ('months', 'month'),
    'year': ('years', 'year'),
    'person': ('people', 'persons'),
    'character': ('characters', 'character'),
    'attempt': ('attempts', 'attempt'),
    'm/s': ('m/s', 'metres per second', 'meters per second'),
    'euro': ('€', 'euros', 'euro', 'EUR'),
    'ppm': ('ppm',),
    'bar': ('bar',),
    'kPa': ('kPa',),
    'V': ('V', 'volts', 'volt'),
    'GB': ('GB', 'gigabytes'),
    'MB': ('MB', 'megabytes'),
}
_GERMAN_UNITS: dict[str, tuple[str, ...]] = {
    'cm': ('cm', 'Zentimeter'),
    'm': ('m', 'Meter'),
    'ml': ('ml', 'Milliliter'),
    'l': ('l', 'Liter'),
    'g': ('g', 'Gramm'),
    'kg': ('kg', 'Kilogramm'),
    '°C': ('°C', 'Grad', 'Grad Celsius'),
    '%': ('%', 'Prozent'),
    'second': ('Sekunden', 's', 'Sekunde'),
    'minute': ('Minuten', 'min', 'Minute'),
    'hour': ('Stunden', 'h', 'Stunde'),
    'day': ('Tage', 'Tagen', 'Tag'),
    'working day': ('Werktage', 'Arbeitstage', 'Arbeitstagen', 'Werktagen'),
    'week': ('Wochen', 'Woche'),
    'month': ('Monate', 'Monaten', 'Monat'),
    'year': ('Jahre', 'Jahren', 'Jahr'),
    'person': ('Personen',),
    'character': ('Zeichen',),
    'm/s': ('m/s', 'Meter pro Sekunde'),
    'euro': ('€', 'Euro', 'EUR'),
}
_SPELLINGS = {
    spelling: unit
    for units in (_GERMAN_UNITS, _ENGLISH_UNITS)
    for unit, spellings in units.items()
    for spelling in spellings
    if spelling != 'C'
}
_UNIT = '|'.join(re.escape(spelling) for spelling in sorted(_SPELLINGS, key=len, reverse=True))
_WORDS = {
    'two': 2,
    'three': 3,
    'four': 4,
    'five': 5,
    'six': 6,
    'seven': 7,
    'eight': 8,
    'nine': 9,
    'ten': 10,
    'twelve': 12,
    'fifteen': 15,
    'twenty': 20,
    'thirty': 30,
    'zwei': 2,
    'drei': 3,
    'vier': 4,
    'fünf': 5,
    'sechs': 6,
    'sieben': 7,
    'acht': 8,
    'neun': 9,
    'zehn': 10,
    'zwölf': 12,
}
_ENGLISH = {
    value: word
    for word, value in _WORDS.items()
    if word in 'two three four five six seven eight nine ten twelve fifteen twenty thirty'.split()
}
_GERMAN = {value: word for word, value in _WORDS.items() if word not in _ENGLISH.values()}
_QUANTITY = re.compile(
    (
        rf'(?<![\w.,/–-])(?P<number>[-−]?\d+(?:[.,]\d+)*'
        rf'|{"|".join(_WORDS)})(?P<gap>[\s\u00a0-]?)(?P<unit>{_UNIT})(?![\w/°])'
    ),
    re.I,
)
_RANGE = re.compile(rf'\d\s?(?:[–-]|to|bis|and|und)\s?\d+(?:[.,]\d+)?\s?(?:{_UNIT})(?!\w)', re.I)


_MEASURED = re.compile(rf'\d[\s\u00a0-]?({_UNIT})(?![\w/°])', re.I)
_KINDS = {
    'temperatures': frozenset(('°C', '°F')),
    'times': frozenset(('second', 'minute', 'hour', 'day', 'working day', 'week', 'month', 'year')),
    'distances': frozenset(('mm', 'cm', 'm', 'km')),
    'quantities': frozenset(('ml', 'l', 'g', 'mg', 'kg', '%', 'ppm')),
}


@dataclass(frozen=True, kw_only=True)
class Quantity:
    text: str  # '15 cm', as it stands
    number: float
    unit: str  # the unit's key, the same for 'cm' and 'centimetres'
    spelling: str
    gap: str
    in_words: bool
    start: int
    end: int


def quantities(text: str) -> list[Quantity]:
    return list(_quantities(text))


@lru_cache(maxsize=20_000)
def _quantities(text: str) -> tuple[Quantity, ...]:
    """The single quantities of a sentence; those that belong to a range ('2 to 8 °C') are left out."""
    ranges = [found.span() for found in _RANGE.finditer(text)]
    result = []
    for found in _QUANTITY.finditer(text):
        if any(a <= found.start() < b or a < found.end() <= b for a, b in ranges):
            continue
        unit = _SPELLINGS.get(found['unit']) or _SPELLINGS.get(found['unit'].lower())
        number = found['number'].lower()
        if unit is None:
            continue
        in_words = number in _WORDS
        value = float(_WORDS[number]) if in_words else _value(number)
        if value is None:
            continue
        result.append(
            Quantity(
                text=found.group(),
                number=value,
                unit=unit,
                spelling=found['unit'],
                gap=found['gap'],
                in_words=in_words,
                start=found.start(),
                end=found.end(),
            )
        )
    return tuple(result)


def in_words(count: int, language: str) -> str:
    """Numbers below ten as words."""
    table = _GERMAN if language == 'de' else _ENGLISH
    return table.get(count, str(count)) if count < 10 else str(count)


def units_in(text: str) -> list[str]:
    """Units of everything measured in the text, ranges too."""
    return [
        unit for found in _MEASURED.findall(text) if (unit := _SPELLINGS.get(found) or _SPELLINGS.get(found.lower()))
    ]


def unit_kind(unit: str) -> str:
    return next((kind for kind, units in _KINDS.items() if unit in units), 'others')


def other_numbers(quantity: Quantity, known: list[float]) -> list[float]:
    """Wrong numbers that look right: those the sources use with the same unit, then round ones of the same size."""
    value = quantity.number
    if value < 0:
        return [-float(n) for n in (10, 15, 20, 25, 30, 5) if abs(n + value) > 0.12 * -value]
    rough = [_round(value * factor, like=value) for factor in (2, 0.5, 1.5, 3, 0.7, 4, 0.25)]
    near = [number for number in known if value / 6 <= number <= value * 6] if value > 0 else known
    most = 100 if quantity.unit == '%' and value <= 100 else math.inf
    smallest = 2 if value == int(value) and quantity.unit not in ('°C', '%') else 0.01
    found: list[float] = []
    for number in [*sorted(near, key=lambda number: abs(number - value)), *rough]:
        clearly_other = abs(number - value) > 0.12 * abs(value)
        if clearly_other and number not in found and smallest <= number <= most:
            found.append(number)
    return found


def _round(number: float, *, like: float) -> float:
    """As round as the number it stands in for: 500 is followed by 250 and 1000, not by 490."""
    if like != int(like):
        return round(number, 1 if like >= 0.3 else 2)
    step = next((step for step in (1000, 500, 100, 50, 10, 5, 2) if like % step == 0 and number >= step), 1)
    return float(max(1, round(number / step)) * step)


def with_number(quantity: Quantity, number: float) -> str:
    """The quantity with another number, written the way it was."""
    shown = f'{number:g}'
    if '−' in quantity.text:
        shown = shown.replace('-', '−')
    if quantity.in_words:
        table = _GERMAN if quantity.text.lower().split()[0].split('-')[0] in _GERMAN.values() else _ENGLISH
        shown = table.get(int(number), shown)
        if quantity.text[0].isupper():
            shown = shown.capitalize()
    elif ',' in quantity.text and '.' not in quantity.text:
        shown = shown.replace('.', ',')
    return f'{shown}{quantity.gap}{_agreeing(quantity.spelling, number)}'


def _agreeing(spelling: str, number: float) -> str:
    """'1 hour', '4 hours'."""
    if number == 1 and spelling.endswith('s') and spelling[:-1] in _SPELLINGS:
        return spelling[:-1]
    several = f'{spelling}s'
    return several if number != 1 and len(spelling) > 2 and several in _SPELLINGS else spelling


def accepted_spellings(quantity: Quantity, language: str) -> list[str]:
    """'15 cm', '15cm', '15 centimetres' …"""
    units, words = (_GERMAN_UNITS, _GERMAN) if language == 'de' else (_ENGLISH_UNITS, _ENGLISH)
    number = f'{quantity.number:g}'
    numbers = [number] + ([number.replace('.', ',')] if '.' in number else [])
    spellings = list(dict.fromkeys([quantity.spelling, *units.get(quantity.unit, ())]))
    answers = [quantity.text.replace('\u00a0', ' ')]
    for one in numbers:
        for spelling in spellings:
            answers.append(f'{one} {spelling}')
            if not spelling[0].isalpha() or len(spelling) <= 3:
                answers.append(f'{one}{spelling}')
    word = words.get(int(quantity.number)) if quantity.number == int(quantity.number) else None
    answers += [f'{word} {spelling}' for spelling in spellings if len(spelling) > 3] if word else []
    return list(dict.fromkeys(answers))[:12]


def _value(number: str) -> float | None:
    number = number.replace('−', '-')
    if re.fullmatch(r'-?\d{1,3}(?:,\d{3})+', number):
        number = number.replace(',', '')
    try:
        return float(number.replace(',', '.'))
    except ValueError:
        return None
