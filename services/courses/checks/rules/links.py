"""Every link leads somewhere. Addresses outside were asked before (services.courses.links); here they are only read."""

import re
from urllib.parse import urlsplit

from services.courses.checks.examined import Block, Examined, Link
from services.courses.checks.findings import AMBER, Finding
from services.courses.checks.rule import Judged, Rule
from services.courses.checks.words import pieces

_ID = re.compile(r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')
_SCREENS = frozenset(['/', '/courses', '/knowledge', '/search', '/account', '/learn'])
_NEVER = re.compile(r'\.(?:invalid|test|example)\.?$', re.I)
_UNASKED = Link(state='silent', why='It has not been asked yet.')


def judge(course: Examined) -> Judged:
    found, total = [], 0
    for block in course.blocks:
        for href in dict.fromkeys(pieces(str(block.content.get('html', ''))).links):
            total += 1
            if finding := _of_link(course, block, href):
                found.append(finding)
    return Judged(total, found)


def outside(href: str) -> bool:
    return urlsplit(href).scheme in ('http', 'https')


def _of_link(course: Examined, block: Block, href: str) -> Finding | None:
    if href.startswith('mailto:'):
        return None
    link = _asked(course, href) if outside(href) else _inside(course, href)
    if link.state == 'live':
        return None
    dead = link.state == 'dead'
    return block.finding(
        'link_dead' if dead else 'link_not_checked',
        'The link to {address} leads nowhere: {why}' if dead else 'The link to {address} could not be checked: {why}',
        mend='Correct the address, or take the link out.' if dead else 'Open it yourself, or check again later.',
        severity='red' if dead else AMBER,
        params={'address': href[:120], 'why': link.why},
    )


def _asked(course: Examined, href: str) -> Link:
    host = urlsplit(href).hostname or ''
    if not host or _NEVER.search(host):
        return Link(state='dead', why='There is no such host.')
    return course.around.links.get(href, _UNASKED)


def _inside(course: Examined, href: str) -> Link:
    parts = urlsplit(href)
    ids = _ID.findall(href)
    if ids:
        here = {str(block.id) for block in course.blocks} | {str(lesson.id) for lesson in course.lessons}
        if all(one in course.around.internal or one in here for one in ids):
            return Link(state='live')
        return Link(state='dead', why='What it points to is not here.')
    if parts.path.startswith('/') and (parts.path.rstrip('/') or '/') in _SCREENS:
        return Link(state='live')
    return Link(state='dead', why='There is no such place in this course.')


RULE = Rule(code='link_dead', title='Links answer', judge=judge)
