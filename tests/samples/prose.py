"""Sentences by the page, varied enough that search and drafting have something to tell apart."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

_SYSTEMS = (
    'brine loop',
    'feed pump',
    'dosing skid',
    'settling tank',
    'transfer line',
    'filter press',
    'vent stack',
    'steam trap',
)
_PARTS = (
    'inlet valve',
    'drain cock',
    'level switch',
    'shaft seal',
    'sight glass',
    'relief valve',
    'flow meter',
    'gasket',
    'probe',
)
_PEOPLE = (
    'operator',
    'shift leader',
    'fitter',
    'technician',
    'safety officer',
    'trainee',
    'electrician',
    'storekeeper',
)
_ACTS = (
    'inspected',
    'cleaned',
    'calibrated',
    'isolated',
    'replaced',
    'lubricated',
    'photographed',
    'tested',
    'labelled',
)
_PLACES = (
    'north hall',
    'south hall',
    'tank farm',
    'loading bay',
    'pump house',
    'control room',
    'basement',
    'roof level',
)
_REASONS = (
    'corrosion starts under wet insulation',
    'a dry bearing overheats within minutes',
    'trapped air makes the reading too low',
    'scale narrows the bore',
    'vibration loosens the bolts',
    'an unlabelled line was once opened by mistake',
    'salt crystals score the seal',
    'the alarm limit depends on it',
)
_UNITS = (('°C', 4, 95), ('bar', 1, 16), ('minutes', 2, 90), ('mm', 3, 240), ('ppm', 5, 900), ('litres', 10, 800))


def headed_pages(*, count: int, words: int, seed: int) -> list[tuple[str, str]]:
    """A heading and about so many words for each page; the same seed gives the same pages."""
    random = Random(seed)
    return [(_heading(random, number), ' '.join(_sentences(random, words))) for number in range(1, count + 1)]


def plain_text(directory: Path, *, words: int, seed: int = 1) -> Path:
    path = directory / f'{words}-words.txt'
    pages = headed_pages(count=max(1, words // 300), words=min(words, 300), seed=seed)
    path.write_text('\n\n'.join(f'{title}\n\n{text}' for title, text in pages), encoding='utf-8')
    return path


def _heading(random: Random, number: int) -> str:
    return f'{number} The {random.choice(_PARTS)} of the {random.choice(_SYSTEMS)} in the {random.choice(_PLACES)}'


def _sentences(random: Random, words: int) -> Iterator[str]:
    written = 0
    while written < words:
        sentence = _sentence(random)
        written += len(sentence.split())
        yield sentence


def _sentence(random: Random) -> str:
    system, part, place = random.choice(_SYSTEMS), random.choice(_PARTS), random.choice(_PLACES)
    person, act, reason = random.choice(_PEOPLE), random.choice(_ACTS), random.choice(_REASONS)
    unit, low, high = random.choice(_UNITS)
    figure = random.randint(low, high)
    code = f'{random.choice("ABCDEFGHJK")}{random.randint(100, 999)}'
    return random.choice(
        (
            f'The {part} of the {system} is {act} every {figure} days, because {reason}.',
            f'In the {place}, the {person} checks the {part} against a limit of {figure} {unit}.',
            f'A reading above {figure} {unit} at the {system} is reported to the {person} under code {code}.',
            f'Item {code} is the {part} that protects the {system} in the {place}.',
            f'Before the {system} is started, the {part} is {act} and the {person} signs form {code}.',
            f'When the {part} fails, the {person} stops the {system} within {figure} minutes.',
        )
    )
