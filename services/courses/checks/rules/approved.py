"""Every block was approved exactly as it stands."""

from services.courses.checks.examined import Examined
from services.courses.checks.rule import Judged, Rule


def judge(course: Examined) -> Judged:
    found = [
        block.finding(
            'not_approved',
            'This block is not approved as it stands.',
            mend='Read it, then approve it or send it back.',
        )
        for block in course.blocks
        if not block.view.approved
    ]
    return Judged(len(course.blocks), found)


RULE = Rule(code='not_approved', title='Blocks approved as they stand', judge=judge)
