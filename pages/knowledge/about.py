"""What is to be known of a document, as parts of its page: facts, quality, what was left out, versions."""

from collections.abc import Sequence
from uuid import UUID

from components.button import button_html
from components.i18n import _, file_size, number, when_html
from components.markup import attributes, escape, icon
from components.ruler import meter_html
from components.status import status_html
from components.switch_field import switch_html
from pages.knowledge.wording import collection_name, hidden_kind, hidden_words, language_name, reasons
from pages.wording import document_icon, document_kind
from services.knowledge.views import DocumentView, HiddenView

_LOOKED_AT = 50


def about_html(document: DocumentView) -> str:
    kind = f'{icon(document_icon(document.media_type), "cw-i-xs")} {escape(document_kind(document.media_type))}'
    facts = [
        (_('Format'), kind),
        (_('Size'), escape(file_size(document.size))),
        (_('Pages'), escape(number(document.pages)) if document.pages else '–'),
        (_('Passages'), escape(number(document.chunks)) if document.chunks else '–'),
        (_('Language'), escape(language_name(document.language)) if document.status == 'indexed' else '–'),
        (_('Serves'), escape(collection_name(document.collection))),
        (_('Added by'), escape(document.uploader)),
        (_('Added'), when_html(document.created_at)),
    ]
    if document.source_url:
        given = attributes(href=document.source_url, rel='noopener noreferrer', target='_blank', class_='cw-cut')
        facts.append((_('Address'), f'<a{given}>{escape(document.source_url)}</a>'))
    if document.fetched_at:
        facts.append((_('Fetched'), when_html(document.fetched_at)))
    return ''.join(f'<dt>{escape(name)}</dt><dd>{value}</dd>' for name, value in facts)


def quality_html(document: DocumentView, *, line: int, may_change: bool) -> str:
    """The score as a bar and in words, what took points off, and the override where it is below the line."""
    if document.quality is None:
        return f'<p class="cw-small-text">{escape(_("It is judged while it is read."))}</p>'
    score = _('{score} of 100', score=number(document.quality))
    html = f'<p class="cw-line"><b>{escape(score)}</b>{meter_html(document.quality / 100, label=score)}</p>'
    found = reasons(document)
    if found:
        lost = ''.join(
            f'<li><span>{escape(words)}</span><span class="cw-meta">−{escape(number(points))}</span></li>'
            for words, points in found
        )
        html += f'<ul class="cw-points">{lost}</ul>'
    else:
        html += f'<p class="cw-small-text">{escape(_("Nothing took points off: it reads well."))}</p>'
    if document.quality >= line and not document.included_anyway:
        return html
    if document.quality < line:
        told = _('Your organisation takes nothing below {line} into drafts and searches.', line=number(line))
        html += f'<p class="cw-small-text">{escape(told)}</p>'
    if may_change:
        label = _('Take it anyway')
        html += f'<p class="cw-line"><span>{escape(label)}</span>'
        html += f'{switch_html(label, document.included_anyway, "include")}</p>'
    return html


def hidden_html(found: Sequence[HiddenView]) -> str:
    """How much was left out, and a look at it as plain text."""
    told = hidden_words(list(found)) or _('What the file says of itself was not taken over.')
    html = f'<p>{escape(told)}</p>'
    rows = ''.join(_finding_html(one) for one in found[:_LOOKED_AT])
    return html + f'<details><summary>{escape(_("Look at it"))}</summary><ul class="cw-left-out">{rows}</ul></details>'


def versions_html(versions: Sequence[DocumentView], *, shown: UUID, may_change: bool) -> str:
    return ''.join(_version_html(one, shown=shown, may_change=may_change) for one in versions)


def _finding_html(one: HiddenView) -> str:
    where = hidden_kind(one.kind)
    if one.page:
        where = _('{kind}, page {page}', kind=where, page=number(one.page))
    return f'<li><b class="cw-meta">{escape(where)}</b><q>{escape(one.text)}</q></li>'


def _version_html(one: DocumentView, *, shown: UUID, may_change: bool) -> str:
    name = _('Version {n}', n=number(one.version))
    if one.id == shown:
        lead = f'<b aria-current="true">{escape(name)}</b>'
    else:
        lead = f'<a{attributes(href=f"/knowledge/{one.id}")}>{escape(name)}</a>'
    state = f'<span class="cw-meta">{escape(_("in use"))}</span>' if one.current else ''
    if one.status != 'indexed':
        state = status_html(one.status)
    tools = ''
    if may_change and one.replaced_by is not None:
        label = _('Use version {n} again', n=number(one.version))
        tools = button_html(_('Use again'), 'restore', str(one.id), kind='quiet', label=label)
    told = f'{escape(one.uploader)} · {when_html(one.created_at)}'
    return (
        f'<li class="cw-version"><span class="cw-two"><span class="cw-line cw-close">{lead}{state}</span>'
        f'<small>{told}</small></span>{tools}</li>'
    )
