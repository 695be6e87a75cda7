from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from PIL import Image, ImageDraw

from services.exports.publication import (
    Publication,
    PublishedBlock,
    PublishedImage,
    PublishedLesson,
    PublishedModule,
    PublishedSource,
)

ROOT = UUID('5d1f2a2e-0000-4000-8000-000000000000')
IMAGE = UUID('0b0e9f6e-1111-4222-8333-123456789abc')
GONE = UUID('0b0e9f6e-1111-4222-8333-00000000dead')
HANDBOOK = UUID('0b0e9f6e-1111-4222-8333-0000000000aa')
MANUAL = UUID('0b0e9f6e-1111-4222-8333-0000000000bb')


def identity(name: str) -> UUID:
    return uuid5(ROOT, name)


def source(quote: str, *, page: int = 31, start: int = 120, manual: bool = False) -> PublishedSource:
    return PublishedSource(
        document_id=MANUAL if manual else HANDBOOK,
        document_name='Ventilation Manual' if manual else 'Chemical Hygiene Handbook v3',
        page=page,
        start=start,
        end=start + len(quote),
        quote=quote,
    )


def block(
    name: str,
    kind: str,
    content: dict[str, Any],
    *sources: PublishedSource,
    origin: str = 'ai',
    approved_by: str = 'Hanne Vogt',
) -> PublishedBlock:
    return PublishedBlock(
        id=identity(name), type=kind, content=content, origin=origin, approved_by=approved_by, sources=sources
    )


def text(name: str, html: str, *sources: PublishedSource, origin: str = 'ai') -> PublishedBlock:
    return block(name, 'text', {'html': html}, *sources, origin=origin)


def lesson(title: str, minutes: int, *blocks: PublishedBlock, objectives: tuple[str, ...] = ()) -> PublishedLesson:
    return PublishedLesson(id=identity(title), title=title, objectives=objectives, minutes=minutes, blocks=blocks)


def module(title: str, *lessons: PublishedLesson) -> PublishedModule:
    return PublishedModule(id=identity(title), title=title, objectives=(), minutes=0, lessons=lessons)


SASH = source(
    'Keep the sash at or below the working height marked on its frame, and keep vessels at least 15 cm behind it.'
)
CROWDED = source(
    'A crowded hood breathes badly: stored bottles block the rear slots and turn the flow.', page=8, manual=True
)
LABELLED = source('All containers shall be labelled with the name of the substance and its pictograms.', page=4)
SINGLE = {
    'kind': 'single',
    'prompt': 'Where should a beaker of acetone stand in the hood?',
    'options': [
        {'id': 'a', 'text': 'On the airfoil, within easy reach', 'correct': False},
        {'id': 'b', 'text': '15 cm or more behind the sash', 'correct': True},
        {'id': 'c', 'text': 'Against the rear baffle', 'correct': False},
    ],
    'accepted': [],
    'explanation': 'The airfoil is where room air and hood air meet. Vapour released there can roll back.',
}
MULTIPLE = {
    'kind': 'multiple',
    'prompt': 'Which of these belong in the hood while you work?',
    'options': [
        {'id': 'a', 'text': 'The vessel you are pouring from', 'correct': True},
        {'id': 'b', 'text': 'Spare solvent bottles', 'correct': False},
        {'id': 'c', 'text': 'The waste beaker for this step', 'correct': True},
    ],
    'accepted': [],
    'explanation': 'Only what this step needs. Everything else disturbs the flow.',
}
SHORT = {
    'kind': 'short',
    'prompt': 'What is the part of the hood called that you pull down?',
    'options': [],
    'accepted': ['sash', 'the sash'],
    'explanation': 'The sash is the sliding window between you and the work.',
}
SLIDE = {
    'title': 'Before you open a bottle',
    'bullets': [
        'Read the label: name, hazard signs, date',
        'Switch the hood on and wait for green',
        'Sash down to the mark',
    ],
    'notes': 'Ask who has worked at hood 3.\nPoint at the tape at 12 cm: it is wrong, and shows why the mark matters.',
}
RICH = (
    '<h2>How air moves</h2>'
    '<p>Air enters at the face with a speed of about <strong>0.5 m/s</strong> and leaves through the rear slots. '
    'Whatever stands in its way makes <em>turbulence</em>, and H<sub>2</sub>S finds the gap first.</p>'
    f'<figure><img src="/files/{IMAGE}" alt="Side view of a hood with arrows for the air">'
    '<figcaption>Air through a hood, from the side</figcaption></figure>'
    '<p>The volume flow is <span class="formula" data-tex="Q = A \\cdot v">Q = A \\cdot v</span>, '
    'so a lower sash helps:</p>'
    '<p><span class="formula display" data-tex="v = \\frac{Q}{w \\, h}">v = \\frac{Q}{w \\, h}</span></p>'
    '<table><thead><tr><th scope="col">Sash height</th><th scope="col">Face speed</th>'
    '<th scope="col">Verdict</th></tr></thead>'
    '<tbody><tr><td>50 cm</td><td>0.50 m/s</td><td>good</td></tr><tr><td>70 cm</td><td>0.36 m/s</td>'
    '<td><strong>too slow</strong></td></tr></tbody></table>'
    '<aside class="callout warning"><p><strong>Never</strong> '
    'put your head into the hood, not even to look for a stir bar.</p></aside>'
    '<h3>In the log</h3><p>Each hood writes a line a minute:</p>'
    '<pre><code class="language-python">speed = read(hood)\n'
    "if speed &lt; 0.4:\n    alarm(hood, because='slow air')</code></pre>"
    '<ol><li>Read the display.</li><li>Write down <code>speed</code>.'
    '<ul><li>two decimals</li><li>with the time</li></ul></li></ol>'
    '<blockquote><p>A hood that breathes badly looks exactly like one that works.</p></blockquote>'
)


