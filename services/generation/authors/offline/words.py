"""Words, stems and likeness: enough linguistics to compare sentences, without a model."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

STOPWORDS = {
    'en': frozenset(
        """
        a about above after again all also always am an and any are as at be because been before being below
        between both but by can cannot could did do does doing done down during each either else even ever
        every few for from further get gets give given goes had has have having he her here hers him his how
        however i if in into is it its itself just keep least less let like made make makes many may me might
        more most much must my never no nor not now of off often on once one only or other our ours out over
        own per please put same shall she should since so some such take than that the their theirs them then
        there these they this those through thus to too under until up upon us use used very was we were what
        when where whether which while who whom whose why will with within without would yes yet you your
        yours first second third two three four
        """.split()
    ),
    'de': frozenset(
        """
        ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bevor bin bis
        bitte da damit dann das dass dem den denn der des dessen die dies diese diesem diesen dieser dieses
        doch dort du durch ein eine einem einen einer eines er es etwa für gegen hat haben hier ihr ihre ihrem
        ihren ihrer im immer in ist ja je jede jedem jeden jeder jedes kann kein keine keinen können man mehr
        mit muss müssen nach nicht nie noch nur ob oder ohne sein seine seinem seinen seiner sich sie sind so
        sobald soll sollen sollte sowie über um und unter vom von vor war was weil wenn wer werden wie wird wo
        zu zum zur zwischen
        """.split()
    ),
    'fr': frozenset(
        """
        à afin ainsi alors au aucun aussi autre aux avant avec ce ces cet cette chaque comme dans de des dès
        donc du elle en est et être il ils je la le les leur lors mais même ne ni nos notre nous on ou où par
        pas pendant peut plus pour puis qu que qui sa sans se ses si son sont sous sur tous tout toute toutes
        très un une vers vos votre vous y
        """.split()
    ),
    'es': frozenset(
        """
        a al algo ante antes como con cada cual cuando de debe deben del desde donde durante e el ella en
        entre es esa ese esta este esto estos están fue ha hasta hay la las le les lo los más me mi muy ni no
        nos nunca o otra otro para pero por porque que se ser si sin sobre solo son su sus también tiene todo
        todos un una uno unos usted y ya
        """.split()
    ),
    'it': frozenset(
        """
        a ad agli ai al alla alle allo anche che ci come con da dal dalla dei del della delle dello di dopo
        dove e ed è gli ha hanno i il in la le lo ma mai nei nel nella non o ogni per più prima può quando
        quella quello questa questo se sempre senza si sono su sul sulla tra tutti un una uno
        """.split()
    ),
    'nl': frozenset(
        """
        aan al alle als altijd bij dan dat de deze die dit door een elke en er geen had heeft hem het hier hij
        hoe iets in is je kan kunnen maar meer met mijn moet moeten na naar niet nog nooit nu of om onder ook
        op over te tot uit u uw van veel voor waar wanneer was wat we wel werd worden wordt ze zich zij zijn
        zo zonder zou
        """.split()
    ),
    'pt': frozenset(
        """
        a ao aos antes as até cada com como da das de deve do dos e é ela ele em entre essa esse esta este foi
        há isso já mais mas me muito na nas não nem no nos nunca o os ou para pela pelo por porque quando que
        se sem ser seu sua são também tem todo todos um uma você
        """.split()
    ),
}
_WORD = re.compile(r"[^\W\d_][\w'’-]*|\d+(?:[.,]\d+)*")


def tokens(text: str) -> list[str]:
    return _WORD.findall(text)


def language_of(texts: Iterable[str], *, otherwise: str) -> str:
    """The language whose small words are most frequent, if it clearly leads."""
    counts = Counter(word.lower() for text in texts for word in tokens(text))
    total = sum(counts.values()) or 1
    shares = {language: sum(counts[word] for word in words) / total for language, words in STOPWORDS.items()}
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] > 0.15 else otherwise


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The word without its commonest English and German endings; good enough to compare, never shown."""
    word = word.lower().replace('’', "'").removesuffix("'s").strip("'-")
    if len(word) <= 3 or word[0].isdigit():
        return word
    for ending, replacement in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + replacement
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in 'aeiouls':
        word = word[:-1]
    return word.removesuffix('e') if len(word) > 4 else word


