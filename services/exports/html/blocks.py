import json
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any
from uuid import UUID

from services.exports.citing import with_markers
from services.exports.labs import task_html, title_of
from services.exports.publication import Chapter, NumberedSource, PublishedBlock, questions
from services.exports.wording import Wording, origin_of
from services.richtext import for_display


def block_row(chapter: Chapter, block: PublishedBlock, image_names: Mapping[UUID, str], words: Wording) -> str:
    """A block in the reading column with its marks in the margin: sources, origin, who approved it."""
    sources = chapter.sources_of(block)
    draw = _KINDS.get(block.type, _unknown)
    content = draw(
        block.content, _Place(chapter=chapter, block=block, images=image_names, words=words, sources=sources)
    )
    notes = ''.join(
        f'<li><a href="#source-{numbered.number}"><b>{numbered.number}</b><span>'
        f'{escape(numbered.source.document_name)}, {words.page.format(page=numbered.source.page)}</span></a></li>'
        for numbered in sources
    )
    notes = f'<ul aria-label="{words.sources}">{notes}</ul>' if notes else ''
    approved = f' · {escape(words.approved.format(name=block.approved_by))}' if block.approved_by else ''
    label = escape(origin_of(block.origin, block.own_words, words))
    origin = f'<p class="origin">{diamond(block.origin)}<span>{label}{approved}</span></p>'
    return (
        f'<section class="row block-{"known" if block.type in _KINDS else "unknown"}" id="block-{block.id}">'
        f'<div class="column">{content}</div><div class="margin">{notes}{origin}</div></section>'
    )


def diamond(origin: str) -> str:
    """Open for AI, half-filled for AI + human, filled for human."""
    fill = {
        'ai_human': '<path class="fill" d="M6 .8v10.4L.8 6z"/>',
        'human': '<path class="fill" d="M6 .8 11.2 6 6 11.2.8 6z"/>',
    }
    return (
        '<svg class="diamond" viewBox="0 0 12 12" aria-hidden="true"><path d="M6 .8 11.2 6 6 11.2.8 6z"/>'
        f'{fill.get(origin, "")}</svg>'
    )


class _Place:
    def __init__(
        self,
        *,
        chapter: Chapter,
        block: PublishedBlock,
        images: Mapping[UUID, str],
        words: Wording,
        sources: tuple[NumberedSource, ...],
    ) -> None:
        self.chapter, self.block, self.images, self.words, self.sources = chapter, block, images, words, sources

    @property
    def markers(self) -> str:
        links = (
            f'<a href="#source-{one.number}" aria-label="{self.words.source.format(number=one.number)}">'
            f'{one.number}</a>'
            for one in self.sources
        )
        return f'<sup class="cited">{" ".join(links)}</sup>' if self.sources else ''


def _text(content: Mapping[str, Any], place: _Place) -> str:
    html = _IMAGE.sub(lambda match: _image(match, place), for_display(str(content.get('html', ''))))
    html = _LOCAL_LINK.sub(r'\1', html)
    html = html.replace('<table>', '<div class="scroll" tabindex="0"><table>').replace('</table>', '</table></div>')
    return f'<div class="prose">{with_markers(html, place.markers)}</div>'


def _slide(content: Mapping[str, Any], place: _Place) -> str:
    bullets = ''.join(f'<li>{escape(str(bullet))}</li>' for bullet in content.get('bullets', ()))
    notes = '\n'.join(
        f'<p>{escape(paragraph)}</p>' for paragraph in str(content.get('notes', '')).split('\n') if paragraph.strip()
    )
    folded = f'<details><summary>{place.words.notes}</summary>{notes}</details>' if notes else ''
    return (
        f'<article class="card slide"><h2>{escape(str(content.get("title", "")))}{place.markers}</h2>'
        f'<ul>{bullets}</ul>{folded}</article>'
    )


