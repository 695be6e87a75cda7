"""What a sentence does: orders, defines, gives a reason, sets a condition. Careful rather than complete: what is not
recognised is simply not used."""

import re
from dataclasses import dataclass
from functools import lru_cache

from services.generation.authors.offline.verbs import BASE_VERBS


@dataclass(frozen=True, kw_only=True)
class Definition:
    term: str
    verb: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Reason:
    claim: str
    connector: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Condition:
    """'If the alarm sounds, close the sash': `when` is the first part, `then` the rest; both without end marks."""

    word: str
    when: str
    then: str


_FINITE = re.compile(
    (
        r'\b(?:is|are|was|were|must|should|may|can|cannot|will|shall|has|have'
        r'|does|do not have|needs?|requires?|means|contains?|includes?'
        r'|depends?)\b'
    ),
    re.I,
)
_ORDER = re.compile(
    (
        r"^(?:(?:always|never|please|do not|don['’]t|only|immediately"
        r'|carefully|first,?|then|simply|gently'
        r'|regularly)\s+){0,2}(\w+)\b(?:\s+(.*))?$'
    ),
    re.I | re.S,
)
_SUBORDINATE = re.compile(
    (
        r'\b(?:because|so that|if|when|whenever|which|that|who|what|how|why'
        r'|whether|until|unless|before|after|where|while|as soon as|in case)\b'
        r'|[,;:–]'
    ),
    re.I,
)


_THIRD_PERSON = frozenset(
    (
        'takes requires needs means makes gives helps begins starts ends protects causes occurs '
        'happens depends contains includes lasts shows goes comes stays remains lies stands saves '
        'and or'
    ).split()
)
_NO_OBJECT = _THIRD_PERSON | frozenset('is are was must should may can will has have of'.split())
_LIKE_ADJECTIVES = frozenset(
    (
        'direct complete clean clear close cool dry empty open secure '
        'separate warm free top present lower initial document minute light '
        'back wet'
    ).split()
)
_AFTER_A_VERB = re.compile(
    r'(?:an?|the|all|any|every|each|your|their|its|up|out|down|off|away|with|in|on|to|from|at|both|no|only|\d.*)', re.I
)


@lru_cache(maxsize=20_000)
def is_order(clause: str) -> bool:
    """Whether an English clause tells somebody to do something: 'Close the sash'."""
    found = _ORDER.match(clause.strip())
    if not found or found.group(1).lower() not in BASE_VERBS or not found.group(2):
        return False
    main = _SUBORDINATE.split(clause, maxsplit=1)[0]
    following = re.match(r"[\w'-]+", found.group(2))
    if found.group(1).lower() in _LIKE_ADJECTIVES and not (following and _AFTER_A_VERB.fullmatch(following.group())):
        return False
    if following and following.group().lower() in _NO_OBJECT:
        return False
    return not _FINITE.search(main[len(found.group(1)) :])


_DETERMINED = r'(?:an?|any|the|one of the|all|every(?:thing|one)?|something|anything|when|what|how)\b'
_DEFINITION = re.compile(
    r"^(?P<term>(?:(?:An?|The)\s+)?[A-Za-z][\w’'/()-]*(?:\s+[\w’'/()-]+){0,4}?)\s+"
    rf'(?:(?P<verb>is|are)\s+(?P<meaning>{_DETERMINED}.+)|(?P<verb2>means?|refers '
    rf'to|describes|stands for|is defined as|are defined as)\s+(?P<meaning2>.+))$'
)
_GERMAN_DEFINITION = re.compile(
    r'^(?P<term>(?:(?:Ein|Eine|Der|Die|Das)\s+)?[A-ZÄÖÜ][\w-]+(?:\s+[A-ZÄÖÜ(][\w()-]+)?)\s+'
    r'(?:(?P<verb>ist|sind)\s+(?P<meaning>(?:ein|eine|der|die|das|alle'
    r'|jede[rs]?)\b.+)|(?P<verb2>bezeichnet|bedeutet'
    r'|beschreibt)\s+(?P<meaning2>.+))$'
)
_NO_TERM = re.compile(
    (
        r'\b(?:it|this|that|these|those|there|here|what|which|who|one|you|they|he|she|we|all|most|many'
        r'|some|of|for|in|on|with|if|when|to|not|only|also|everyone|everybody|nobody|is|are|must|can'
        r'|should|below|above|signs?|causes?|examples?|purpose|aim|goal|reason|rule|result|most|best|worst'
        r'|first|second|last|next|es|dies|hier)\b'
    ),
    re.I,
)
_NO_MEANING = re.compile(
    r'^(?:an?|the|ein|eine|die|der|das)\s+(?:\w+\s+)?(?:source|sign|risk|hazard|common|frequent|danger'
    r'|cheapest|\w+est|good|bad|must|matter|problem|responsibility|duty|job|task|result|reason|time'
    r'|case|same|idea|only|single|rule|addition|control'
    r'|best|worst|first|last|most|least|main|right|wrong|cause|minimum|maximum'
    r'|more|exception|gut|beste|gleiche|selbe|erste|letzte|wichtigste)\w*\b'
)


# 'Since Bash is a new implementation': half a sentence; 'line 9 is the name': a place, and no term
_NO_SUBJECT = (
    r'(?:since|if|when|while|because|as|although|though|unless|where)\b'
    r'|(?:the )?(?:lines?|default|result|return value|purpose|reason|problem|field|column|row|item|argument|output)\b'
)


