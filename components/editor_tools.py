"""The toolbar of the editor: buttons named after what static/js/editor/tools.js does."""

from components.i18n import _
from components.markup import attributes, escape, icon

CALLOUTS = ('note', 'tip', 'warning', 'danger', 'example')
LANGUAGES = (
    'bash', 'c', 'cpp', 'css', 'go', 'html', 'java', 'javascript', 'json', 'kotlin', 'php', 'python', 'r', 'ruby',
    'rust', 'sql', 'text', 'toml', 'typescript', 'xml', 'yaml',
)  # fmt: skip
_SAME = [(name, name) for name in LANGUAGES]


def toolbar_html(*, images: bool) -> str:
    return ''.join(
        [
            _group(
                _tool('h2', 'format_h2', _('Heading'), 'Ctrl+Alt+2'),
                _tool('h3', 'format_h3', _('Smaller heading'), 'Ctrl+Alt+3'),
                _tool('h4', 'format_h4', _('Smallest heading'), 'Ctrl+Alt+4'),
                _tool('paragraph', 'format_paragraph', _('Paragraph'), 'Ctrl+Alt+0'),
            ),
            _group(
                _tool('bold', 'format_bold', _('Bold'), 'Ctrl+B'),
                _tool('italic', 'format_italic', _('Italic'), 'Ctrl+I'),
                _tool('code', 'code', _('Code in the line'), 'Ctrl+E'),
                _ask('link', 'link', _('Link'), 'Ctrl+K'),
            ),
            _group(
                _tool('ul', 'format_list_bulleted', _('List'), 'Ctrl+Shift+8'),
                _tool('ol', 'format_list_numbered', _('Numbered list'), 'Ctrl+Shift+7'),
                _tool('outdent', 'format_indent_decrease', _('Less deep'), 'Shift+Tab', of='list'),
                _tool('indent', 'format_indent_increase', _('Deeper'), 'Tab', of='list'),
            ),
            _group(
                _ask('image', 'image', _('Image')) if images else '',
                _ask('table', 'table', _('Table')),
                _tool('code_block', 'code_blocks', _('Code'), 'Ctrl+Alt+C'),
                _ask('formula', 'function', _('Formula'), 'Ctrl+Shift+M'),
                _ask('callout', 'sticky_note_2', _('Call-out')),
                _tool('quote', 'format_quote', _('Quotation'), 'Ctrl+Shift+9'),
                _tool('rule', 'horizontal_rule', _('Line')),
            ),
            _group(
                _tool('undo', 'undo', _('Undo'), 'Ctrl+Z'), _tool('redo', 'redo', _('Redo'), 'Ctrl+Y'), more='cw-push'
            ),
            _group(
                _tool('row_after', 'splitscreen_bottom', _('Add a row below')),
                _tool('row_delete', 'remove', _('Remove the row')),
                _tool('column_after', 'splitscreen_right', _('Add a column after')),
                _tool('column_delete', 'remove', _('Remove the column'), turned=True),
                _tool('header_row', 'table_rows', _('First row as headings')),
                _tool('header_column', 'view_column', _('First column as headings')),
                _tool('table_delete', 'delete', _('Remove the table')),
                of='table',
            ),
            _choice(
                'language', _('Language of the code'), [('', _('No language')), *((one, one) for one in LANGUAGES)]
            ),
            _choice('callout', _('Kind of call-out'), [*callout_words().items(), ('', _('None'))], name='kind'),
        ]
    )


def callout_words() -> dict[str, str]:
    words = (_('Note'), _('Tip'), _('Warning'), _('Danger'), _('Example'))
    return dict(zip(CALLOUTS, words, strict=True))


def _group(*tools: str, of: str = '', more: str = '') -> str:
    given = attributes(class_=f'cw-tools {more}'.strip(), data_in=of or None, hidden=bool(of))
    return f'<span{given}>{"".join(tools)}</span>'


def _tool(command: str, symbol: str, label: str, keys: str = '', *, of: str = '', turned: bool = False) -> str:
    return _button(symbol, label, keys, turned=turned, data_cmd=command, data_in=of or None, hidden=bool(of))


def _ask(act: str, symbol: str, label: str, keys: str = '') -> str:
    return _button(symbol, label, keys, data_ask=act)


def _button(symbol: str, label: str, keys: str, *, turned: bool = False, **given: str | bool | None) -> str:
    named = attributes(
        type='button', class_='cw-btn cw-icon-btn cw-small', aria_label=label,
        title=f'{label} ({keys})' if keys else label, **given,
    )  # fmt: skip
    return f'<button{named}>{icon(symbol, "cw-turned" if turned else "")}</button>'


def _choice(apply: str, label: str, choices: list[tuple[str, str]], *, name: str = '') -> str:
    given = attributes(class_='cw-tool-choice', aria_label=label, data_apply=apply, data_name=name or apply)
    options = ''.join(f'<option{attributes(value=value)}>{escape(words)}</option>' for value, words in choices)
    return f'<span class="cw-tools" data-in="{name or apply}" hidden><select{given}>{options}</select></span>'
