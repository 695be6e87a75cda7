from collections.abc import Mapping
from html import escape
from uuid import UUID

from services.exports.html.blocks import block_row, diamond
from services.exports.publication import (
    Chapter,
    NumberedSource,
    Publication,
    chapters,
    course_minutes,
    documents,
    module_minutes,
    origin_shares,
)
from services.exports.wording import Wording, duration, wording_for, written_date

# The pages need nothing from anywhere else, and say so: a payload that slipped through could neither run nor call home.
_POLICY = (
    "default-src 'none'; img-src 'self' file:; style-src 'self' file:; font-src 'self' file:; "
    "script-src 'self' file:; base-uri 'none'; form-action 'none'"
)


def lesson_file(chapter: Chapter) -> str:
    return f'lesson-{chapter.number.replace(".", "-")}.html'


def contents_page(publication: Publication) -> str:
    words = wording_for(publication.language)
    first = next(iter(chapters(publication)), None)
    start = ''
    if first:
        label = escape(words.start.format(title=first.lesson.title))
        start = f'<p><a class="primary" href="{lesson_file(first)}">{label}{_ARROW}</a></p>'
    facts = [
        publication.organization,
        words.version.format(version=publication.version),
        words.published.format(date=written_date(publication.published_at, publication.language)),
        duration(course_minutes(publication)),
    ]
    body = f"""
<main id="main" class="cover">
<p class="eyebrow">{' · '.join(escape(fact) for fact in facts if fact)}</p>
<h1>{escape(publication.title)}</h1>
<p class="lead">{escape(publication.summary)}</p>
{_ruler(publication, None, words)}
{start}
{_objectives(words.you_will, publication.objectives)}
<h2>{words.contents}</h2>
{_contents(publication, words)}
<h2>{words.how_made}</h2>
{_made(publication, words)}
</main>"""
    return _document(publication, words, publication.title, body, scripts=False)


def lesson_page(publication: Publication, chapter: Chapter, image_names: Mapping[UUID, str]) -> str:
    words = wording_for(publication.language)
    lesson = chapter.lesson
    blocks = '\n'.join(block_row(chapter, block, image_names, words) for block in lesson.blocks)
    body = f"""
<a class="skip" href="#main">{words.skip_link}</a>
<header class="bar">
<a class="course" href="index.html">{_BACK}<span>{escape(publication.title)}</span></a>
{_ruler(publication, chapter, words)}
<details class="menu"><summary>{words.contents}</summary><nav aria-label="{words.contents}">{
        _outline(publication, chapter, words)
    }</nav></details>
</header>
<div class="desk">
<nav class="drawer" aria-label="{words.contents}">{_outline(publication, chapter, words)}</nav>
<main id="main">
<div class="row"><div class="column">
<p class="eyebrow">{words.lesson.format(number=chapter.number)} · {duration(lesson.minutes)}</p>
<h1>{escape(lesson.title)}</h1>
{_objectives(words.you_will_lesson, lesson.objectives)}
</div><div class="margin"></div></div>
{blocks}
{_sources(chapter.sources, words)}
{_turning(publication, chapter, words)}
</main>
</div>"""
    return _document(publication, words, f'{lesson.title} · {publication.title}', body, scripts=True)


def _document(publication: Publication, words: Wording, title: str, body: str, *, scripts: bool) -> str:
    script = '<script src="assets/course.js" defer></script>' if scripts else ''
    return f"""<!doctype html>
<html lang="{escape(publication.language or 'en')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="author" content="{escape(', '.join(publication.authors))}">
<title>{escape(title)}</title>
<link rel="stylesheet" href="assets/fonts/fonts.css">
<link rel="stylesheet" href="assets/course.css">
{script}
</head>
<body>{body}
</body>
</html>
"""


def _ruler(publication: Publication, current: Chapter | None, words: Wording) -> str:
    """Segments as wide as the minutes they stand for. SVG, because the policy allows no inline style."""
    every = chapters(publication)
    if not every:
        return ''
    total = sum(max(1, chapter.lesson.minutes) for chapter in every)
    x, gap = 0.0, 3.0
    room = 1000 - gap * (len(every) - 1)
    segments = []
    for chapter in every:
        width = room * max(1, chapter.lesson.minutes) / total
        state = 'open' if current is None or chapter.index > current.index else 'done'
        state = 'here' if current is not None and chapter.index == current.index else state
        segments.append(f'<rect class="{state}" x="{x:.1f}" width="{max(width, 1):.1f}" height="8" rx="2"/>')
        x += width + gap
    left = sum(chapter.lesson.minutes for chapter in every if current is None or chapter.index >= current.index)
    label = duration(left)
    if current is not None:
        label = words.lesson_of.format(number=current.index + 1, total=len(every), time=label)
    hatch = (
        '<defs><pattern id="hatch" width="7" height="8" patternUnits="userSpaceOnUse" patternTransform="skewX(-35)">'
        '<rect class="done" width="4" height="8"/></pattern></defs>'
    )
    drawing = (
        f'<svg viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">{hatch}{"".join(segments)}</svg>'
    )
    return f'<div class="ruler">{drawing}<span>{label}</span></div>'


