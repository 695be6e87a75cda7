"""Builds the demo documents from their manuscripts: `python -m app.demo.handbooks.build`.

The files are kept in the repository beside the manuscripts, so that a fresh installation needs no build.
"""

import sys
from pathlib import Path

from app.demo.handbooks import docx, html, pdf, pptx
from app.demo.handbooks.manuscript import read

HERE = Path(__file__).parent
SOURCE = HERE / 'source'

FORMATS = {
    'food-safety-handbook.pdf': pdf.write,
    'working-at-height.docx': docx.write,
    'manual-handling.pptx': pptx.write,
    'fire-extinguishers.html': html.write,
}


def build(directory: Path) -> list[Path]:
    """Writes every document into the directory; the same manuscripts give the same bytes."""
    written = []
    for name, write in FORMATS.items():
        target = directory / name
        write(read(SOURCE / f'{target.stem}.md'), target)
        written.append(target)
    return written


if __name__ == '__main__':
    for path in build(HERE):
        sys.stdout.write(f'{path.name}: {path.stat().st_size / 1024:.0f} KB\n')
