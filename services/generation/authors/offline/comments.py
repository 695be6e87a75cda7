"""Answering a reviewer's comment on an outline, as far as that can be done with the sources alone."""

import re
from collections.abc import Callable

from services.generation.authors.base import Brief
from services.generation.authors.offline.grammar import is_order
from services.generation.authors.offline.plan import Plan
from services.generation.authors.offline.reading import Corpus
from services.generation.authors.offline.words import stems
from services.generation.drafts import OutlineDraft


def revised(corpus: Corpus, brief: Brief, previous: OutlineDraft, comment: str) -> OutlineDraft:
    """The previous outline with the comment answered and everything else left as it was."""
    plan = Plan(corpus, brief, previous)
    answers: list[str] = []
    shortened = False
    for wish in wishes(comment):
        if shortened and _asks_for_less(wish):
            continue  # 'too long, make it shorter' is one wish said twice
        answers.append(_answer(plan, wish))
        shortened = shortened or _asks_for_less(wish)
    return plan.outline(' '.join(dict.fromkeys(answers)))


def wishes(comment: str) -> list[str]:
    """The comment cut into single wishes: at sentence ends, line ends, and 'and' before another order."""
    found: list[str] = []
    for part in re.split(r'(?:[.!?;]+(?=\s|$))|\n+', comment):
        pieces = re.split(r',?\s+(?:and|und)\s+(?:then\s+|also\s+)?|,\s+(?=\w+ )', part.strip(' -•*'))
        wish = ''
        for piece in pieces:
            if wish and (_begins_wish(piece)):
                found.append(wish)
                wish = piece
            else:
                joint = (
                    part[part.find(wish) + len(wish) : part.find(piece, part.find(wish) + len(wish))] if wish else ''
                )
                wish += joint + piece
        if len(wish.split()) >= 1 and re.search(r'\w{3}', wish):
            found.append(wish)
    return found


def _asks_for_less(wish: str) -> bool:
    return (
        bool(re.search(r'\b(?:shorter|shorten|fewer|too (?:long|many|much)|condense)\b', wish, re.I))
        and len(wish.split()) <= 6
    )


def _begins_wish(piece: str) -> bool:
    return bool(
        re.match(
            (
                r'(?:please\s+)?(?:add|remove|delete|drop|split|merge|combine|rename|move|shorten|include'
                r'|cover|expand|leave out|make|give|more|fewer|less|move|put)\b|.+\b(?:should|must) (?:come|go'
                r'|be)\b'
            ),
            piece,
            re.I,
        )
    )


_Q = r'[“”"„‚‘\'’]?'
_WHAT = (
    rf'(?:the\s+)?(?:(?:lesson|module|part|section|chapter|objective|topic|Lektion|Modul'
    rf'|Abschnitt)s?\s+)?(?:(?:on|about|called|named|zu'
    rf'|über)\s+)?(?:the\s+)?{_Q}(?P<what>.+?){_Q}(?:\s+(?:lesson|module|section|part|chapter))?'
)
_END = (
    r'(?:\s+(?:please|from the course|from the outline|entirely'
    r'|completely|altogether|to the course|to the outline|as well|too'
    r'|bitte))*$'
)


def _answer(plan: Plan, wish: str) -> str:
    wish = re.sub(
        (
            r'^(?:please|could you|can you|i (?:would like|want)(?: '
            r'you)?(?: to)?|we (?:need|should|want)(?: to)?|you should'
            r'|bitte)\s+'
        ),
        '',
        wish.strip(),
        flags=re.I,
    )
    for pattern, act in _ACTS:
        found = pattern.search(wish)
        if found:
            done = act(plan, found)
            if done:
                return done
    return plan.add(_topic(plan, wish), objective_only=False, asked=False)


def _rename(plan: Plan, found: re.Match[str]) -> str:
    return plan.rename(found['what'], found['to'])


def _remove(plan: Plan, found: re.Match[str]) -> str:
    return plan.remove(found['what'])


def _split(plan: Plan, found: re.Match[str]) -> str:
    return plan.split(found['what'])


