"""The source ledger of a course: every citation with its page and its words, to be followed in both directions."""

from uuid import UUID

from nicegui import ui

from components.card import card
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, ngettext, number, percent, when_html
from components.layout import columns, page, stack
from components.live import live
from components.markup import attributes, escape, icon, markup
from components.origin import origin_html
from components.page_header import page_header
from components.skeleton import skeleton
from components.status import status_html
from pages.guarded import guarded, id_in
from services.living.ledger import CitationView, Ledger
from services.platform import Services
from services.viewer import Permission, Viewer

_PAGE = 100


@guarded
async def index(viewer: Viewer, services: Services, course_id: str, document: str = '', most: str = '') -> None:
    """`document` filters by the id of a document, `most` says how many citations are shown."""
    here((_('Courses'), '/courses'), _('Sources'), nav='/courses')
    chosen = id_in(document) if document else None
    shown = int(most) if most.isdigit() and len(most) < 6 else _PAGE
    with page() as whole:
        waiting = skeleton(8)
        box = ui.element('div').classes('cw-stack')

    async def draw() -> None:
        course = await services.courses.get(viewer, id_in(course_id))
        ledger = await services.keeping.ledger.of_course(viewer, course.id, document_id=chosen)
        workflow = await services.workflows.of_course(viewer, course.id) if viewer.may(Permission.DRAFT_READ) else None
        here((_('Courses'), '/courses'), (course.title, f'/courses/{course.id}'), _('Sources'), nav='/courses')
        box.clear()
        with box:
            _build(ledger, course_id, course.title, f'/studio/{workflow.id}' if workflow else '', chosen, shown)

    await draw()
    waiting.delete()
    live(whole, services.bus, f'course:{course_id}', draw)


def _build(ledger: Ledger, course_id: str, title: str, studio: str, chosen: UUID | None, shown: int) -> None:
    count = len(ledger.citations)
    words = ngettext('{n} citation', '{n} citations', count)
    share = percent(ledger.resolved / count) if count else ''
    found = _('{share} stand word for word on their page', share=share) if count else ''
    page_header(_('Sources'), subtitle=', '.join(filter(None, (title, words, found))))
    if not ledger.documents:
        with (
            card(),
            empty_state(_('Nothing is cited yet'), _('Drafted lessons cite the pages they rest on.'), art=False),
        ):
            pass
        return
    with columns('side'):
        with stack(), card(label=_('Citations'), padded=False):
            html = ''.join(_row_html(one, studio) for one in ledger.citations[:shown])
            markup(html, tag='ul', classes='cw-findings cw-citations')
            if count > shown:
                href = f'/courses/{course_id}/sources?most={shown + _PAGE}' + (f'&document={chosen}' if chosen else '')
                markup(f'<a{attributes(href=href)}>{escape(_("Show more"))}</a>', classes='cw-card-body')
        with stack():
            _documents_card(ledger, course_id, chosen)


def _documents_card(ledger: Ledger, course_id: str, chosen: UUID | None) -> None:
    every = f'/courses/{course_id}/sources'
    rows = (
        f'<li><a{attributes(href=every, aria_current=None if chosen else "true")}>{escape(_("All documents"))}</a></li>'
    )
    for document_id, name, count in ledger.documents:
        current = 'true' if document_id == chosen else None
        link = attributes(href=f'{every}?document={document_id}', aria_current=current)
        rows += f'<li><a{link}>{escape(name)}</a><small>{escape(number(count))}</small></li>'
    with card(_('Documents')):
        markup(rows, tag='ul', classes='cw-checks cw-filter-list')
        if ledger.unsourced:
            note = ngettext('{n} block cites nothing.', '{n} blocks cite nothing.', ledger.unsourced)
            markup(escape(note), tag='p', classes='cw-small-text')


def _row_html(one: CitationView, studio: str) -> str:
    arrow = icon('arrow_forward', 'cw-i-xs cw-flips')
    document = f'/knowledge/{one.document_id}?page={one.page}'
    place = _('{document}, p. {page}', document=one.document_name, page=one.page)
    block = f'{studio}?lesson={one.lesson_id}&block={one.block_id}' if studio else ''
    to_block = f'<a{attributes(href=block)}>{escape(one.lesson)}{arrow}</a>' if block else escape(one.lesson)
    state = 'passed' if one.resolves else 'blocks'
    words = None if one.resolves else _('not on its page')
    approved = ''
    if one.approver and one.approved_at is not None:
        approved = f'{escape(_("approved by {name}", name=one.approver))}, {when_html(one.approved_at)}'
    return (
        f'<li class="cw-finding"><span>{status_html(state, words, word=not one.resolves)}</span>'
        f'<div><p class="cw-excerpt cw-quoted">{escape(one.quote)}</p>'
        f'<p class="cw-line cw-close">{origin_html(one.origin)} {approved}</p>'
        f'<p><a{attributes(href=document)}>{escape(place)}{arrow}</a></p></div>{to_block}</li>'
    )
