"""The four collections and the line of quality: which documents serve what, and which none."""

from components.action import action
from components.button import button
from components.card import card
from components.field import number_field
from components.frame import here
from components.i18n import _, ngettext, number, percent
from components.layout import page, stack
from components.live import live, refresh_later
from components.markup import attributes, escape, markup
from components.notice import toast
from components.page_header import page_header
from components.skeleton import skeleton_html
from pages.areas import area_links
from pages.knowledge.wording import collection_name, collection_purpose
from services.knowledge.collections import COURSE_KNOWLEDGE, INTERACTIONS
from services.knowledge.figures import CollectionFigures, Figures, Wishes
from services.platform import Services
from services.viewer import Permission, Viewer

PATH = '/knowledge/collections'


def index(viewer: Viewer, services: Services) -> None:
    here((_('Knowledge'), '/knowledge'), _('Collections'), nav='/knowledge')
    with page():
        page_header(_('Collections'), subtitle=_('What serves what. A document is in one collection at a time.'))
        area_links(viewer, 'knowledge', PATH)
        with stack():
            shelves = markup(skeleton_html(4), classes='cw-collections')
            with card(_('The line of quality')):
                _build_line(viewer, services)

    async def refresh() -> None:
        shelves.show(_collections_html(await services.knowledge.read(viewer)))

    live(shelves, services.bus, f'documents:{viewer.organization_id}', refresh)
    refresh_later(shelves, refresh)


def _build_line(viewer: Viewer, services: Services) -> None:
    """A number for administrators, a sentence for everybody else."""
    scored = _(
        'Every document gets a score from 0 to 100 when it is read: whole sentences, readable letters, headings, '
        'a known language, and nothing that stands elsewhere already.'
    )
    markup(f'<p>{escape(scored)}</p>')
    told = markup(classes='cw-small-text')
    asked = stack('close')

    async def refresh() -> None:
        wishes = await services.knowledge.wishes(viewer)
        figures = await services.knowledge.read(viewer)
        told.show(_line_html(wishes, figures))

    if viewer.may(Permission.ORGANIZATION_MANAGE):
        with asked:
            line = number_field(
                _('Pass over documents below'),
                minimum=0,
                maximum=100,
                help=_('0 passes over nothing. On its page, a single document can be taken anyway.'),
            )

            @action(fields={'quality_line': line})
            async def save() -> None:
                wishes = await services.knowledge.wishes(viewer)
                typed = int(line.value) if isinstance(line.value, int | float) else -1
                await services.knowledge.wish(viewer, Wishes(quality_line=typed, learns=wishes.learns))
                toast(_('The line is {line} now.', line=number(typed)))

            button(_('Save'), on_click=save)

        async def fill() -> None:
            line.value = (await services.knowledge.wishes(viewer)).quality_line

        refresh_later(asked, fill)
    live(told, services.bus, f'documents:{viewer.organization_id}', refresh)
    refresh_later(told, refresh)


def _line_html(wishes: Wishes, figures: Figures) -> str:
    if wishes.quality_line == 0:
        return escape(_('No line is drawn: drafts and searches take every document.'))
    return escape(
        ngettext(
            'Below {line}, drafts and searches pass a document over: {n} document at the moment.',
            'Below {line}, drafts and searches pass a document over: {n} documents at the moment.',
            figures.below_the_line,
            line=number(wishes.quality_line),
        )
    )


def _collections_html(figures: Figures) -> str:
    return ''.join(_collection_html(one, figures.days) for one in figures.collections)


def _collection_html(one: CollectionFigures, days: int) -> str:
    kept = [
        ngettext('{n} document', '{n} documents', one.documents),
        ngettext('{n} passage', '{n} passages', one.passages),
    ]
    if one.name == COURSE_KNOWLEDGE:
        kept.insert(0, ngettext('{n} lesson', '{n} lessons', one.entries))
    elif one.name == INTERACTIONS:
        kept.insert(0, ngettext('{n} question', '{n} questions', one.entries))
    asked = ''
    if one.queries:
        asked = _(
            'asked {n} times in {days} days, answered {share}',
            n=number(one.queries),
            days=number(days),
            share=percent(one.hits / one.queries),
        )
    link = attributes(href=f'/knowledge?collection={one.name}')
    note = f'<p class="cw-meta">{escape(asked)}</p>' if asked else ''
    return (
        f'<section class="cw-card cw-collection"><h2><a{link}>{escape(collection_name(one.name))}</a></h2>'
        f'<code class="cw-meta">{escape(one.name)}</code>'
        f'<p class="cw-small-text">{escape(collection_purpose(one.name))}</p>'
        f'<p><b>{escape(", ".join(kept))}</b></p>{note}</section>'
    )
