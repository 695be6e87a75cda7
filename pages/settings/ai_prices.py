"""What models cost: the installation's table, and prices of one's own."""

from components.action import action
from components.button import button, icon_button_html
from components.card import card
from components.field import number_field, text_field
from components.frame import here
from components.i18n import _, number
from components.layout import line, page
from components.live import refresh_later
from components.markup import escape, markup
from components.notice import toast
from components.page_header import page_header
from pages.areas import area_links
from services.ai.prices import MICROS
from services.ai.settings import PriceView
from services.platform import Services
from services.viewer import Viewer


async def index(viewer: Viewer, services: Services) -> None:
    here((_('Settings'), '/settings'), (_('AI'), '/settings/ai'), _('Prices'), nav='/settings')
    currency = (await services.ai.get(viewer)).currency
    with page(narrow=True):
        page_header(_('Prices'), subtitle=_('What a model costs, so that calls and caps can be counted in money'))
        area_links(viewer, 'settings', '/settings/ai')
        prices_card(viewer, services, currency)


def prices_card(viewer: Viewer, services: Services, currency: str) -> None:
    with card(_('Known prices'), note=_('{currency} for a million tokens', currency=currency)):
        note = _('A model that is not listed has no known price: its calls say so.')
        markup(f'<p class="cw-small-text">{escape(note)}</p>')
        table = markup(classes='cw-scroll', on_act=lambda act, of: remove(of))
    with card(_('Your own price'), note=_('takes the place of the list’s')):
        model = text_field(_('Name of the model'), placeholder='gpt-5-mini', limit=120)
        read = number_field(_('Read'), unit=currency, minimum=0, step=0.01)
        written = number_field(_('Written'), unit=currency, minimum=0, step=0.01)

        @action(fields={'model': model, 'input': read, 'output': written})
        async def save() -> None:
            name = str(model.value or '').strip()
            await services.ai.set_price(viewer, name, input=read.value, output=written.value)
            toast(_('Calls of {model} are counted with this price from now on.', model=name))
            model.value, read.value, written.value = '', None, None
            await show()

        with line('close'):
            button(_('Save price'), on_click=save)

    async def show() -> None:
        table.show(_table_html(await services.ai.prices(viewer)))

    @action
    async def remove(name: str) -> None:
        kept = next((one for one in await services.ai.prices(viewer) if one.own and one.model == name), None)
        await services.ai.remove_price(viewer, name)
        await show()

        async def undo() -> None:
            if kept is not None:
                await services.ai.set_price(
                    viewer, name, input=kept.input_micros / MICROS, output=kept.output_micros / MICROS
                )
                await show()

        toast(_('The price of {model} is forgotten.', model=name), undo=undo)

    refresh_later(table, show)


def _table_html(prices: list[PriceView]) -> str:
    heads = (_('Model'), _('Read'), _('Written'), _('From'), '')
    head = ''.join(f'<th scope="col">{escape(words)}</th>' if words else '<td></td>' for words in heads)
    rows = ''.join(map(_row, prices))
    return f'<table class="cw-plain-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(one: PriceView) -> str:
    label = _('Forget the price of {model}', model=one.model)
    cells = (
        escape(one.model),
        escape(number(one.input_micros / MICROS, 2)),
        escape(number(one.output_micros / MICROS, 2)),
        escape(_('own') if one.own else _('list')),
        icon_button_html('delete', label, 'remove', one.model) if one.own else '',
    )
    return f'<tr>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
