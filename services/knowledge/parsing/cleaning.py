"""Text as a reader sees it: one normal form, one kind of space, nothing hidden in it."""

import re
import unicodedata
from collections.abc import Iterable


class Cleaner:
    """Cleans every text of one document and counts what a reader would not have seen."""

    def __init__(self) -> None:
        self.hidden = 0

    def clean(self, text: str) -> str:
        """One line of text: NFC, single spaces, without characters that cannot be seen."""
        if text.isascii() and text.isprintable():
            return _SPACES.sub(' ', text).strip()
        self.hidden += len(_HIDDEN.findall(text))
        text = _HIDDEN.sub('', text)
        text = _UNWANTED.sub('', text).translate(_REPLACED)
        return _SPACES.sub(' ', unicodedata.normalize('NFC', text)).strip()

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
