"""The publish check drawn: findings first, each with the way to it and what one click can do; what passed is folded."""

from collections.abc import Sequence
from itertools import groupby

from components.button import button_html
from components.card import card
from components.diff_view import changed_words
from components.i18n import _, ngettext, number, translated
from components.markup import Act, attributes, escape, icon, markup
from components.origin import origin_html
from components.status import status_html
from services.courses import Finding, PublishCheck

_SHOWN = 4  # of a kind; the rest is folded
_SENTENCES = ('reason', 'why')  # parameters that are sentences of ours


def check_card(check: PublishCheck, *, on_act: Act | None = None, fixable: bool = False) -> None:
    """`fixable`: blocks can be changed by whoever looks; then findings offer what one click does about them."""
    blocking, warnings = check.blocking, check.warnings
    markup(_sum_html(check), classes='cw-card')
    if not blocking and not warnings:
        return
    html = ''
    if blocking:
        html += _group_html('blocks', _('Blocks publishing'), '', blocking, fixable)
    if warnings:
        html += _group_html('look_again', _('Look again'), _('does not block'), warnings, fixable)
    with card(label=_('Findings'), padded=False).classes('cw-below'):
        markup(html, classes='cw-findings', on_act=on_act)


def ready_card(check: PublishCheck) -> None:
    """What publishing waits for, and whose words the blocks are."""
    approved = _('{n} of {total}', n=number(check.approved), total=number(check.blocks))
    blocking = len(check.blocking)
    found = ngettext('{n} blocks', '{n} block', blocking) if blocking else _('none blocks')
    counts = check.origins
    origins = ''.join(
        f'<span class="cw-line cw-close">{origin_html(kind)} {escape(number(counts[kind]))}</span>'
        for kind in ('ai', 'ai_human', 'human')
        if counts.get(kind)
    )
    rows = (
        (_('Blocks approved'), status_html('passed' if check.approved == check.blocks else 'waiting', approved)),
        (_('Findings'), status_html('blocks' if blocking else 'passed', found)),
    )
    with card(_('At a glance')):
        markup(
            ''.join(f'<dt>{escape(name)}</dt><dd>{value}</dd>' for name, value in rows), tag='dl', classes='cw-facts'
        )
        if origins:
            markup(f'<span class="cw-small-text">{escape(_("Written by"))}</span>{origins}', classes='cw-line')


def passed_card(check: PublishCheck) -> None:
    """How much of the course keeps each rule; whole rules are folded."""
    whole = [one for one in check.checks if one.passed == one.total]
    partly = [one for one in check.checks if one.passed != one.total]
    folded = ngettext('{n} rule is kept throughout', '{n} rules are kept throughout', len(whole))
    html = ''.join(_line_html(one.title, one.passed, one.total) for one in partly)
    html = f'<ul class="cw-checks">{html}</ul>' if html else ''
    if whole:
        lines = ''.join(_line_html(one.title, one.passed, one.total) for one in whole)
        opened = '' if partly else ' open'
        html += f'<details{opened}><summary>{escape(folded)}</summary><ul class="cw-checks">{lines}</ul></details>'
    with card(_('What was checked')):
        markup(html, classes='cw-folded')


def _line_html(title: str, passed: int, total: int) -> str:
    return (
        f'<li>{_mark(passed == total)}<span>{escape(translated(title))}</span>'
        f'<small>{escape(_("{n} of {total}", n=number(passed), total=number(total)))}</small></li>'
    )


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


def _group_html(state: str, title: str, note: str, findings: Sequence[Finding], fixable: bool) -> str:
    aside = f'<small>{escape(note)}</small>' if note else ''
    html = f'<h3>{status_html(state, title)}{aside}</h3>'
    for _code, same in groupby(findings, key=lambda finding: finding.code):
        every = [_finding_html(finding, state, fixable) for finding in same]
        html += f'<ul>{"".join(every[:_SHOWN])}</ul>'
        if rest := every[_SHOWN:]:
            more = ngettext('Show {n} more like it', 'Show {n} more like these', len(rest))
            html += f'<details><summary>{escape(more)}</summary><ul>{"".join(rest)}</ul></details>'
    return html


def _finding_html(finding: Finding, state: str, fixable: bool) -> str:
    symbol, tone = ('error', 'bad') if state == 'blocks' else ('warning', 'warn')
    words = finding.lesson or _('Open it')
    link = ''
    if finding.jump:
        arrow = icon('arrow_forward', 'cw-i-xs cw-flips')
        link = f'<a{attributes(href=finding.jump)}>{escape(words)}{arrow}</a>'
    params = {name: translated(value) if name in _SENTENCES else value for name, value in finding.params.items()}
    mend = translated(finding.mend, **params) if finding.mend else ''
    return (
        f'<li class="cw-finding"><span class="cw-{tone}">{icon(symbol)}</span>'
        f'<div><b>{escape(translated(finding.message, **params))}</b><p>{escape(mend)}</p>{_words_html(finding)}'
        f'{_fix_html(finding) if fixable else ""}</div>{link}</li>'
    )


def _words_html(finding: Finding) -> str:
    if finding.said and finding.source:
        return f'<p class="cw-excerpt">{changed_words(finding.said, finding.source)}</p>'
    words = finding.source or finding.said or finding.excerpt
    return f'<p class="cw-excerpt">{escape(words)}</p>' if words else ''


def _fix_html(finding: Finding) -> str:
    words = {
        'own_words': (_('These are my own words'), 'edit_note'),
        'headings': (_('Put the headings in order'), 'format_list_numbered'),
        'alt_text': (_('Describe the image'), 'image'),
        'remove': (_('Remove this question'), 'delete'),
    }.get(finding.fix)
    if words is None or finding.block_id is None:
        return ''
    text, symbol = words
    return f'<p class="cw-fix">{button_html(text, finding.fix, str(finding.block_id), icon=symbol)}</p>'


def _mark(passed: bool) -> str:
    return status_html('passed' if passed else 'look_again', word=False)
