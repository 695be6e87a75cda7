"""Documents as an author meets them: passages of at most 160 words under their headings."""

import re
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from services.generation.authors.base import Brief, Passage

FOLDER = Path(__file__).parent / 'sources'
LAB, CAFE, IT, GERMAN = 'chemical-hygiene-handbook', 'cafe-food-safety', 'it-onboarding', 'laborordnung'


def brief(**changes: object) -> Brief:
    usual = {
        'title': 'Working safely',
        'purpose': 'to keep new staff safe',
        'audience': 'new staff',
        'level': 'beginner',
        'hours': 2.0,
        'language': 'en',
    }
    return Brief(**{**usual, **changes})  # type: ignore[arg-type]


def passages(*names: str) -> list[Passage]:
    return [passage for name in names for passage in split(name, (FOLDER / f'{name}.md').read_text(encoding='utf-8'))]


def split(name: str, text: str, words: int = 160) -> list[Passage]:
    document = uuid5(NAMESPACE_URL, name)
    found: list[Passage] = []
    path: list[str] = []
    pending: list[str] = []

    def flush() -> None:
        body = '\n\n'.join(pending)
        if body.strip():
            found.append(
                Passage(
                    id=uuid5(document, str(len(found))),
                    document_id=document,
                    document_name=f'{name}.pdf',
                    page=1 + len(found) // 3,
                    start=0,
                    end=len(body),
                    text=body,
                    heading=' › '.join(path),
                )
            )
        pending.clear()

    for paragraph in re.split(r'\n\s*\n', text):
        heading = re.match(r'(#+) (.*)', paragraph.strip())
        if heading:
            flush()
            path[len(heading[1]) - 1 :] = [heading[2].strip()]
            pending.append(heading[2].strip())
            continue
        if sum(len(part.split()) for part in pending) + len(paragraph.split()) > words:
            flush()
        pending.append(paragraph.strip('\n'))
    flush()
    return found
