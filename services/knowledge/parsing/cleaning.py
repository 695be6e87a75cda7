"""Text as a reader sees it: one normal form, one kind of space, nothing hidden in it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from services.knowledge.parsing.document import Hidden


class Cleaner:
    """Cleans every text of one document, and keeps what a reader would not have seen for a person to look at."""

    def __init__(self) -> None:
        self.hidden = 0
        self._characters: Counter[str] = Counter()
        self._tagged: list[str] = []
        self._left_out: list[Hidden] = []

    def clean(self, text: str) -> str:
        """One line of text: NFC, single spaces, without characters that cannot be seen."""
        if text.isascii() and text.isprintable():
            return _SPACES.sub(' ', text).strip()
        if unseen := _HIDDEN.findall(text):
            self.hidden += len(unseen)
            self._characters.update(unseen)
            self._tagged.append(
                ''.join(chr(ord(one) - 0xE0000) for one in unseen if '\U000e0020' <= one <= '\U000e007e')
            )
        text = _HIDDEN.sub('', text)
        text = _UNWANTED.sub('', text).translate(_REPLACED)
        return _SPACES.sub(' ', unicodedata.normalize('NFC', text)).strip()

    def leave_out(self, kind: str, text: str, *, page: int = 0) -> None:
        """Notes text of the document that is not taken over."""
        plain = _SPACES.sub(' ', _UNWANTED.sub('', _HIDDEN.sub('', text))).strip()
        if plain:
            self._left_out.append(Hidden(kind=kind, page=page, count=1, text=plain[:_LONGEST_FINDING]))

    def findings(self) -> tuple[Hidden, ...]:
        """Of very many the first are enough to see what they are."""
        return tuple([*self._unseen_characters(), *self._left_out][:_MOST_FINDINGS])

    def _unseen_characters(self) -> Iterator[Hidden]:
        if not self.hidden:
            return
        tags = sum(count for one, count in self._characters.items() if one >= '\U000e0000')
        named = [
            f'U+{ord(one):04X} {unicodedata.name(one, "")} × {count}'
            for one, count in self._characters.most_common()
            if one < '\U000e0000'
        ]
        message = ' '.join(filter(None, self._tagged))
        if tags:
            named.append(f'tag characters × {tags}' + (f', which spell “{message}”' if message else ''))
        yield Hidden(kind='characters', page=0, count=self.hidden, text='; '.join(named)[:_LONGEST_FINDING])

    def warnings(self) -> Iterable[str]:
        if self.hidden:
            yield (
                f'Hidden characters were removed: {self.hidden}. They are invisible marks, '
                'which a reader would not have seen but a program would.'
            )


# Joiners between letters of the scripts that need them, and in emoji, are left alone.
_JOINER = r'(?<![\u0590-\u109f\u1780-\u18af\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])[\u200c\u200d]'
_HIDDEN = re.compile(
    '[\U000e0000-\U000e0fff'  # tags, and the variation selectors that carry bytes unseen
    '\u200b\u200e\u200f\u2060-\u206f\u202a-\u202e\u061c\u180e\ufff9-\ufffb\u034f\u115f\u1160\u3164\uffa0]|' + _JOINER
)
_UNWANTED = re.compile(r'[\u00ad\ufeff\ufe0e\ufe0f\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]')
_MOST_FINDINGS, _LONGEST_FINDING = 200, 1_000
_SPACES = re.compile(r'\s+')
_REPLACED = str.maketrans(
    {
        # Bullets as the symbol fonts of office programs encode them.
        **dict.fromkeys('\uf0b7\uf0a7\uf076\uf0d8\uf0fc\uf02d', '•'),
        **dict.fromkeys('\uf020', ' '),
        'ﬀ': 'ff',
        'ﬁ': 'fi',
        'ﬂ': 'fl',
        'ﬃ': 'ffi',
        'ﬄ': 'ffl',
        'ﬅ': 'st',
        'ﬆ': 'st',
    }
)