@lru_cache(maxsize=20_000)
def definition(sentence: str, language: str) -> Definition | None:
    """'A fume hood is a ventilated enclosure that …'."""
    pattern = {'en': _DEFINITION, 'de': _GERMAN_DEFINITION}.get(language)
    found = pattern.match(sentence.rstrip('. ')) if pattern else None
    if not found or not pattern:
        return None
    term = found['term']
    meaning = found['meaning'] or found['meaning2']
    if (
        re.match(_NO_SUBJECT, term, re.I)
        or _NO_TERM.search(re.sub(r'^(?:An?|The|Der|Die|Das|Eine?)\s+', '', term))
        or _NO_MEANING.match(meaning)
        or len(meaning.split()) < 4
    ):
        return None
    if re.match(r'(?:all|any|every|when|what|how)\b', meaning) and found['verb'] and len(meaning.split()) < 5:
        return None
    return Definition(term=term, verb=found['verb'] or found['verb2'], meaning=meaning)


_REASON = {
    'en': re.compile(
        r'^(?P<claim>.{12,}?),?\s+(?P<connector>because(?! of)|so that|in order to|to (?=(?:prevent|avoid'
        r'|protect|reduce|keep|ensure|make sure|stop|limit|remove|allow|minimi[sz]e|maintain|help)\b)|in '
        r'case|since (?=\w+ (?:is|are|can|may)\b))\s*(?P<reason>.{8,}?)[.!]?$'
    ),
    'de': re.compile(r'^(?P<claim>.{12,}?),\s+(?P<connector>weil|damit|da|um|sodass)\s+(?P<reason>.{8,}?)[.!]?$'),
}


@lru_cache(maxsize=20_000)
def reason(sentence: str, language: str) -> Reason | None:
    """'Keep the sash low because vapours escape above it'. Sentences with several claims are left alone."""
    pattern = _REASON.get(language)
    found = pattern.match(sentence) if pattern else None
    if (
        not found
        or ';' in sentence
        or ':' in sentence
        or re.search(
            (
                r'\b(?:if|when|not|only|enough|than|not only|used|able|allowed|need|needs|designed|intended|order'
                r'|it is|try|how|ways?|steps|ability|right|duty|effort|attempt|plan|time|chance|set|are|is|be|likely'
                r'|enough|has|have|made|easy|hard|easier|harder)$'
            ),
            found['claim'].strip(),
        )
    ):
        return None
    if definition(sentence, language) and not re.search(r'\b(?:required|kept|stored)\b', found['claim']):
        return None
    if re.search(r'\b(?:it|them|they|this|these)$|\bis \w+ing\b', found['claim'].strip()):
        return None
    if ', and ' in found['claim'] or _finite_verbs(found['claim']) > 1:
        return None
    return Reason(claim=found['claim'].strip(), connector=found['connector'].strip(), reason=found['reason'].strip())


def is_worth_asking(claim: str) -> bool:
    """'Restraint is preferred' or 'The cost of a pole is small' teach too little to ask why."""
    few = len(claim.split()) < 5
    judged = re.search(r'\b(?:is|are|was)\s+(?:[a-z]+ly\s+)?[a-z]+$', claim) and not re.search(
        r'(?:ed|en|wn|ught|forbidden|unsuitable|compulsory|dangerous|low-risk|high-risk|harmful)$', claim
    )
    return not few and not judged


def _finite_verbs(clause: str) -> int:
    return len(re.findall(r'\b(?:must|should|is|are|may|can|will)\b', clause))


_CONDITION = re.compile(
    r'^(?P<word>If|When|Whenever|Before|After|Once|As soon as|Unless|While|In case of|In '
    r'the event of'
    r'|During)\s+(?P<when>[^,;:]{4,90}),\s+(?:then\s+)?(?P<then>[^;:]{8,}?)[.!]?$'
)


@lru_cache(maxsize=20_000)
def condition(sentence: str, language: str) -> Condition | None:
    found = _CONDITION.match(sentence) if language == 'en' else None
    if not found or re.match(r'(?:and|or|but|which|who)\b', found['then']):
        return None
    return Condition(word=found['word'], when=found['when'], then=found['then'])


_RULE = {
    'en': re.compile(
        (
            r'\b(?:must|should|shall|never|always|may not|may only'
            r'|cannot|do not|required?|prohibited|forbidden|not '
            r'allowed)\b'
        ),
        re.I,
    ),
    'de': re.compile(
        r'\b(?:muss|müssen|soll|sollen|darf|dürfen|niemals|nie|immer|stets|verboten|vorgeschrieben)\b', re.I
    ),
}


@lru_cache(maxsize=20_000)
def is_rule(sentence: str, language: str) -> bool:
    pattern = _RULE.get(language)
    return bool(pattern and pattern.search(sentence)) or (language == 'en' and is_order(sentence))


_MODAL = re.compile(
    r'^(?P<subject>[^,;:]{2,70}?)\s+(?P<modal>must|should|shall|may|can|cannot|will|is|are)\s+(?P<rest>.+?)[.!]?$'
)


def asked(claim: str, small: str) -> str | None:
    """The claim turned into a question that begins with 'why': 'must gloves be changed'. `small` is the claim with its
    first letter as it reads inside a sentence."""
    if is_order(claim):
        never = re.match(r"(?:never|do not|don['’]t)\s+(.*)$", small, re.I)
        always = re.sub(r'^always\s+', '', small, flags=re.I)
        return (
            f'should you never {never[1]}'
            if never and small.lower().startswith('never')
            else f'should you not {never[1]}'
            if never
            else f'should you {always}'
        )
    found = _MODAL.match(small)
    if not found or _SUBORDINATE.search(found['subject']) or found['modal'] == 'cannot':
        return None
    if found['subject'].split()[0].lower() in BASE_VERBS and not re.match(r'(?:a|an|the|all|any|every|each)\b', small):
        return None
    return f'{found["modal"]} {found["subject"]} {found["rest"]}'
