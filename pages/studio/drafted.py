"""Blocks as words on the screen: while they are written, under review, and as plain text for the difference."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.block_frame import block_head_html, kind_words
from components.i18n import _
from components.lab_view import lab_html, lab_text
from components.prose import mark_quotes, prose_html
from components.question_view import question_html
from components.slide_view import slide_html
from components.status import status_html
from services.richtext import for_display, plain_text


def blocks_html(blocks: Sequence[Mapping[str, Any]], *, writing: bool) -> str:
    """Drafts that may still lack anything; with `writing` the last one is unfinished."""
    html = ''
    for place, block in enumerate(blocks):
        unfinished = writing and place == len(blocks) - 1
        type = str(block.get('type') or 'text')
        head = block_head_html(kind=kind_words(type, str(block.get('kind') or '')), origin='ai',
                               sources=len(block.get('citations') or ()))  # fmt: skip
        mark = status_html('working', _('writing')) if unfinished else ''
        html += f'<div class="cw-draft-block"><div class="cw-block-head">{head}{mark}</div>'
        html += f'<div class="{"cw-unfinished" if unfinished else ""}">{content_html(type, _whole(block))}</div></div>'
    return html


def content_html(type: str, content: Mapping[str, Any], quotes: Sequence[str] = ()) -> str:
    """A block's content as safe HTML, its quoted words marked."""
    if type == 'slide':
        return slide_html(content)
    if type == 'question':
        return question_html(content)
    if type == 'lab':
        return lab_html(content, for_display(str(content.get('task_html') or '')), solved=True)
    safe = for_display(str(content.get('html') or ''))
    return prose_html(mark_quotes(safe, quotes, numbered=True) if quotes else safe)


def as_text(type: str, content: Mapping[str, Any]) -> str:
    """What a block says, without its looks, for telling two of its versions apart."""
    if type == 'text':
        return plain_text(str(content.get('html') or ''))
    if type == 'slide':
        lines = [content.get('title', ''), *(f'• {point}' for point in content.get('bullets', ()))]
        return '\n'.join(map(str, [*lines, content.get('notes', '')])).strip()
    if type == 'lab':
        return lab_text(content, plain_text(str(content.get('task_html') or '')))
    options = [
        f'{"✓" if option.get("correct") else "○"} {option.get("text", "")}' for option in content.get('options', ())
    ]
    accepted = [f'✓ {answer}' for answer in content.get('accepted', ())]
    return '\n'.join(map(str, [content.get('prompt', ''), *options, *accepted, content.get('explanation', '')])).strip()


def opening(type: str, content: Mapping[str, Any]) -> str:
    """The first words of a block, to name it by."""
    words = ' '.join(as_text(type, content).split())
    return words if len(words) <= 70 else f'{words[:70]} …'


def _whole(block: Mapping[str, Any]) -> dict[str, Any]:
    """A partial draft with its missing parts empty, as the views of blocks want it."""
    options = [option for option in block.get('options') or [] if isinstance(option, dict)]
    return {
        **block,
        'bullets': [bullet for bullet in block.get('bullets') or [] if bullet],
        'options': [{'text': option.get('text') or '', 'correct': bool(option.get('correct'))} for option in options],
        'accepted': block.get('accepted') or [],
        'title': block.get('title') or '',
        'notes': block.get('notes') or '',
        'prompt': block.get('prompt') or '',
        'explanation': block.get('explanation') or '',
    }
