"""Where the code leads people: an address that was put together has been looked at first."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

_OPENS_ADDRESS = ('href="', "href='", 'src="', "src='", 'action="')


def wrong_addresses(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What came from elsewhere may begin with `javascript:`; `attributes(href=…)` and safe_link know that."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (target := _target(node)) is not None and not _known(target, tree):
            yield node.lineno, 'an address that was put together goes through services.links.safe_link'
        elif isinstance(node, ast.JoinedStr):
            for before, value in pairwise(node.values):
                text = before.value if isinstance(before, ast.Constant) else ''
                if str(text).endswith(_OPENS_ADDRESS) and isinstance(value, ast.FormattedValue):
                    yield node.lineno, 'an address in markup is written by attributes(href=…)'


def last_word(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ''


def _target(call: ast.Call) -> ast.expr | None:
    """Of ui.navigate.to(address) and ui.link(text, address)."""
    owner = last_word(call.func.value) if isinstance(call.func, ast.Attribute) else ''
    if (owner, last_word(call.func)) not in (('navigate', 'to'), ('ui', 'link')):
        return None
    return next((one.value for one in call.keywords if one.arg == 'target'), call.args[-1] if call.args else None)


def _known(address: ast.expr, tree: ast.Module) -> bool:
    """Leads home, or is a name that only such addresses were given to."""
    if not isinstance(address, ast.Name) or address.id.isupper():
        return _leads_home(address)
    given = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and address.id in map(last_word, node.targets)
    ]
    return bool(given) and all(map(_leads_home, given))


def _leads_home(address: ast.expr) -> bool:
    """Written out, begun with a path of ours or the constant of one, or asked of a function that gives such."""
    if isinstance(address, ast.JoinedStr) and address.values:
        first = address.values[0]
        if isinstance(first, ast.FormattedValue):
            return isinstance(first.value, ast.Name) and first.value.id.isupper()
        return isinstance(first, ast.Constant) and re.match(r'/[a-z]', str(first.value)) is not None
    if isinstance(address, ast.Call):
        return last_word(address.func) == 'safe_link' or last_word(address.func).endswith('_path')
    return isinstance(address, ast.Constant) or last_word(address).isupper()
