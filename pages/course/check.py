"""The publish check: findings first, each with the way to it; what passed beside them."""

from collections.abc import Sequence

from components.card import card
from components.i18n import _, ngettext, number, translated
from components.markup import escape, icon, markup
from components.origin import origin_html
from components.status import status_html
from services.courses import Finding, PublishCheck


def check_card(check: PublishCheck, studio: str) -> None:
    """`studio` is where blocks are mended; empty where there is no such place."""
    blocking, warnings = check.blocking, check.warnings
    markup(_sum_html(check), classes='cw-card')
    if not blocking and not warnings:
        return
    html = ''
    if blocking:
        html += _group_html('blocks', _('Blocks publishing'), '', blocking, studio)
    if warnings:
        html += _group_html('look_again', _('Look again'), _('does not block'), warnings, studio)
    with card(label=_('Findings'), padded=False).classes('cw-below'):
        markup(html, classes='cw-findings')


def ready_card(check: PublishCheck) -> None:
    """How much of the course keeps each rule."""
    counts = check.origins
    origins = ''.join(
        f'<span class="cw-line cw-close">{origin_html(kind)} {escape(number(counts[kind]))}</span>'
        for kind in ('ai', 'ai_human', 'human')
        if counts.get(kind)
    )
    rows = ''.join(
        f'<li>{_mark(one.passed == one.total)}<span>{escape(translated(one.title))}</span>'
        f'<small>{escape(_("{n} of {total}", n=number(one.passed), total=number(one.total)))}</small></li>'
        for one in check.checks
    )
    with card(_('Publish check')):
        markup(rows, tag='ul', classes='cw-checks')
        if origins:
            markup(f'<span class="cw-small-text">{escape(_("Written by"))}</span>{origins}', classes='cw-line')


def _sum_html(check: PublishCheck) -> str:
    blocking, warnings = len(check.blocking), len(check.warnings)
    if blocking:
        title = ngettext('One finding blocks publishing', '{n} findings block publishing', blocking)
        words, symbol, tone = _('Mend it and this page turns green by itself.'), 'error', 'bad'
    elif warnings:
        title, symbol, tone = _('Ready to publish'), 'check_circle', 'ok'
        words = _('Nothing blocks. A few things deserve a look.')
    else:
        title, symbol, tone = _('Ready to publish'), 'check_circle', 'ok'
        words = _('Everything was checked and nothing was found.')
    passed = sum(one.passed for one in check.checks)
    counts = (
        (blocking, _('block'), 'bad' if blocking else 'ink2'),
        (warnings, _('look again'), 'warn' if warnings else 'ink2'),
        (passed, _('passed'), 'ok'),
    )
    shown = ''.join(
        f'<div><dt class="cw-{tone}">{escape(number(n))}</dt><dd>{escape(name)}</dd></div>' for n, name, tone in counts
    )
    return (
        f'<div class="cw-sum"><span class="cw-{tone}">{icon(symbol)}</span>'
        f'<div class="cw-sum-words"><h2 class="cw-{tone}">{escape(title)}</h2><p>{escape(words)}</p></div>'
        f'<dl class="cw-counts">{shown}</dl></div>'
    )


def _group_html(state: str, title: str, note: str, findings: Sequence[Finding], studio: str) -> str:
    aside = f'<small>{escape(note)}</small>' if note else ''
    rows = ''.join(_finding_html(finding, state, studio) for finding in findings)
    return f'<h3>{status_html(state, title)}{aside}</h3><ul>{rows}</ul>'


def _finding_html(finding: Finding, state: str, studio: str) -> str:
    symbol, tone = ('error', 'bad') if state == 'blocks' else ('warning', 'warn')
    href = f'{studio}?lesson={finding.lesson_id}' if finding.lesson_id else studio
    words = finding.lesson or _('Open in the studio')
    link = f'<a href="{escape(href)}">{escape(words)}{icon("arrow_forward", "cw-i-xs cw-flips")}</a>' if studio else ''
    quote = f'<p class="cw-excerpt">{escape(finding.excerpt)}</p>' if finding.excerpt else ''
    params = finding.params
    return (
        f'<li class="cw-finding"><span class="cw-{tone}">{icon(symbol)}</span>'
        f'<b>{escape(translated(finding.message, **params))}</b>{link}{quote}</li>'
    )


def _mark(passed: bool) -> str:
    return status_html('passed' if passed else 'look_again', word=False)