def _objectives(label: str, objectives: tuple[str, ...]) -> str:
    if not objectives:
        return ''
    items = ''.join(f'<li>{escape(objective)}</li>' for objective in objectives)
    return f'<div class="objectives"><p>{label}</p><ul>{items}</ul></div>'


def _contents(publication: Publication, words: Wording) -> str:
    parts = []
    by_module = _by_module(publication)
    for number, module in enumerate(publication.modules, 1):
        lessons = ''.join(
            f'<li><a href="{lesson_file(chapter)}"><span class="number">{chapter.number}</span>'
            f'<span class="name">{escape(chapter.lesson.title)}</span>'
            f'<span class="time">{duration(chapter.lesson.minutes)}</span></a></li>'
            for chapter in by_module.get(module.id, [])
        )
        heading = f'{words.module.format(number=number)} · {duration(module_minutes(module))}'
        parts.append(
            f'<section><p class="eyebrow">{heading}</p><h3>{escape(module.title)}</h3><ul>{lessons}</ul></section>'
        )
    return f'<div class="contents">{"".join(parts)}</div>'


def _outline(publication: Publication, current: Chapter, words: Wording) -> str:
    parts = []
    by_module = _by_module(publication)
    for module in publication.modules:
        lessons = []
        for chapter in by_module.get(module.id, []):
            here = ' aria-current="page"' if chapter.index == current.index else ''
            lessons.append(
                f'<li><a href="{lesson_file(chapter)}"{here}><span class="name">{escape(chapter.lesson.title)}</span>'
                f'<span class="time">{duration(chapter.lesson.minutes)}</span></a></li>'
            )
        parts.append(f'<p>{escape(module.title)}</p><ul>{"".join(lessons)}</ul>')
    return ''.join(parts)


def _made(publication: Publication, words: Wording) -> str:
    shares = origin_shares(publication)
    counts = ''.join(
        f'<span class="origin">{diamond(origin)}{label} {shares[origin]}</span>'
        for origin, label in (
            ('ai', words.origin_ai),
            ('ai_human', words.origin_ai_human),
            ('human', words.origin_human),
        )
    )
    quoted = ''.join(
        f'<li>{escape(name)} <span class="time">{words.quoted_times.format(count=count)}</span></li>'
        for name, count in documents(publication)
    )
    facts = [
        (words.written_by, escape(', '.join(publication.authors))),
        (words.approved_by, escape(', '.join(publication.approvers))),
        (words.blocks, counts),
        (words.documents, f'<ul>{quoted}</ul>' if quoted else ''),
        ('course.json', f'<a href="course.json">{words.ledger}</a>'),
    ]
    rows = ''.join(f'<div><dt>{label}</dt><dd>{value}</dd></div>' for label, value in facts if value)
    return f'<dl class="made">{rows}</dl>'


def _sources(sources: tuple[NumberedSource, ...], words: Wording) -> str:
    if not sources:
        return ''
    items = ''.join(
        f'<li id="source-{numbered.number}" value="{numbered.number}">'
        f'<p><b>{escape(numbered.source.document_name)}</b>, {words.page.format(page=numbered.source.page)} '
        f'<span class="time">{words.characters.format(start=numbered.source.start, end=numbered.source.end)}</span></p>'
        f'<blockquote><mark>{escape(numbered.source.quote)}</mark></blockquote></li>'
        for numbered in sources
    )
    return (
        f'<section class="row sources"><div class="column"><h2>{words.sources}</h2><ol>{items}</ol></div>'
        '<div class="margin"></div></section>'
    )


def _turning(publication: Publication, chapter: Chapter, words: Wording) -> str:
    every = chapters(publication)
    before = every[chapter.index - 1] if chapter.index else None
    after = every[chapter.index + 1] if chapter.index + 1 < len(every) else None
    previous = (
        f'<a rel="prev" href="{lesson_file(before)}">{_BACK}<span><small>{words.previous}</small>'
        f'{escape(before.lesson.title)}</span></a>'
        if before
        else f'<a href="index.html">{_BACK}<span>{words.contents}</span></a>'
    )
    following = (
        f'<a class="primary" rel="next" href="{lesson_file(after)}"><span><small>{words.next}</small>'
        f'{escape(after.lesson.title)}</span>{_ARROW}</a>'
        if after
        else f'<a class="primary" href="index.html"><span>{words.contents}</span>{_ARROW}</a>'
    )
    return f'<nav class="turning" aria-label="{words.previous}, {words.next}">{previous}{following}</nav>'


def _by_module(publication: Publication) -> dict[UUID, list[Chapter]]:
    found: dict[UUID, list[Chapter]] = {}
    for chapter in chapters(publication):
        found.setdefault(chapter.module.id, []).append(chapter)
    return found


_ARROW = '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M4 10h11M10.5 5.5 15 10l-4.5 4.5"/></svg>'
_BACK = '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M16 10H5M9.5 5.5 5 10l4.5 4.5"/></svg>'
