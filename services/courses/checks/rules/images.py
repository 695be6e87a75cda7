"""Every image is there, and says what it shows to whoever cannot see it."""

import re

from services.courses.checks.examined import Examined
from services.courses.checks.findings import AMBER
from services.courses.checks.rule import Judged, Rule
from services.courses.checks.words import pieces

_FILE_NAME = re.compile(
    r'^(?:img|dsc|dcim|image|screenshot|photo|bild|scan|pic)[\s_-]*\d*$|^\S+\.(?:png|jpe?g|gif|webp|svg|bmp|tiff?)$'
    r'|^(?:image|picture|photo|bild|foto|graphic)$',
    re.I,
)


def judge(course: Examined) -> Judged:
    found, total = [], 0
    for block in course.blocks:
        for image in pieces(str(block.content.get('html', ''))).images:
            total += 1
            if image.src.rpartition('/')[2] not in course.around.internal:
                message = 'An image is not here any more.'
                found.append(block.finding('image_missing', message, mend='Add it again, or take it out.'))
            elif not (image.alt or '').strip():
                found.append(
                    block.finding(
                        'image_without_alt',
                        'An image says nothing to a screen reader: it has no alternative text.',
                        mend='Write what it shows.',
                        fix='alt_text',
                    )
                )
            elif _FILE_NAME.match((image.alt or '').strip()):
                found.append(
                    block.finding(
                        'alt_is_a_name',
                        'An image says nothing to a screen reader: its alternative text is “{alt}”.',
                        mend='Write what it shows.',
                        severity=AMBER,
                        params={'alt': (image.alt or '')[:80]},
                        fix='alt_text',
                    )
                )
    return Judged(total, found)


RULE = Rule(code='image_without_alt', title='Images say what they show', judge=judge)
