"""Every sentence can be found by whoever translates it."""

import ast
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from tests.messages import ROOT, TEMPLATE, catalogue, sentences

TRANSLATING = {'_': 1, 'ngettext': 2}
FILES = [path for package in ('components', 'pages') for path in sorted((ROOT / package).rglob('*.py'))]
# `translated()` hands on what services say
SIGNED = {'components/i18n.py': 1}


def not_written_out(tree: ast.Module) -> Iterator[int]:
    """Lines where `_()` or `ngettext()` is given something else than a sentence between quotes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATING:
            given = node.args[: TRANSLATING[node.func.id]]
            if not all(isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value for one in given):
                yield node.lineno


def test_every_sentence_of_a_screen_is_written_out_where_it_is_translated() -> None:
    found = {path.relative_to(ROOT).as_posix(): list(not_written_out(ast.parse(path.read_text()))) for path in FILES}
    assert {path: lines for path, lines in found.items() if len(lines) > SIGNED.get(path, 0)} == {}


@pytest.mark.parametrize('call', ['_(name)', "_(f'{n} pages')", "_('a' + name)", "_('')", "ngettext('{n} page', x, 2)"])
def test_a_sentence_put_together_on_the_way_is_noticed(call: str) -> None:
    assert list(not_written_out(ast.parse(call))) == [1]


def test_the_template_holds_what_screens_and_services_say() -> None:
    known = {message.id for message in catalogue()}
    assert 'Send back' in known
    assert ('{n} lesson', '{n} lessons') in known
    assert 'There is nothing here, or it is not yours to see.' in known


def test_docstrings_and_parts_of_sentences_are_not_for_translators() -> None:
    tree = ast.parse('"""A module of words."""\nfault = f"Page {n} of many"\nraise Refused("Say what should change.")')
    assert list(sentences(tree)) == [('Say what should change.', 3)]


def test_the_template_can_be_read_back() -> None:
    with TEMPLATE.open('rb') as file:
        assert len(read_po(file)) > 500
