"""Nothing brings colours or markup of its own: contrast stays that of the theme, which is measured."""

from services.courses.checks.examined import Examined
from services.courses.checks.rule import Judged, Rule
from services.richtext import sanitise


def judge(course: Examined) -> Judged:
    texts = [block for block in course.blocks if 'html' in block.content]
    found = [
        block.finding(
            'markup_of_its_own',
            'This block has colours or markup that a lesson may not have.',
            mend='Open it and save it again: what may not stay is taken out.',
        )
        for block in texts
        if sanitise(str(block.content['html'])) != block.content['html']
    ]
    return Judged(len(texts), found)


RULE = Rule(code='markup_of_its_own', title='Contrast of text and tables', judge=judge)
