import re

_LAST_WORDS = re.compile(r'</(?:p|li|figcaption)>(?:</(?:blockquote|aside|li|ul|ol|figure)>)*$')


def with_markers(html: str, markers: str) -> str:
    """The numbers of a block's sources where its last sentence ends, for they stand for the whole block."""
    if not markers:
        return html
    ending = _LAST_WORDS.search(html)
    if ending is None:
        return f'{html}<p class="cites">{markers}</p>'
    return f'{html[: ending.start()]}{markers}{ending.group()}'
