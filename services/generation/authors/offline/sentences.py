"""Where paragraphs, lines and sentences begin and end, and which of them are fit to be shown."""

import re
from collections.abc import Iterator

_FOOTNOTE = re.compile(r'\s?\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]|[¹²³⁴-⁹]+(?=[\s.,;]|$)(?<![a-zA-Z][²³])')
_POINTER = re.compile(
    r'\s*\((?:see|cf\.?|siehe|vgl\.?|voir|véase)\b[^)]*\)|\s*\((?:fig(?:ure)?|table|section|chapter|page|p\.|abb\.?|tabelle)\s*[\d.]+\w?\)',
    re.I,
)
_FIGURE = re.compile(r'\b(?:figure|fig\.|table|abbildung|abb\.|tabelle)\s+(?:\d|[A-Z]\b)', re.I)
_REFERENCE = re.compile(
    r'\b(?:section|chapter|page|appendix|annex|abschnitt|kapitel|seite|anhang)\s+(?:\d|[A-Z]\b)'
    r'|\bas (?:described|shown|mentioned|noted) (?:above|below)\b|https?://|www\.|@\w+\.',
    re.I,
)
_LABEL = re.compile(
    r'\s*(?P<label>Warning|Caution|Danger|Attention|Important|Note|Notes|Tip|Remember|Example'
    r'|Warnung|Achtung|Vorsicht|Gefahr|Wichtig|Hinweis|Tipp|Beispiel)\s?[:!]\s+(?=\S)',
    re.I,
)
_FIRST_SENTENCE = 8  # words
_CONTENTS_LINE = re.compile(r'\S.*(?:\.{3,}|…|\t| {3,}|(?:\. ){3,})\s*\d{1,4}\s*')


def clean(raw: str) -> str:
    """The words without footnote marks, pointers to figures and line breaks."""
    shown = _POINTER.sub('', _FOOTNOTE.sub('', raw.replace('\u00ad', '')))
    shown = re.sub(r'\*\*|__|`', '', shown)
    # '.deb' and ':wq' are words; a stop is followed by a space or by nothing
    return re.sub(r'\s+([.,;:!?])(?=[\s”"»)’]|$)', r'\1', re.sub(r'\s+', ' ', shown)).strip()


def is_usable(shown: str, kind: str) -> bool:
    if is_boilerplate(shown) or (kind == 'prose' and is_footnote(shown)):
        return False
    if kind == 'row':
        return not re.fullmatch(r'[\W_]*', shown)
    count = len(shown.split())
    letters = sum(character.isalpha() for character in shown)
    if kind == 'item':  # a list without one of its steps would be false, so only debris goes
        return letters > 0 and count <= 120
    if len(shown) > 900 or letters < 0.6 * len(shown.replace(' ', '')) or _FIGURE.search(shown):
        return False
    if kind == 'lead':
        return 2 <= count <= 30 and shown[0].isupper()
    return (
        4 <= count <= 90 and shown[-1] in '.!?”"»)' and (shown[0].isupper() or shown[0].isdigit() or shown[0] in '“"„«')
    )


_BOILERPLATE = re.compile(
    r'^(?:copyright\b|©|\(c\) |all rights reserved|distribution of this memo|this memo provides information'
    r'|permission is (?:hereby )?granted|permission to (?:use|copy)|licen[sc]ed under'
    r'|this (?:document|work|book|manual|text) is (?:licen[sc]ed|distributed|made available|published) under)'
    r'|\bGNU (?:Lesser |Affero )?(?:General Public|Free Documentation) License\b.*\b(?:redistribute|modify|permission)'
    r'|\b(?:redistribute|modify) (?:it|this).*\bGNU\b|without (?:even the implied )?warranty\b',
    re.I,
)


def is_boilerplate(shown: str) -> bool:
    """Rights and licences of the document: nothing that its reader should learn."""
    return bool(_BOILERPLATE.search(shown))


_MACHINE = re.compile(
    r'\d+(?:\.\d+)+\.?\s+\S[^.!?]*'  # an entry of the contents: '8.2.1. Ethernet interface'
    r'|(?:--\s)?[A-Z][a-z]{2}\s+\d{1,2}\s\d\d:\d\d:\d\d\s.*'  # a line of a log
    r'|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d.*'
    r'|[-+d][rwxst-]{9}\s.*'  # a line of a directory
    r'|.*\bReturn to\b.*\bcontents\b.*',
    re.I,
)


