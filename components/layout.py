"""Boxes: a page, things under each other, things beside each other."""

from typing import Literal, Self

from nicegui import ui


class page(ui.element):
    """The content of one screen, in a readable width; put a `page_header` first. `narrow` for forms, `dense` for
    lists."""

    def __init__(self, *, narrow: bool = False, dense: bool = False) -> None:
        super().__init__('div')
        self.classes('cw-page' + (' cw-narrow' if narrow else '') + (' cw-dense' if dense else ''))


class stack(ui.element):
    """Things under each other: 'loose' 24, 'tight' 16, 'close' 8."""

    def __init__(self, gap: Literal['loose', 'tight', 'close'] = 'loose') -> None:
        super().__init__('div')
        self.classes(f'cw-stack cw-{gap}')


class line(ui.element):
    """Things beside each other that wrap; a child with the class 'cw-push' goes to the far end."""

    def __init__(self, gap: Literal['loose', 'close'] = 'loose') -> None:
        super().__init__('div')
        self.classes(f'cw-line cw-{gap}')


class columns(ui.element):
    """Beside each other above 1024 px, one after the other below: 'side' (main and 340 px), 'even', 'wide' (2:3)."""

    def __init__(self, shape: Literal['side', 'even', 'wide'] = 'side') -> None:
        super().__init__('div')
        self.classes(f'cw-columns cw-{shape}')


class boxed(ui.element):
    """A part with something of its own around its content: `with` and `clear()` mean the inner box, `body`."""

    body: ui.element

    def __enter__(self) -> Self:
        self.body.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self.body.__exit__(*raised)

    def clear(self) -> Self:
        self.body.clear()
        return self