def _question(content: Mapping[str, Any], place: _Place) -> str:
    words, kind = place.words, content.get('kind')
    every = questions(place.chapter.lesson)
    number = 1 + [question.id for question in every].index(place.block.id)
    name = f'q-{place.block.id}'
    if kind == 'short':
        accepted = escape(json.dumps([str(answer) for answer in content.get('accepted', ())], ensure_ascii=False))
        hint = ''
        fields = (
            f'<label class="typed">{words.type_answer}<input type="text" name="{name}" autocomplete="off" '
            f'data-accepted="{accepted}"></label>'
        )
        answer = ', '.join(str(answer) for answer in content.get('accepted', ()))
    else:
        box = 'checkbox' if kind == 'multiple' else 'radio'
        hint = words.choose_several if kind == 'multiple' else words.choose_one
        options = list(content.get('options', ()))
        fields = ''.join(
            f'<label class="option"><input type="{box}" name="{name}" data-right="{int(bool(option.get("correct")))}">'
            f'<span>{escape(str(option.get("text", "")))}</span><em class="verdict"></em></label>'
            for option in options
        )
        answer = ', '.join(str(option.get('text', '')) for option in options if option.get('correct'))
    why = str(content.get('explanation', ''))
    why = f'<p><b>{words.why}</b> {escape(why)}</p>' if why else ''
    return (
        f'<form class="card quiz" data-right="{words.right}" data-wrong="{words.wrong}" data-missed="{words.missed}" '
        f'data-well-done="{words.well_done}" data-not-yet="{words.not_yet}" data-empty="{words.nothing_chosen}">'
        f'<p class="head"><b>{words.check_yourself}</b>'
        f'<span>{words.of.format(number=number, total=len(every))}</span></p>'
        f'<fieldset><legend>{escape(str(content.get("prompt", "")))}{place.markers}</legend>'
        f'{f"<p class=hint>{hint}</p>" if hint else ""}{fields}</fieldset>'
        f'<p class="said" role="status"></p>'
        f'<details class="answer"><summary>{words.answer}</summary><p class="key">{escape(answer)}</p>{why}</details>'
        f'<p class="buttons" hidden><button type="submit">{words.check}</button>'
        f'<button type="reset" hidden>{words.again}</button></p></form>'
    )


def _lab(content: Mapping[str, Any], place: _Place) -> str:
    words = place.words
    hints = ''.join(f'<li>{escape(str(hint))}</li>' for hint in content.get('hints', ()))
    folded = f'<details><summary>{words.hints}</summary><ol>{hints}</ol></details>' if hints else ''
    return (
        f'<article class="card lab"><h2>{escape(title_of(content, words))}{place.markers}</h2>'
        f'<div class="prose">{for_display(task_html(content, words))}</div>{folded}</article>'
    )


def _unknown(content: Mapping[str, Any], place: _Place) -> str:
    return f'<p class="skipped">{escape(place.words.skipped.format(kind=place.block.type))}</p>'


_KINDS: dict[str, Callable[[Mapping[str, Any], _Place], str]] = {
    'text': _text,
    'slide': _slide,
    'question': _question,
    'lab': _lab,
}
_IMAGE = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
# Links into the platform lead nowhere on a memory stick; links within the lesson and to the web stay.
_LOCAL_LINK = re.compile(r'<a href="(?!https?://|mailto:|#)[^"]*"[^>]*>(.*?)</a>', re.DOTALL | re.IGNORECASE)


def _image(match: re.Match[str], place: _Place) -> str:
    attributes = match.group(1)
    file_id = re.search(r' src="/files/([0-9a-f-]{36})"', attributes)
    alt = re.search(r' alt="([^"]*)"', attributes)
    described = alt.group(1) if alt else ''
    name = place.images.get(UUID(file_id.group(1))) if file_id else None
    if name is None:
        return f'<span class="skipped">{place.words.missing_image.format(alt=described)}</span>'
    return f'<img src="{name}" alt="{described}">'