def is_machine_written(line: str) -> bool:
    """Entries of a table of contents and the output of programs: nothing to be read aloud."""
    return bool(_MACHINE.fullmatch(line))


_CODE = re.compile(
    r'^(?:[$#%>\\|{}()\[\]&*<]|--?\w|\w+\s*=\s*\S|\S+\(\)?;|(?:[oO]--))|[{};\\]$|\}\}|--+[>o]|<--|;/|\S+://\S+$|\s(?:\|\||&&|<<|>>)\s'
)


def is_code(line: str) -> bool:
    """'$ git init', '{/some/file}{$value}fail}': to be typed, or drawn with signs; nothing to choose among answers."""
    return bool(_CODE.search(line.strip()))


def is_footnote(shown: str) -> bool:
    """'2 See What Does Free Mean?': what stands at the foot of a page, behind its number."""
    return bool(re.match(r'\d{1,3}[⁰¹²³⁴-⁹]*(?: ?[A-Z][a-z’]+| [A-Z]) [\w‘“("]', shown))


def asks(shown: str) -> bool:
    """'How do I get it?' is a heading of its answer, and says nothing by itself."""
    return shown.rstrip('”"») ').endswith('?')


def front_matter(text: str) -> int:
    """Where the text of a document begins, behind the names, dates and numbers above its first whole sentence."""
    for start, end in paragraphs(text):
        paragraph = text[start:end].strip()
        if len(paragraph.split()) >= _FIRST_SENTENCE and re.search(r'[.!?:][”"»)]*$', paragraph):
            return start
    return 0


def leans_on_a_reference(shown: str) -> bool:
    return bool(_REFERENCE.search(shown)) or len(shown) > 400


def label_of(text: str, start: int, end: int) -> tuple[str, int]:
    """'Warning' and where its text begins; '' for an ordinary paragraph."""
    found = _LABEL.match(text, start, end)
    if not found:
        return '', start
    return found['label'].capitalize(), found.end()


def is_title_page(text: str) -> bool:
    """A few words and no sentence: names, dates, the number of an edition."""
    return len(text.split()) < 25 and not re.search(r'[.!?](?:\s|$)', text)


def is_contents(text: str) -> bool:
    """Whether most lines end in a page number after dots or a gap."""
    lines = [line for line in text.split('\n') if line.strip()]
    return len(lines) >= 4 and sum(bool(_CONTENTS_LINE.fullmatch(line[-160:])) for line in lines) > 0.5 * len(lines)


def is_bare_list(lines: list[str], *, after_lead: bool) -> bool:
    """Lines without marks are items when they look like them: short, each starting anew."""
    if after_lead:
        return True
    starts = sum(line.lstrip()[:1].isupper() or line.lstrip()[:1].isdigit() for line in lines)
    ends = sum(line.rstrip().endswith(('.', ';', '!', '?')) for line in lines)
    short = sum(len(line.split()) <= 14 for line in lines)
    alike = ends in (0, len(lines)) or ends == 1
    return starts == len(lines) and short >= 0.8 * len(lines) and alike


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for gap in re.finditer(r'\n\s*\n', text):
        if text[position : gap.start()].strip():
            yield position, gap.start()
        position = gap.end()
    if text[position:].strip():
        yield position, len(text)


def lines_of(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for line in re.finditer(r'[^\n]+', text[start:end]):
        yield start + line.start(), start + line.end()


_ABBREVIATIONS = re.compile(
    r'(?:\b(?:e\.g|i\.e|etc|approx|vs|cf|no|nos|dr|mr|mrs|ms|prof|st|fig|figs|max|min|ca|incl|z\.\s?b|d\.\s?h|u\.\s?a|bzw|ggf|usw|nr|evtl|p\.\s?ex|ej)|\b[A-Z])\.$',
    re.I,
)
_SENTENCE_END = re.compile(
    r'[.!?]+(?:\s?\[\d{1,3}\])?[”"»’)]*(?=\s+[“"„«(]?[A-ZÄÖÜÉÈÀÂÇÑ¿¡0-9])|:(?=\s*$)|[.!?]+[”"»’)]*\s*$'
)


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence between `start` and `end`."""
    position = start
    for stop in _SENTENCE_END.finditer(text[:end], start):
        piece = text[position : stop.end()]
        if (
            stop.end() < end
            and _ABBREVIATIONS.search(piece.rstrip('”"»’)'))
            and not piece.rstrip().endswith(('!', '?'))
        ):
            continue
        yield position, stop.end()
        position = stop.end()
    if text[position:end].strip():
        yield position, end