def sample(folder: Path) -> Publication:
    """Two modules, three lessons, every kind of block."""
    picture = folder / 'hood.png'
    _draw_hood(picture)
    fume_hood = lesson(
        'Working at the fume hood',
        35,
        text(
            'first',
            '<p>Set the sash at or below the working height marked on its frame before you start. Keep every vessel at '
            'least 15 cm behind the sash: turbulence at the opening carries vapour back into the room.</p>',
            SASH,
        ),
        text(
            'second',
            '<p>Nothing that is not in use stays in the hood. A crowded hood breathes badly, and a hood that breathes '
            'badly looks exactly like one that works.</p>',
            CROWDED,
            SASH,
            origin='ai_human',
        ),
        text(
            'rich',
            RICH,
            source('The face velocity shall be 0.5 m/s at a sash height of 50 cm.', page=32),
            origin='human',
        ),
        block('slide', 'slide', SLIDE, SASH),
        block('q1', 'question', SINGLE, SASH),
        block('q2', 'question', MULTIPLE, CROWDED, origin='ai_human'),
        block('q3', 'question', SHORT),
        block('simulation', 'simulation', {'image': 'python'}),
        objectives=('Set the sash and read the display', 'Keep the hood free of what you do not need'),
    )
    return Publication(
        course_id=identity('course'),
        title='Safe Handling of Laboratory Chemicals',
        summary='What everyone at the bench knows before the first bottle is opened: reading labels, working at the '
        'hood, and what to do when something spills.',
        language='en',
        version='3',
        published_at=datetime(2025, 11, 20, 9, 30, tzinfo=UTC),
        organization='Institute of Applied Chemistry',
        authors=('Miriam Vogel', 'Jonas Abt'),
        approvers=('Hanne Vogt',),
        objectives=('Read a label and name the hazard', 'Work at a fume hood', 'Act in the first minute of a spill'),
        modules=(
            module(
                'Before you open a bottle',
                lesson('Reading a label', 20, text('label', '<p>Every bottle has a name and a date.</p>', LABELLED)),
            ),
            module(
                'At the bench',
                fume_hood,
                lesson('Moving, pouring, heating', 20, text('pour', '<p>Pour slowly, towards the wall.</p>')),
            ),
        ),
        images=(PublishedImage(file_id=IMAGE, path=picture, media_type='image/png'),),
    )  # fmt: skip


def with_blocks(publication: Publication, *blocks: PublishedBlock, title: str = 'Only lesson') -> Publication:
    return replace(publication, modules=(module('Only module', lesson(title, 10, *blocks)),))


@pytest.fixture
def publication(tmp_path: Path) -> Publication:
    return sample(tmp_path)


def _draw_hood(path: Path) -> None:
    picture = Image.new('RGB', (900, 420), '#F8F9F6')
    pen = ImageDraw.Draw(picture)
    pen.rectangle((220, 40, 700, 360), outline='#1A2323', width=6)
    pen.line((260, 60, 260, 220), fill='#0F5F5C', width=8)
    for y in (250, 290, 330):
        pen.line((60, y, 640, y - 40), fill='#74C9BF', width=5)
    picture.save(path)
