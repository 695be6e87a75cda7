"""The process that reads a document can die, hang or babble, and the caller gets one kind of error."""

import asyncio
import os
import signal
from pathlib import Path

import psutil
import pytest

from services.knowledge.parsing import ParserStopped, UnreadableDocument, limits, parse, sandbox
from tests.samples import documents


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if 'services.knowledge.parsing.child' in child.cmdline()]


async def child_of(task: 'asyncio.Task[object]') -> psutil.Process:
    while not (found := children()):
        assert not task.done()
        await asyncio.sleep(0.005)
    return found[0]


def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Puts another program in the place of the parser."""
    package = tmp_path / 'stand_in' / 'services' / 'knowledge' / 'parsing'
    package.mkdir(parents=True)
    for directory in (package, package.parent, package.parent.parent):
        (directory / '__init__.py').touch()
    (package / 'child.py').write_text(program, encoding='utf-8')
    environment = {'PATH': os.defpath, 'PYTHONPATH': str(tmp_path / 'stand_in')}
    monkeypatch.setattr(sandbox, '_environment', lambda: environment)


async def test_a_killed_parser_is_an_error_with_a_way_to_mend_it(tmp_path: Path) -> None:
    path = documents.large_pdf(tmp_path, pages=60)
    task = asyncio.create_task(parse(path, 'large.pdf'))
    (await child_of(task)).send_signal(signal.SIGKILL)
    with pytest.raises(ParserStopped, match=r'“large\.pdf” was stopped'):
        await task
    assert not children()


async def test_a_parser_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, 'import time; time.sleep(600)')
    with pytest.raises(ParserStopped, match='it took too long'):
        await parse(documents.HANDBOOK, 'handbook.pdf', within=0.3)
    assert not children()


async def test_a_caller_who_gives_up_leaves_no_process_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, 'import time; time.sleep(600)')
    task = asyncio.create_task(parse(documents.HANDBOOK, 'handbook.pdf'))
    await child_of(task)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not children()


@pytest.mark.parametrize(
    'program',
    [
        'raise SystemExit(3)',
        'print("no JSON at all")',
        'print("{}")',
        """print('{"page": {"number": 1, "text": "half a"')""",
        """print('{"page": {"number": 1, "text": "the rest never comes"}}')""",
        """print('{"refused": "SomethingElse", "message": "", "params": {}}')""",
        """print('{"document": {}}')""",
        """print('[1]')""",
    ],
)
async def test_an_answer_that_makes_no_sense_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    stand_in(tmp_path, monkeypatch, program)
    with pytest.raises(ParserStopped):
        await parse(documents.HANDBOOK, 'handbook.pdf')


async def test_a_parser_that_wants_too_much_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(
        tmp_path,
        monkeypatch,
        f"""
import importlib, sys
sys.path[:0] = {[str(Path(__file__).parents[2])]!r}
for name in [name for name in sys.modules if name.startswith('services')]:
    del sys.modules[name]
sys.path.remove({str(tmp_path / 'stand_in')!r})
child = importlib.import_module('services.knowledge.parsing.child')
child.parse_file = lambda path, name: bytearray({2 * limits.CHILD_MEMORY_BYTES})
child.main()
""",
    )
    with pytest.raises(UnreadableDocument, match='needs more memory'):
        await parse(documents.HANDBOOK, 'handbook.pdf')


async def test_a_bomb_is_refused_with_little_memory_and_time(tmp_path: Path) -> None:
    path = documents.zip_bomb_docx(tmp_path)
    task = asyncio.create_task(parse(path, 'bomb.docx'))
    child = await child_of(task)
    most = 0
    while not task.done():
        try:
            most = max(most, child.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        await asyncio.sleep(0.01)
    with pytest.raises(UnreadableDocument):
        await task
    assert 0 < most < 256 * 1024**2


async def test_the_parser_sees_no_secret_of_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('COURSEWRIGHT_SECRET', 'hush')
    assert 'hush' not in ' '.join(sandbox._environment().values())


async def test_the_server_goes_on_while_a_document_is_read(tmp_path: Path) -> None:
    path = documents.large_pdf(tmp_path, pages=40)
    shares: list[float] = []
    task = asyncio.create_task(parse(path, 'large.pdf', hear=shares.append))
    turns = 0
    while not task.done():
        await asyncio.sleep(0.005)
        turns += 1
    assert len((await task).pages) == 40
    assert turns > 20
    assert shares == [25 / 40]


async def test_documents_are_read_side_by_side() -> None:
    names = ['working-at-height.docx', 'manual-handling.pptx', 'fire-extinguishers.html']
    read = await asyncio.gather(*(parse(documents.HANDBOOKS / name, name) for name in names))
    assert [len(document.pages) > 1 for document in read] == [True, True, True]