def _merge(plan: Plan, found: re.Match[str]) -> str:
    return plan.merge(found['what'], found['other'])


def _move(plan: Plan, found: re.Match[str]) -> str:
    return plan.move(found['what'], found['where'].lower(), found['other'] or '')


def _first(plan: Plan, found: re.Match[str]) -> str:
    return plan.move(found['what'], 'first', '')


def _fewer(plan: Plan, found: re.Match[str]) -> str:
    number = re.search(r'\b(\d+|one|two|three|four|five|six|seven|eight)\s+(modules?|lessons?)', found.string, re.I)
    words = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']
    count = (int(number[1]) if number[1].isdigit() else words.index(number[1].lower())) if number else None
    return plan.fewer(modules='modul' in found.string.lower(), count=count)


def _more_lessons(plan: Plan, found: re.Match[str]) -> str:
    return plan.more_lessons()


def _time(plan: Plan, found: re.Match[str]) -> str:
    if re.fullmatch(
        r'(?:it|this|that|everything|all|(?:the )?(?:course|outline|whole thing))', found['what'].strip(), re.I
    ):
        return _fewer(plan, found) if re.search(r'\bshorter\b', found.string, re.I) else plan.more_lessons()
    number = re.search(r'(\d+)\s*min', found.string, re.I)
    factor = 0.6 if re.search(r'\b(?:less|shorter|weniger|kürzer)\b', found.string, re.I) else 1.6
    return plan.give_time(found['what'], int(number[1]) if number else None, factor)


def _objective(plan: Plan, found: re.Match[str]) -> str:
    topic = _topic(plan, found['what'])
    return plan.add(topic, objective_only=True) if stems(topic, plan.corpus.language) else plan.other_objectives()


def _add(plan: Plan, found: re.Match[str]) -> str:
    return plan.add(_topic(plan, found['what']), objective_only=False)


