"""The rows of the list: folders first, then documents with their state and what is to be known of them."""

from components.button import button_html, icon_button_html
from components.i18n import _, file_size, locale, ngettext, number, percent, translated, when_html
from components.markup import attributes, escape, icon
from components.ruler import meter_html
from components.status import status_html
from pages.knowledge.wording import collection_name, language_name
from pages.wording import document_icon, document_kind
from services.knowledge.collections import GENERATION
from services.knowledge.folders import FolderView
from services.knowledge.views import DocumentView


def document_row(document: DocumentView, *, line: int, may_change: bool) -> str:
    """`line` is the organisation's line of quality."""
    key = str(document.id)
    name = f'<a{attributes(class_="cw-plainlink", href=f"/knowledge/{key}")}>{escape(document.name)}</a>'
    pages = ngettext('{n} page', '{n} pages', document.pages) if document.pages else ''
    passages = ngettext('{n} passage', '{n} passages', document.chunks) if document.chunks else ''
    cells = f'<span class="cw-two cw-row-meta"><b>{escape(pages)}</b><small>{escape(passages)}</small></span>'
    cells += f'<span class="cw-two cw-row-late cw-row-state">{_status_html(document)}</span>'
    if may_change:
        tools = button_html(_('Try again'), 'retry', key) if document.status == 'failed' else ''
        tools += icon_button_html('drive_file_move', _('Move {name}', name=document.name), 'move', key)
        tools += icon_button_html('delete', _('Remove {name}', name=document.name), 'remove', key)
        cells += f'<span class="cw-line cw-close cw-row-tools">{tools}</span>'
    return (
        f'<div class="cw-row cw-row-link"><span class="cw-tile">{icon(document_icon(document.media_type))}</span>'
        f'<span class="cw-two cw-row-main"><b class="cw-cut">{name}</b>{_told(document, line)}</span>{cells}</div>'
    )


def folder_row(folder: FolderView, *, folders_inside: int, may_change: bool) -> str:
    key = str(folder.id)
    inside = [ngettext('{n} document', '{n} documents', folder.documents)]
    if folders_inside:
        inside.append(ngettext('{n} folder', '{n} folders', folders_inside))
    name = f'<a{attributes(class_="cw-plainlink", href=f"/knowledge?folder={key}")}>{escape(folder.name)}</a>'
    cells = ''
    if may_change:
        tools = icon_button_html('edit', _('Rename {name}', name=folder.name), 'folder-rename', key)
        tools += icon_button_html('drive_file_move', _('Move {name}', name=folder.name), 'folder-move', key)
        tools += icon_button_html('delete', _('Delete {name}', name=folder.name), 'folder-delete', key)
        cells = f'<span class="cw-line cw-close cw-row-tools">{tools}</span>'
    return (
        f'<div class="cw-row cw-row-link cw-row-folder"><span class="cw-tile cw-tile-on">{icon("folder")}</span>'
        f'<span class="cw-two cw-row-main"><b class="cw-cut">{name}</b>'
        f'<small>{escape(", ".join(inside))}</small></span>{cells}</div>'
    )


def _told(document: DocumentView, line: int) -> str:
    facts = [document_kind(document.media_type), file_size(document.size), document.uploader]
    if document.version > 1:
        facts.insert(1, _('version {n}', n=number(document.version)))
    if document.collection != GENERATION:
        facts.insert(0, collection_name(document.collection))
    if document.language and document.language.split('-')[0] != locale().split('_')[0]:
        facts.append(language_name(document.language))
    after = f' · {when_html(document.created_at)}'
    told = f'<small class="cw-cut">{escape(" · ".join(filter(None, facts)))}{after}</small>'
    if document.status == 'failed':
        return told + f'<small class="cw-bad">{escape(translated(document.error or ""))}</small>'
    for words in _marks(document, line):
        told += f'<small class="cw-warn">{escape(words)}</small>'
    return told


def _marks(document: DocumentView, line: int) -> list[str]:
    """What one should know before writing from it; the most that fits below a name."""
    marks = []
    if document.quality is not None and document.quality < line:
        score = number(document.quality)
        marks.append(
            _('Quality {score}, below your line: included anyway.', score=score)
            if document.included_anyway
            else _('Quality {score}, below your line: drafts and searches pass it over.', score=score)
        )
    if document.hidden:
        marks.append(_('Hidden text was left out. Look at it before you write from this document.'))
    return (marks or [translated(one) for one in document.warnings])[:2]


def _status_html(document: DocumentView) -> str:
    if document.status != 'indexing':
        return status_html(document.status)
    share = percent(document.progress)
    bar = meter_html(document.progress, label=_('{share} of {name} is indexed', share=share, name=document.name))
    return f'{status_html("indexing")}<span class="cw-meta">{bar} {escape(share)}</span>'


def none_html(name: str) -> str:
    return f'<p class="cw-none">{escape(_("No document is named like “{name}”.", name=name))}</p>'


def pager_html(first: int, shown: int, total: int) -> str:
    words = _('{first} to {last} of {total}', first=number(first + 1), last=number(first + shown), total=number(total))
    back = icon_button_html('chevron_left', _('Previous'), 'turn', 'back', disabled=first == 0)
    forth = icon_button_html('chevron_right', _('Next'), 'turn', 'next', disabled=first + shown >= total)
    return f'<span class="cw-pages cw-push">{escape(words)}{back}{forth}</span>'
