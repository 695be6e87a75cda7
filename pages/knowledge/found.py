"""What a search in the documents found: file, page, how well it fits, and the passage with the words marked."""

import re
from collections.abc import Mapping, Sequence

from components.i18n import _, ngettext, percent
from components.markup import attributes, escape, icon
from services.knowledge.views import Found

_WORD = re.compile(r'\w{3,}')
_LONGEST = 360


def found_html(found: Sequence[Found], query: str, *, thumbs: Mapping[int, bool] | None = None) -> str:
    """`thumbs` are those given already, by place; None where none can be given."""
    if not found:
        nothing = _('Nothing in your documents comes near “{query}”. Try other words.', query=query)
        return f'<p class="cw-small-text">{escape(nothing)}</p>'
    head = ngettext('{n} passage, the nearest first', '{n} passages, the nearest first', len(found))
    answers = ''.join(_answer(one, query) + _thumbs(place, one, thumbs) for place, one in enumerate(found))
    return f'<p class="cw-small-text">{escape(head)}</p><ol>{answers}</ol>'


def _answer(one: Found, query: str) -> str:
    href = f'/knowledge/{one.document_id}?page={one.page}'
    score = _('{share} near', share=percent(one.score))
    explained = _('How near the passage is to your words, by meaning and by word together')
    if abs(one.learned) >= 0.005:
        told = _('raised by thumbs') if one.learned > 0 else _('lowered by thumbs')
        score = f'{score}, {told}'
    heading = f'<span class="cw-cut">{escape(one.heading)}</span>' if one.heading else ''
    return (
        f'<li><p class="cw-answer-head"><a{attributes(href=href)}>{escape(one.document_name)}, '
        f'{escape(_("p. {page}", page=one.page))}</a>{heading}'
        f'<span{attributes(class_="cw-push", title=explained)}>{escape(score)}</span></p>'
        f'<p class="cw-excerpt">{marked_html(_cut(one.text, query), query)}</p>'
    )


def _thumbs(place: int, one: Found, thumbs: Mapping[int, bool] | None) -> str:
    """The end of an answer: whether it helped."""
    if thumbs is None or one.kind != 'document':
        return '</li>'
    given = thumbs.get(place)
    where = _('{document}, page {page}', document=one.document_name, page=one.page)
    buttons = ''
    for act, symbol, words, on in (
        ('up', 'thumb_up', _('This helped: {where}', where=where), given is True),
        ('down', 'thumb_down', _('This did not help: {where}', where=where), given is False),
    ):
        state = attributes(
            type='button', class_='cw-btn cw-icon-btn cw-small', data_act=act, data_of=str(place), aria_label=words,
            title=words, aria_pressed=str(on).lower(),
        )  # fmt: skip
        buttons += f'<button{state}>{icon(symbol, "cw-i-s")}</button>'
    return f'<p class="cw-line cw-close cw-verdict">{buttons}</p></li>'


def marked_html(text: str, query: str) -> str:
    """Escaped text in which the words of the query stand in <mark>, whatever their ending."""
    stems = {re.escape(_stem(word)) for word in _WORD.findall(query.lower())}
    if not stems:
        return escape(text)
    matched = re.compile(rf'\b(?:{"|".join(sorted(stems, key=len, reverse=True))})\w*', re.IGNORECASE)
    parts, end = [], 0
    for match in matched.finditer(text):
        parts += [escape(text[end : match.start()]), f'<mark>{escape(match.group())}</mark>']
        end = match.end()
    return ''.join([*parts, escape(text[end:])])


def _stem(word: str) -> str:
    # long words match by their beginning, so that "cooking" finds "cooked"; short ones would find too much
    return word[: max(4, len(word) - 3)] if len(word) > 5 else word


def _cut(text: str, query: str) -> str:
    """The part of a long passage in which the first of the words stands."""
    text = ' '.join(text.split())
    if len(text) <= _LONGEST:
        return text
    places = [text.lower().find(_stem(word)) for word in _WORD.findall(query.lower())]
    first = max(0, min((place for place in places if place >= 0), default=0) - 80)
    first = text.rfind(' ', 0, first) + 1 if first else 0
    last = text.rfind(' ', first, first + _LONGEST)
    return ('… ' if first else '') + text[first:last] + ' …'
