"""How an outline looks: modules, lessons, and the one lesson that is open for editing.

What can be operated carries `data-do` or `data-set` with the row it is of in `data-of`; outline_tree listens.
`data-key` names it, so that the focus finds its way back after the outline is drawn anew.
"""

from dataclasses import dataclass

from components.i18n import _, duration, ngettext
from components.markup import attributes, escape, icon
from components.outline_edits import LessonRow, ModuleRow, Modules, ObjectiveRow


@dataclass(frozen=True, kw_only=True)
class OutlineDrawing:
    """`chosen` is the open lesson, `objective` the objective being written; both '' if there is none."""

    chosen: str = ''
    objective: str = ''
    folded: frozenset[str] = frozenset()
    frozen: bool = False

    def html(self, modules: Modules) -> str:
        return ''.join(self._module(number, module) for number, module in enumerate(modules, start=1))

    def _module(self, number: int, module: ModuleRow) -> str:
        folded = module.id in self.folded
        count = (
            f'<small>{escape(ngettext("{n} lesson", "{n} lessons", len(module.lessons)))}</small>'
            if folded
            else '<small></small>'
        )
        fold = _button(
            'fold',
            module.id,
            'chevron_right' if folded else 'expand_more',
            _('Open or close {name}', name=module.title),
            expanded=not folded,
        )
        tools = self._tools(module.id, module.title, adds=_('Add a lesson'))
        name = self._name(module.id, module.title)
        row = (
            f'<div class="cw-tree-row" data-row="{module.id}">{self._grip()}{fold}<span '
            f'class="cw-tree-no">{number}</span>{name}'
            f'<span class="cw-tree-tools">{tools}{count}</span><span '
            f'class="cw-mins">{escape(duration(module.minutes))}</span></div>'
        )
        lessons = (
            ''
            if folded
            else ''.join(self._lesson(f'{number}.{n}', lesson) for n, lesson in enumerate(module.lessons, start=1))
        )
        return f'<div class="cw-tree-module">{row}{lessons}</div>'

    def _lesson(self, number: str, lesson: LessonRow) -> str:
        if lesson.id == self.chosen:
            return self._open_lesson(number, lesson)
        marks = (
            f'<span class="cw-tree-count">{icon("chat_bubble", "cw-i-xs")}<b>{lesson.comments}</b></span>'
            if lesson.comments
            else ''
        )
        aims = _('{n} objectives', n=len(lesson.objectives))
        marks += (
            f'<span class="cw-tree-count" title="{escape(aims)}">{icon("target", "cw-i-xs")}<span '
            f'class="cw-sr">{escape(aims)}</span><span aria-hidden="true">{len(lesson.objectives)}</span></span>'
        )
        given = attributes(
            type='button',
            class_='cw-tree-name',
            data_do='choose',
            data_of=lesson.id,
            data_key=f'row-{lesson.id}',
            aria_expanded='false',
        )
        return (
            f'<div class="cw-tree-lesson"><div class="cw-tree-row" '
            f'data-row="{lesson.id}">{self._grip()}<span class="cw-tree-no">{number}</span>'
            f'<button{given}>{escape(lesson.title)}</button><span class="cw-line cw-close">{marks}</span>'
            f'<span class="cw-mins">{lesson.minutes}<span class="cw-sr"> {escape(_("minutes"))}'
            f'</span></span></div></div>'
        )

    def _open_lesson(self, number: str, lesson: LessonRow) -> str:
        title = _input(
            'title',
            lesson.id,
            lesson.title,
            _('Title of lesson {number}', number=number),
            'cw-input cw-tree-title',
            self.frozen,
        )
        minutes = _input(
            'minutes',
            lesson.id,
            str(lesson.minutes),
            _('Minutes of lesson {number}', number=number),
            'cw-input cw-tree-minutes cw-num',
            self.frozen,
        )
        tools = (
            ''
            if self.frozen
            else _button('add-objective', lesson.id, 'add', _('Add an objective'))
            + self._tools(lesson.id, lesson.title)
        )
        close = _button(
            'choose',
            lesson.id,
            'expand_less',
            _('Close lesson {number}', number=number),
            expanded=True,
            key=f'row-{lesson.id}',
        )
        aims = ''.join(self._objective_html(n, aim) for n, aim in enumerate(lesson.objectives, start=1))
        lead = f'<p class="cw-label">{escape(_("After this lesson a learner can"))}</p>' if aims else ''
        return (
            f'<div class="cw-tree-lesson cw-chosen"><div class="cw-tree-edit"><div class="cw-line" '
            f'data-row="{lesson.id}">{self._grip()}'
            f'<span class="cw-tree-no">{number}</span>{title}{minutes}<span '
            f'class="cw-small-text">{escape(_("min"))}</span>{tools}{close}</div>'
            f'<div class="cw-aims">{lead}<ol class="cw-objectives">{aims}</ol></div></div></div>'
        )

    def _objective_html(self, number: int, aim: ObjectiveRow) -> str:
        if aim.id == self.objective and not self.frozen:
            words = _input('objective', aim.id, aim.text, _('Objective {n}', n=number), 'cw-input', False)
        else:
            first, _blank, rest = aim.text.partition(' ')
            shown = f'<b>{escape(first)}</b> {escape(rest)}'
            given = attributes(
                type='button',
                class_='cw-aim',
                data_do='edit-objective',
                data_of=aim.id,
                data_key=f'aim-{aim.id}',
                aria_label=_('Change: {text}', text=aim.text),
            )
            words = f'<span>{shown}</span>' if self.frozen else f'<button{given}>{shown}</button>'
        cite = attributes(type='button', class_='cw-cite', data_do='source', data_of=aim.id, data_key=f'cite-{aim.id}')
        source = (
            f'<button{cite}>{icon("link", "cw-i-xs")}{escape(aim.source)}</button>' if aim.source else '<span></span>'
        )
        return f'<li><span>{number}</span>{words}{source}</li>'

    def _name(self, of: str, title: str) -> str:
        if self.frozen:
            return f'<span class="cw-tree-name">{escape(title)}</span>'
        return _input('title', of, title, _('Title of the module'), 'cw-tree-input', False)

    def _tools(self, of: str, name: str, adds: str = '') -> str:
        if self.frozen:
            return ''
        more = _button('add', of, 'add', adds) if adds else ''
        return (
            f'{more}{_button("up", of, "arrow_upward", _("Move {name} up", name=name))}'
            f'{_button("down", of, "arrow_downward", _("Move {name} down", name=name))}'
            f'{_button("delete", of, "delete", _("Delete {name}", name=name))}'
        )

    def _grip(self) -> str:
        return (
            ''
            if self.frozen
            else f'<span class="cw-tree-grip" draggable="true" aria-hidden="true">{icon("drag_indicator")}</span>'
        )


def _button(do: str, of: str, symbol: str, label: str, *, expanded: bool | None = None, key: str = '') -> str:
    given = attributes(
        type='button', class_='cw-btn cw-icon-btn cw-small', data_do=do, data_of=of, data_key=key or f'{do}-{of}',
        aria_label=label, title=label,
        aria_expanded=None if expanded is None else str(expanded).lower(),
    )  # fmt: skip
    return f'<button{given}>{icon(symbol)}</button>'


def _input(do: str, of: str, value: str, label: str, classes: str, disabled: bool) -> str:
    mode = 'numeric' if do == 'minutes' else None
    given = attributes(
        class_=classes,
        value=value,
        data_set=do,
        data_of=of,
        data_key=f'{do}-{of}',
        aria_label=label,
        inputmode=mode,
        readonly=disabled,
        autocomplete='off',
    )
    return f'<input{given}>'
