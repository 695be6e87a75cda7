"""Where sentences begin and end, without a language model and without losing a character."""

import re


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences in order; `text[start:end]` has no space at either end.

    A line end always ends a sentence, for page text breaks lines only at paragraphs, list items and table rows.
    """
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        start = line.start()
        for boundary in _BOUNDARY.finditer(text, line.start(), line.end()):
            if _ends_a_sentence(text, start, boundary, line.end()):
                spans.append(_stripped(text, start, boundary.end()))
                start = boundary.end()
        spans.append(_stripped(text, start, line.end()))
    return [span for span in spans if span[0] < span[1]]


_LINE = re.compile(r'[^\n\r\f\v\u0085\u2028\u2029]+')
_BOUNDARY = re.compile(r'[.!?…]+["\'”’»)\]]{0,3}(?=\s)|[。！？]+[」』”）]{0,3}')
_OPENERS = ' \t\u00a0"\'“‘„«([¿¡—–-'
_NUMBERING = re.compile(r'\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})')
_LAST_TOKEN = re.compile(r'[^\s"“”„«»()\[\]/–—]+$')
_INITIALS = re.compile(r'(?:[^\W\d_]\.)*[^\W\d_]')
_MONTH = re.compile(r'(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b')


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Never the end of a sentence: titles, and words that announce what follows.
_ANNOUNCING = _words("""
    dr mr mrs ms mx prof rev hon st sr jr gen col capt cpt lt sgt maj gov sen rep pres messrs mme mlle hr fr frau
    e.g i.e eg ie cf viz vs approx ca circa resp incl excl esp eds vol vols ch chap sect fig figs eq eqs pp p pg nr
    abs bzw z.b d.h u.a z.t vgl ggf evtl dept tel p.ex par.ex sra srta dña núm pág
""")
# The end of a sentence when a capital letter or a number follows, otherwise not.
_TRAILING = _words('etc a.m p.m inc ltd co corp llc plc gmbh al ph.d m.d b.sc m.sc usw u.s u.k u.n e.u d.c')
# An abbreviation only before a number: “No. 5”, “Art. 12”.
_BEFORE_NUMBER = _words("""
    no nos n art app ref refs sec par ex ext ed max min tab para
    jan feb mar apr jun jul aug sep sept oct nov dec
""")


def _ends_a_sentence(text: str, start: int, boundary: re.Match[str], end: int) -> bool:
    following = text[boundary.end() : end].lstrip(_OPENERS)
    mark = boundary.group()
    if not following or mark[0] in '。！？':
        return True
    if following[0].islower():
        return False
    if mark[0] != '.' or mark.startswith('..'):
        return True
    written = text[start : boundary.start()]
    if _NUMBERING.fullmatch(written.strip()):
        return False  # “5.2. Correct use”: the number of a heading or list item
    token = _LAST_TOKEN.search(written)
    if token is None:
        return True
    word = token.group().lower()
    if len(mark) > 1 and mark[1] not in "'’)":
        return True  # a quotation that closes after the full stop
    return not _abbreviation(word, token.group(), following)


def _abbreviation(word: str, as_written: str, following: str) -> bool:
    if word in _ANNOUNCING:
        return True
    if word in _TRAILING:
        return False
    if word in _BEFORE_NUMBER:
        return following[0].isdigit()
    if word.isdigit() and len(word) < 3:
        return bool(_MONTH.match(following))  # German dates: “am 3. Mai”
    # Initials (“J. Smith”, “J.R.R. Tolkien”); a lone “I” or a vitamin “C” at the end is rarer in practice.
    return bool(_INITIALS.fullmatch(as_written)) and as_written[0].isupper() and as_written != 'I'


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
