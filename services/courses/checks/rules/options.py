"""No two answers of a question mean the same, and none points at the others."""

import re
from itertools import combinations

from services.courses.checks.examined import EXCERPT, Examined
from services.courses.checks.findings import AMBER
from services.courses.checks.rule import Judged, Rule
from services.courses.checks.rules.markable import question_fault
from services.courses.checks.words import same_words

_POINTS = re.compile(
    r'\b(?:(?:all|none|both|neither) of the (?:above|others|these)|(?:alle|keine)(?:s)? (?:der )?(?:genannten|obigen)'
    r'|toutes les réponses|aucune de ces|todas las anteriores|ninguna de las anteriores)\b',
    re.I,
)


def judge(course: Examined) -> Judged:
    asked = [block for block in course.questions if block.content.get('options') and not question_fault(block.content)]
    found = []
    for block in asked:
        texts = [option['text'] for option in block.content['options']]
        alike = next((pair for pair in combinations(texts, 2) if same_words(*pair, block.language)), None)
        if alike:
            found.append(
                block.finding(
                    'options_alike',
                    '“{one}” and “{other}” are the same answer.',
                    mend='Write another wrong answer, or take one out.',
                    params={'one': alike[0][:EXCERPT], 'other': alike[1][:EXCERPT]},
                )
            )
        elif points := next((text for text in texts if _POINTS.search(text)), ''):
            found.append(
                block.finding(
                    'option_points',
                    '“{answer}” points at the other answers.',
                    mend='Offer an answer of its own: the order of answers may change.',
                    severity=AMBER,
                    params={'answer': points[:EXCERPT]},
                )
            )
    return Judged(len(asked), found)


RULE = Rule(code='options_alike', title='Answers differ from each other', judge=judge)
