"""The outline, edited in place: names, minutes, order, objectives. Drawn as one element, kept on the server."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from nicegui import events

from components.i18n import _
from components.markup import markup
from components.outline_drawing import OutlineDrawing
from components.outline_edits import (
    LessonRow,
    ModuleRow,
    Modules,
    dropped,
    lesson_added,
    mapped,
    moved,
    objective_added,
    with_objective,
    without,
)


class outline_tree(markup):
    """`outline_tree(modules, on_change=keep, on_choose=show_comments, on_source=show_page)`

    `on_change(modules)` gets the whole outline after every edit; new rows have ids that begin with 'new-'.
    `on_choose(lesson id or '')` follows the open lesson. `frozen` shows it without editing. `.add_module()` for a
    button in the card's head, `.modules` for what it holds now, `.show_outline(modules)` to replace it.
    """

    def __init__(
        self, modules: Sequence[ModuleRow], *, on_change: Callable[[Modules], Any],
        on_choose: Callable[[str], Any] | None = None,
        on_source: Callable[[str], Any] | None = None, frozen: bool = False, chosen: str = '',
    ) -> None:  # fmt: skip
        self.modules: Modules = tuple(modules)
        self._on_change, self._on_choose, self._on_source, self._frozen = on_change, on_choose, on_source, frozen
        self._chosen, self._objective, self._folded = chosen, '', set[str]()
        super().__init__(self._html(), classes='cw-tree')
        self.on('tree', self._hear, js_handler='(event) => emit(event.detail)')
        self.on('vnodeMounted', js_handler=_HANDS % self.id)

    def show_outline(self, modules: Sequence[ModuleRow]) -> None:
        self.modules = tuple(modules)
        self._draw()

    def add_module(self) -> Any:
        module = ModuleRow(id=_new(), title=_('New module'))
        return self._change((*self.modules, module))

    def _hear(self, event: events.GenericEventArguments) -> Any:
        match event.args:
            case ['fold', str(of)]:
                self._folded ^= {of}
                self._draw()
            case ['choose', str(of)]:
                return self._choose('' if of == self._chosen else of)
            case ['source', str(of)]:
                return self._on_source(of) if self._on_source else None
            case _ if self._frozen:
                return None
            case ['title', str(of), str(words)] if words.strip():
                return self._change(mapped(self.modules, of, title=words.strip()[:200]))
            case ['minutes', str(of), str(words)] if words.strip().isdigit():
                return self._change(mapped(self.modules, of, minutes=min(600, int(words))))
            case ['objective', str(of), str(words)]:
                self._objective = ''
                return self._change(with_objective(self.modules, of, words.strip()))
            case ['edit-objective', str(of)]:
                self._objective = of
                self._draw()
            case ['add-objective', str(of)]:
                self._objective = _new()
                return self._change(objective_added(self.modules, of, self._objective))
            case ['delete', str(of)]:
                return self._change(without(self.modules, of))
            case ['add', str(of)]:
                return self._add(of)
            case ['up' | 'down' as way, str(of)]:
                return self._change(moved(self.modules, of, -1 if way == 'up' else 1))
            case ['drop', str(of), str(onto), bool(after)]:
                return self._change(dropped(self.modules, of, onto, after))
        return None

    def _choose(self, lesson: str) -> Any:
        self._chosen, self._objective = lesson, ''
        self._draw()
        return self._on_choose(lesson) if self._on_choose else None

    def _add(self, of: str) -> Any:
        lesson = LessonRow(id=_new(), title=_('New lesson'), minutes=15)
        self._chosen = lesson.id
        self._folded -= {of}
        return self._change(lesson_added(self.modules, of, lesson))

    def _change(self, modules: Modules) -> Any:
        if modules == self.modules:
            self._draw()
            return None
        self.modules = modules
        self._draw()
        return self._on_change(modules)

    def _draw(self) -> None:
        self.show(self._html())

    def _html(self) -> str:
        return OutlineDrawing(
            chosen=self._chosen, objective=self._objective, folded=frozenset(self._folded), frozen=self._frozen
        ).html(self.modules)


def _new() -> str:
    return f'new-{uuid4()}'


_HANDS = """() => {
    const root = getHtmlElement(%d); if (root.cwHands) return; root.cwHands = true;
    const tell = (...detail) => root.dispatchEvent(new CustomEvent('tree', {detail}));
    let key = '', dragged = '';
    root.addEventListener('focusin', (e) => key = e.target.dataset.key || key);
    new MutationObserver(() => {
        if (document.activeElement && document.activeElement !== document.body) return;
        const again = key && [...root.querySelectorAll('[data-key]')].find((one) => one.dataset.key === key);
        again?.focus?.({preventScroll: true});
    }).observe(root, {childList: true});
    root.addEventListener('click', (e) => {
        const part = e.target.closest('[data-do]');
        if (part) { key = part.dataset.do === 'edit-objective' ? 'objective-' + part.dataset.of : part.dataset.key;
            tell(part.dataset.do, part.dataset.of); }
    });
    root.addEventListener('change', (e) => e.target.dataset.set && tell(e.target.dataset.set, e.target.dataset.of,
        e.target.value));
    root.addEventListener('keydown', (e) => {
        if (e.key === 'Enter' && e.target.dataset.set) return e.target.blur();
        if (!e.altKey || !['ArrowUp', 'ArrowDown'].includes(e.key)) return;
        const row = e.target.closest('[data-row]');
        if (row) { e.preventDefault(); tell(e.key === 'ArrowUp' ? 'up' : 'down', row.dataset.row); }
    });
    root.addEventListener('dragstart', (e) => { dragged = e.target.closest('[data-row]')?.dataset.row || ''; });
    root.addEventListener('dragover', (e) => {
        const row = e.target.closest('[data-row]');
        if (!dragged || !row) return;
        e.preventDefault();
        root.querySelectorAll('.cw-ghost').forEach((one) => one.classList.remove('cw-ghost'));
        row.classList.add('cw-ghost');
    });
    root.addEventListener('drop', (e) => {
        const row = e.target.closest('[data-row]');
        if (!dragged || !row) return;
        e.preventDefault();
        const box = row.getBoundingClientRect();
        tell('drop', dragged, row.dataset.row, e.clientY > box.top + box.height / 2);
        dragged = '';
    });
    root.addEventListener('dragend', () => { dragged = '';
        root.querySelectorAll('.cw-ghost').forEach((one) => one.classList.remove('cw-ghost')); });
}"""
