"""A draft as plain text for whoever reads and judges it."""

from typing import Any

from services.richtext import plain_text
from tests.quality.drafting import Drafted
from tests.quality.measures import Measures


def as_markdown(drafted: Drafted, found: Measures) -> str:
    draft = drafted.draft
    lines = [f'# {draft["title"]} ({drafted.source.kind})', '', *(f'- {aim}' for aim in draft['objectives'])]
    for module in draft['modules']:
        lines += ['', f'## {module["title"]}', *(f'- {aim}' for aim in module['objectives'])]
        for lesson in module['lessons']:
            lines += ['', f'### {lesson["title"]} ({lesson["minutes"]} min)']
            lines += [f'- {aim}' for aim in lesson['objectives']]
            for block in lesson['blocks']:
                lines += ['', *_block(block)]
    lines += ['', '## What the rules found', *(f'- {fault}' for fault in found.faults)]
    lines += [f'- {one.severity} {one.code}: {one.message}' for one in drafted.findings]
    return '\n'.join(lines) + '\n'


def _block(block: dict[str, Any]) -> list[str]:
    content = block['content']
    pages = ', '.join(str(source['page']) for source in block['sources'])
    if block['type'] == 'text':
        return [f'[text, p. {pages}]', plain_text(content['html'])]
    if block['type'] == 'slide':
        points = [f'  * {point}' for point in content['bullets']]
        return [f'[slide, p. {pages}] {content["title"]}', *points, f'  notes: {content["notes"]}']
    options = [f'  {"(x)" if option["correct"] else "( )"} {option["text"]}' for option in content.get('options', [])]
    accepted = [f'  = {" | ".join(content["accepted"])}'] if content.get('accepted') else []
    head = f'[{content.get("kind", block["type"])}, p. {pages}] {content.get("prompt", content.get("title", ""))}'
    return [head, *options, *accepted, f'  because: {content.get("explanation", "")}']
