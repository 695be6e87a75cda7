"""Whether a sentence can be understood without the ones around it, and without the document it stands in."""

import re

from services.generation.authors.offline.verbs import BASE_VERBS

_OPENERS = {
    'en': r"""(?:however|therefore|thus|hence|consequently|moreover|furthermore|also|additionally|in addition|
        instead|otherwise|
        nevertheless|nonetheless|likewise|similarly|accordingly|meanwhile|finally|secondly|thirdly|firstly|
        then|next|
        but|and|or|so|yet|nor|still|again|here|there,|both|neither|either|another|others?|
        all (?:two|three|four|five|six)|some of (?:these|
        them)|
        the (?:former|latter|same|other|above|following|second|third|two|three)|such|this|that|these|those|it|
        its|they|their|them|he|she|his|
        her|we|our|i|my|for (?:example|instance)|as a result|in (?:this|that|these|those|such|either|both) \w+|
        for (?:this|that|these) \w+|at (?:this|that) \w+|after (?:this|that)\b|after which|in other words|
        on the other hand|by contrast|
        in contrast|each (?:has|is|must|can|of|one)|every one|most of (?:these|them)|all of (?:these|them)|
        each of (?:these|them)|none of (?:these|them)|
        even (?:so|then|if (?:it|they|this))|(?:if|when|once|before|after|unless|until|while|as) (?:it|they|
        this|that|these|those|so|not)\b|
        anything else|everything else|the rest|one is|one of them|no other|the (?:first|last) (?:is|one))""",
    'de': r"""(?:jedoch|allerdings|daher|deshalb|deswegen|darum|dadurch|dabei|dafür|damit ist|danach|dann|
        dazu|außerdem|zudem|
        ferner|weiterhin|ebenso|auch|aber|und|oder|sondern|denn|doch|so|sonst|andernfalls|hier|dort|
        diese[rsnm]?|
        jene[rsnm]?|dies|das ist|es|er|sie (?:ist|wird|hat|kann|muss|soll|darf)|ihre?|sein|seine|zum beispiel|
        beispielsweise|
        solche|beide|letztere|erstere|andere|wenn (?:es|sie|er|dies|das)\b|in diesem|in dieser|auf diese|
        aus diesem)""",
    'fr': (r"(?:cependant|toutefois|donc|ainsi|de plus|en outre|par exemple"
r"|ensuite|mais|et|ou|ce|cela|cette|ces|il|elle|ils|elles|celui|celle"
r"|ceux)"),
    'es': (r"(?:sin embargo|por lo tanto|así|además|por ejemplo|luego|después"
r"|pero|y|o|esto|eso|este|esta|estos|estas|ese|esa|él|ella|ellos"
r"|ellas)"),
    'it': r"(?:tuttavia|quindi|inoltre|per esempio|poi|ma|e|o|questo|questa|questi|queste|esso|essa|essi|ciò)",
    'nl': r"(?:echter|daarom|dus|bovendien|ook|bijvoorbeeld|dan|maar|en|of|dit|dat|deze|die|het is|hij|zij|ze)",
    'pt': (r"(?:no entanto|portanto|assim|além disso|por exemplo|depois"
r"|mas|e|ou|isto|isso|este|esta|estes|estas|ele|ela|eles"
r"|elas)"),
}  # fmt: skip
_OPENER = {
    language: re.compile(re.sub(r'\s*\n\s*', '', pattern) + r"(?=[\s,’'])", re.I)
    for language, pattern in _OPENERS.items()
}
_PRONOUN = re.compile(r'\b(?:it|they|them|this|these|those|its|their|itself|that one|the other|such|so|there)\b', re.I)
_WEAK = frozenset(
    (
        'above below under over near within per than more less most least about '
        'if when once before after unless until while as always never do not only please '
        'the a an to in on at of for and or with by from is are be must should may can '
        'will'
    ).split()
)


_LEANING = re.compile(
    r'^(?:\S+\s+){1,14}?(?:therefore|thus|also|likewise|however|nevertheless|similarly)\b'
    r'|^(?:\S+\s+){1,7}(?:instead(?! of)|too|then)\b'
    r'|\b(?:for|in|at) (?:the same|this|that) (?:reason|way|time)\b|\b(?:as well|too)[.!]?$',
    re.I,
)


# 'In such contexts, this expands to …', 'the only exceptions to this are …': this what?
_BARE_THIS = re.compile(
    r',\s+this\s+(?:\w+s|will|can|may|must|should)\b'
    r'|\b(?:to|of|for|by|from|with) this(?=[.,;]|\s+(?:is|are|was|were)\b)',
    re.I,
)


def needs_context(sentence: str, language: str) -> bool:
    """Whether the sentence leans on one before it ('However, …', 'It must …') and so cannot stand alone."""
    opener = _OPENER.get(language)
    if opener and opener.match(sentence):
        return True
    if language != 'en':
        return False
    if _LEANING.search(sentence) or _BARE_THIS.search(sentence):
        return True
    pronoun = _PRONOUN.search(sentence)
    if not pronoun or pronoun.group().lower() in ('there', 'so', 'such'):
        return bool(
            re.search(
                r'\b(?:the (?:above|former|latter)|(?:see|listed|described) (?:above|below)|above-mentioned)\b',
                sentence,
                re.I,
            )
        )
    before = [word.lower() for word in re.findall(r"[\w'-]+", sentence[: pronoun.start()])]
    nouns = [
        word
        for i, word in enumerate(before)
        if len(word) > 1
        and not word.isdigit()
        and word not in _WEAK
        and not (word in BASE_VERBS and (i == 0 or before[i - 1] in _WEAK))
    ]
    return not nouns


_POINTS = re.compile(
    r'\b(?:the|this|these|next|following) (?:table|figures?|list|diagram|chart|picture|questions?|checklist)s?'
    r'(?: (?:above|below|here))?\b(?=\s+(?:shows?|lists?|compares?|gives?|names?|holds?|are|is|below|above|follow)\b)'
    r'|\b(?:figures|values|rules|steps|points|shown|listed|given|described|named) (?:above|below)\b'
    r'|\bas (?:the|this) (?:table|list|figure|diagram|chart) \w+|\bin (?:the|this) (?:table|list|diagram|chart)\b'
    r'|\bdie (?:folgende )?(?:Tabelle|Liste|Abbildung)\b|\bin der (?:Tabelle|Liste)\b',
    re.I,
)
_DOCUMENT = re.compile(
    r'\b(?:this|the|earlier|previous|last|next|following|other|each|every) (?:chapters?|sections?|handbook|manual|'
    r'booklet|leaflet|guide|document|appendix|annex|edition|presentation|slides?|session|module|lesson)\b'
    r'|\b(?:dieses|diesem|das|im|dieser|diese) (?:Kapitels?|Abschnitts?|Handbuchs?|Dokuments?|Anhang|Broschüre)\b',
    re.I,
)


def points_elsewhere(sentence: str) -> bool:
    """'… as the table shows': true only beside the table."""
    return bool(_POINTS.search(sentence))


def is_about_the_document(sentence: str) -> bool:
    """'Every figure in this chapter …': belongs in a text, but teaches nothing that could be asked."""
    return bool(_DOCUMENT.search(sentence))