_ENDINGS = (
    ('ization', 'ize'), ('isation', 'ise'), ('ations', 'ate'), ('ation', 'ate'), ('ements', 'e'), ('ement', 'e'),
    ('ings', ''), ('ing', ''), ('ies', 'y'), ('ied', 'y'), ('sses', 'ss'), ('shes', 'sh'), ('ches', 'ch'),
    ('xes', 'x'),
    ('edly', ''), ('ed', ''), ('ly', ''), ('ungen', 'ung'), ('ern', ''), ('en', ''), ('es', 'e'), ('er', 'er'),
    ('s', ''),
)  # fmt: skip


@lru_cache(maxsize=20_000)
def stems(text: str, language: str) -> frozenset[str]:
    """The stems of the words that carry meaning."""
    small = STOPWORDS.get(language, frozenset())
    return frozenset(stem(word) for word in tokens(text) if word.lower() not in small and (len(word) > 1))


_IRREGULAR = dict(
    pair.split(':')
    for pair in (
        'person:people man:men woman:women child:children foot:feet tooth:teeth mouse:mice knife:knives shelf:shelves '
        'life:lives half:halves leaf:leaves bacterium:bacteria analysis:analyses crisis:crises criterion:criteria'
    ).split()
)


def plural_of(term: str) -> str:
    """The last word of an English term in the plural."""
    head, _, last = term.rpartition(' ')
    low = last.lower()
    if low in _IRREGULAR:
        last = _IRREGULAR[low]
    elif re.search(r'(?:s|x|z|ch|sh)$', low):
        last += 'es'
    elif re.search(r'[^aeiou]y$', low):
        last = f'{last[:-1]}ies'
    else:
        last += 's'
    return f'{head} {last}' if head else last


def singular_of(term: str) -> str:
    head, _, last = term.rpartition(' ')
    low = last.lower()
    back = {several: one for one, several in _IRREGULAR.items()}
    if low in back:
        last = back[low]
    elif low.endswith('ies') and len(low) > 4:
        last = f'{last[:-3]}y'
    elif re.search(r'(?:ss|x|z|ch|sh)es$', low):
        last = last[:-2]
    elif low.endswith('s') and not low.endswith(('ss', 'us', 'is')):
        last = last[:-1]
    return f'{head} {last}' if head else last


def likeness(a: Collection[str], b: Collection[str]) -> float:
    """Jaccard's index of two sets of stems, 0..1."""
    if not a or not b:
        return 0.0
    shared = len(set(a) & set(b))
    return shared / (len(set(a)) + len(set(b)) - shared)


def overlap(a: Collection[str], b: Collection[str]) -> float:
    """How much of the smaller set stands in the other, 0..1."""
    if not a or not b:
        return 0.0
    return len(set(a) & set(b)) / min(len(set(a)), len(set(b)))


def rarity(documents: Sequence[Collection[str]]) -> dict[str, float]:
    """Inverse document frequency of each stem."""
    counts = Counter(word for document in documents for word in set(document))
    return {word: math.log(1 + len(documents) / count) for word, count in counts.items()}


def spread(
    scores: Sequence[float], vectors: Sequence[Collection[str]], limit: int, *, variety: float = 0.4
) -> list[int]:
    """Maximal marginal relevance: the best of `scores` that are not alike, as indices in the order picked."""
    picked: list[int] = []
    rest = list(range(len(scores)))
    while rest and len(picked) < limit:
        best = max(
            rest,
            key=lambda i: (
                (1 - variety) * scores[i]
                - variety * max((likeness(vectors[i], vectors[j]) for j in picked), default=0.0),
                -i,
            ),
        )
        picked.append(best)
        rest.remove(best)
    return picked