_ACTS: list[tuple[re.Pattern[str], Callable[[Plan, re.Match[str]], str]]] = [
    (
        re.compile(
            (
                rf'\b(?:rename|retitle|change the (?:title|name) of|nenne'
                rf'|benenne)\s+{_WHAT}\s+(?:to|into|as'
                rf'|in)\s+{_Q}(?P<to>[^“”"„]+?){_Q}(?:\s+um)?{_END}'
            ),
            re.I,
        ),
        _rename,
    ),
    (re.compile(rf'\bcall\s+{_WHAT}\s*["“‘„](?P<to>[^“”"]+)["”’“]', re.I), _rename),
    (
        re.compile(
            (
                rf'\b(?:remove|delete|drop|leave out|take out|skip|omit|cut(?! down)|get rid of|no '
                rf'need for|we do not need|without|entferne?n?|streiche?n?'
                rf'|lösche?n?)\s+{_WHAT}{_END}'
            ),
            re.I,
        ),
        _remove,
    ),
    (
        re.compile(
            rf'\b(?:split|divide|break up|teile?n?)\s+(?:up\s+)?{_WHAT}(?:\s+(?:into|in|auf)\s+.*|\s+up)?{_END}', re.I
        ),
        _split,
    ),
    (
        re.compile(
            (
                rf'\b(?:merge|combine|join|fasse?n?|vereine?n?)\s+{_WHAT}\s+(?:and|with|into'
                rf'|und|mit)\s+(?:the\s+)?{_Q}(?P<other>.+?){_Q}(?:\s+(?:into'
                rf'|zusammen).*)?{_END}'
            ),
            re.I,
        ),
        _merge,
    ),
    (
        re.compile(
            (
                rf'\b(?:move|put|place|bring|verschiebe?n?)\s+{_WHAT}\s+(?:to (?:the )?)?(?P<where>before|after'
                rf'|start|beginning|front|top|end|bottom|first|last|earlier|later|vor'
                rf'|nach)\b\s*{_Q}(?P<other>.*?){_Q}$'
            ),
            re.I,
        ),
        _move,
    ),
    (
        re.compile(
            (
                rf'^{_WHAT}\s+(?:should|must|could)\s+(?:come|go|be'
                rf'|stand)\s+(?P<where>before|after|first|last|earlier'
                rf'|later)\b\s*{_Q}(?P<other>.*?){_Q}$'
            ),
            re.I,
        ),
        _move,
    ),
    (re.compile(rf'\b(?:start|begin)\s+with\s+{_WHAT}{_END}', re.I), _first),
    (re.compile(r'\b(?:objectives?|learning goals?|outcomes?|lernziele?)\b(?P<what>.*)$', re.I), _objective),
    (re.compile(rf'\b(?:more|less|weniger|mehr) (?:time|minutes|zeit) (?:for|on|to|für)\s+{_WHAT}{_END}', re.I), _time),
    (re.compile(rf'\bmake\s+{_WHAT}\s+(?:longer|shorter|(?:last\s+)?\d+ ?min\w*){_END}', re.I), _time),
    (
        re.compile(
            (
                rf'\b(?:give|allow)\s+{_WHAT}\s+(?:more|less) (?:time|minutes){_END}'
                rf'|\b{_WHAT.replace("<what>", "<same>")}\s+needs? (?:more|less) (?:time'
                rf'|minutes)'
            ).replace('(?P<same>', '(?:'),
            re.I,
        ),
        lambda plan, found: _time(plan, found) if found['what'] else '',
    ),
    (
        re.compile(
            (
                r'\b(?:shorter|shorten|fewer|condense|too (?:long|many|much|detailed)|at most|no more than|less '
                r'lessons|reduce|in \w+ (?:modules|lessons)|(?:only|just) \w+ (?:modules|lessons)|kürzer|weniger'
                r'|zu viele|zu lang)\b'
            ),
            re.I,
        ),
        _fewer,
    ),
    (
        re.compile(
            r'\b(?:more|smaller|shorter) lessons\b|\btoo (?:short|few|coarse)\b|\bmore detailed\b|\bmehr lektionen\b',
            re.I,
        ),
        _more_lessons,
    ),
    (
        re.compile(
            (
                rf'\b(?:add|include|cover|mention|treat|explain|expand(?: on)?|emphasi[sz]e|stress|focus(?: more)? '
                rf'on|more (?:on|about|detail(?:s)? (?:on|about))|something (?:on|about)|nothing (?:on|about)'
                rf'|(?:too )?little (?:on|about)|missing|what about|forgot(?:ten)?|where is|say more (?:on|about)'
                rf'|ergänze?n?|mehr (?:zu|über)|füge?n?)\s*(?::\s*)?{_WHAT}(?:\s+(?:is|are) missing'
                rf'|\s+hinzu)?{_END}'
            ),
            re.I,
        ),
        _add,
    ),
    (re.compile(rf'^{_WHAT}\s+(?:is|are) missing', re.I), _add),
]
_CHATTER = re.compile(
    (
        r'\b(?:please|add|include|cover|mention|more|lesson|lessons|module|modules|section|chapter|course'
        r'|outline|about|missing|also|objective|objectives|should|need|needs|want|would|like|make'
        r'|students?|learners?|good|nice|great|thanks?|better|there|is|are|nothing|something|detail'
        r'|details|topic|practical|examples?|separate|own|new|short|first|aim)\b'
    ),
    re.I,
)


def _topic(plan: Plan, words: str) -> str:
    """The words of a wish that name a subject."""
    words = re.sub(r'^(?:a|an|one|another|eine?n?)\s+', '', words.strip(' :,-“”"'), flags=re.I)
    bare = re.sub(r'\s+', ' ', _CHATTER.sub('', words)).strip(' ,:-“”"')
    bare = re.sub(
        r'^(?:a|an|the|on|of|to|for|what|how|in|with|and|with|that|which|they|be|der|die|das|zu|zum|zur|über)\s+(?=\w)',
        '',
        bare,
        flags=re.I,
    )
    bare = re.sub(r'^(?:a|an|the|on|of|to|for|what|how|do|in|with|and)\s+(?=\w)', '', bare, flags=re.I)
    return bare if stems(bare, plan.corpus.language) or is_order(bare) else ''
